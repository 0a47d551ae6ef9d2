"""Kernels and their spread are drawn as they are, untrained beside trained on one scale."""

from __future__ import annotations

import numpy as np
import pytest

from helpers.plotting import PlottingError, kernels, weight_histograms
from tests.plotting.drawing import check_readable, legend

RANDOM = np.random.default_rng(0)
FIRST = RANDOM.normal(size=(3, 3, 1, 16))
DEEPER = RANDOM.normal(size=(3, 3, 16, 32))


def test_untrained_kernels_stand_beside_trained_ones_on_one_scale() -> None:
    figure = kernels(2 * FIRST, FIRST)
    untrained, trained, bar = figure.figure.axes
    assert (untrained.get_title(), trained.get_title()) == ("untrained", "trained")
    for axes, weights in ((untrained, FIRST), (trained, 2 * FIRST)):
        for index, drawn in enumerate(axes.images):
            assert np.allclose(drawn.get_array(), weights[:, :, 0, index])
            assert drawn.get_clim() == pytest.approx((-np.abs(2 * FIRST).max(), np.abs(2 * FIRST).max()))
        assert len(axes.images) == 16
    assert "weight" in bar.get_ylabel()
    assert "16 kernels of 3 by 3 weights, untrained from" in figure.alt
    check_readable(figure)


def test_a_kernel_with_channels_has_a_column_and_each_channel_a_row() -> None:
    axes = kernels(DEEPER, filters=8, channels=4).figure.axes[0]
    assert len(axes.images) == 32
    assert np.allclose(axes.images[0].get_array(), DEEPER[:, :, 0, 0])
    assert np.allclose(axes.images[1].get_array(), DEEPER[:, :, 0, 1])
    assert np.allclose(axes.images[8].get_array(), DEEPER[:, :, 1, 0])
    first, right, below = (axes.images[index].get_extent() for index in (0, 1, 8))
    assert right[0] > first[0]
    assert right[2] == first[2]
    assert below[2] > first[2]
    assert below[0] == first[0]


def test_the_words_say_how_much_of_a_deep_kernel_is_shown() -> None:
    figure = kernels(DEEPER, DEEPER, filters=8, channels=6)
    assert "8 kernels of 3 by 3 weights, 6 of the 16 channels of each" in figure.alt
    check_readable(figure)


def test_each_layer_has_a_histogram_over_that_before_training() -> None:
    figure = weight_histograms({"a": 2 * FIRST, "b": DEEPER}, {"a": FIRST, "b": DEEPER}, title="Spread")
    axes = figure.figure.axes
    assert [one.get_title() for one in axes] == ["a (144)", "b (4,608)"]
    assert legend(figure) == ["untrained", "trained"]
    before, after = axes[0].patches
    assert before.get_data().values.sum() == pytest.approx(100)
    assert after.get_data().values.sum() == pytest.approx(100)
    assert np.allclose(before.get_data().edges, after.get_data().edges)
    assert f"a from {FIRST.std():.3f} to {2 * FIRST.std():.3f}" in figure.alt
    check_readable(figure)


def test_a_histogram_does_without_what_was_before() -> None:
    figure = weight_histograms(dict.fromkeys("abcde", FIRST))
    assert legend(figure) == []
    assert len([axes for axes in figure.figure.axes if axes.get_visible()]) == 5


def test_what_cannot_be_drawn_is_named() -> None:
    with pytest.raises(PlottingError, match=r"\(height, width, channels, filters\)"):
        kernels(np.zeros((3, 3)))
    with pytest.raises(PlottingError, match="the same layer"):
        kernels(FIRST, DEEPER)
    with pytest.raises(PlottingError, match="0 layers were given"):
        weight_histograms({})
    with pytest.raises(PlottingError, match="The layers differ: a and b"):
        weight_histograms({"a": FIRST}, {"b": FIRST})
