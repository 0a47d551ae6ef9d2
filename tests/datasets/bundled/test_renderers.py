"""What all drawn images promise: the same seed draws the same ones, however many are asked for."""

from __future__ import annotations

import numpy as np
import pytest

from helpers.datasets.bundled import RENDERERS, renderer


@pytest.mark.parametrize("name", RENDERERS)
def test_a_seed_draws_the_same_images_again_and_another_seed_draws_others(name: str) -> None:
    drawing = renderer(name)
    labels = np.arange(48) % len(drawing.CLASS_NAMES)
    first = drawing.render(labels, seed=5)
    np.testing.assert_array_equal(first, drawing.render(labels, seed=5))
    others = drawing.render(labels, seed=6)
    assert all(not np.array_equal(one, other) for one, other in zip(first, others, strict=True))


@pytest.mark.slow
@pytest.mark.parametrize("name", ["digits", "fashion", "signs"])  # those of rps are drawn as signs
def test_an_image_depends_on_neither_the_number_nor_the_labels_of_those_after_it(name: str) -> None:
    drawing = renderer(name)
    labels = np.arange(2070) * 7 % len(drawing.CLASS_NAMES)
    many = drawing.render(labels, seed=2)
    for n in (1, 33, 2060):
        np.testing.assert_array_equal(many[:n], drawing.render(labels[:n], seed=2))
    changed = labels.copy()
    changed[20:] = 9
    np.testing.assert_array_equal(many[:20], drawing.render(changed, seed=2)[:20])


@pytest.mark.parametrize("name", RENDERERS)
def test_no_labels_draw_nothing(name: str) -> None:
    assert renderer(name).render(np.array([], dtype=np.int64), seed=1).shape == (0, 28, 28, 1)
