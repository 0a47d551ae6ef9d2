"""From a marked image one reads how it was turned, moved, resized, mirrored and lightened."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from helpers.checks import marks
from helpers.warping import _resampled

COPIES = 40


def changed(image: NDArray[Any], rng: np.random.Generator, size: float = 1.0) -> tuple[Any, Any, Any]:
    """Copies of a marked image, turned by up to 15° and then moved; and their degrees and moves."""
    degrees = rng.uniform(-15, 15, COPIES)
    moves = rng.uniform((-2, -5), (2, 5), (COPIES, 2))
    copies = np.repeat(image[None], COPIES, axis=0)
    return _resampled(copies, moves, np.radians(degrees), np.full(COPIES, size)), degrees, moves


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("light", [-0.2, 0.0, 0.2])
def test_turns_moves_and_light_are_read_off_three_dots(seed: int, light: float) -> None:
    rng = np.random.default_rng(seed)
    corners = marks.triangle(rng)
    images, degrees, moves = changed(marks.marked(corners), rng)
    reading = marks.read(np.clip(images + light, 0, 1), corners)
    assert reading.found.all()
    assert not reading.dark.any()
    assert not reading.mirrored.any()
    np.testing.assert_allclose(reading.turned, degrees, atol=1.0)
    np.testing.assert_allclose(reading.moved, moves, atol=0.2)
    np.testing.assert_allclose(reading.size, 1, atol=0.04)
    np.testing.assert_allclose(reading.lighter, light, atol=0.02)
    assert reading.misfit.max() < 0.2


@pytest.mark.parametrize("seed", range(3))
def test_a_move_before_the_turn_is_told_from_one_after_it(seed: int) -> None:
    corners = marks.triangle(np.random.default_rng(seed))
    image = marks.marked(corners)[None]
    still, unturned = np.zeros((1, 2)), np.zeros(1)
    moved = _resampled(image, np.array([[2.0, -4.0]]), unturned, np.ones(1))
    reading = marks.read(_resampled(moved, still, np.radians([14.0]), np.ones(1)), corners)
    np.testing.assert_allclose(reading.moved_before, [[2, -4]], atol=0.15)
    assert np.abs(reading.moved - [[2, -4]]).max() > 0.5


@pytest.mark.parametrize("size", [0.85, 1.15])
def test_a_size_is_read(size: float) -> None:
    rng = np.random.default_rng(0)
    corners = marks.triangle(rng)
    images, *_ = changed(marks.marked(corners), rng, size)
    reading = marks.read(images, corners)
    np.testing.assert_allclose(reading.size[reading.found], size, atol=0.05)


@pytest.mark.parametrize("axis", [1, 2])
@pytest.mark.parametrize("seed", range(3))
def test_mirror_images_are_recognised(seed: int, axis: int) -> None:
    rng = np.random.default_rng(seed)
    corners = marks.triangle(rng)
    images, *_ = changed(marks.marked(corners), rng)
    reading = marks.read(np.flip(images, axis), corners)
    assert reading.mirrored.all()
    assert reading.misfit.max() < 0.2


def test_half_a_turn_is_no_mirror_image() -> None:
    corners = marks.triangle(np.random.default_rng(0))
    reading = marks.read(marks.marked(corners)[None, ::-1, ::-1], corners)
    assert not reading.mirrored.any()
    assert abs(reading.turned[0]) == pytest.approx(180, abs=0.5)


def test_what_is_bent_misses_its_shape() -> None:
    corners = marks.triangle(np.random.default_rng(0))
    bent = marks.marked(corners + 0.5 * corners.imag)
    assert marks.read(bent[None], corners).misfit[0] > 0.5


def test_white_edges_are_no_dots() -> None:
    corners = marks.triangle(np.random.default_rng(0))
    image = marks.marked(corners)[None].copy()
    image[:, :, :4] = 1
    reading = marks.read(image, corners)
    assert reading.found.all()
    assert reading.lighter[0] == pytest.approx(0, abs=1e-6)


def test_dots_that_are_gone_are_not_found() -> None:
    corners = marks.triangle(np.random.default_rng(0))
    image = marks.marked(corners)
    cut = image.copy()
    cut[:14] = 0
    reading = marks.read(np.stack([np.zeros_like(image), cut]), corners)
    assert not reading.found.any()
    assert reading.dark.tolist() == [True, False]
