"""Feature maps are drawn layer by layer, untrained beside trained."""

from __future__ import annotations

import numpy as np
import pytest

from helpers.plotting import PlottingError, feature_maps
from tests.plotting.drawing import check_readable, five

RANDOM = np.random.default_rng(0)
TRAINED = {"first": RANDOM.random((1, 14, 14, 12)), "second": RANDOM.random((1, 7, 7, 12))}
UNTRAINED = {name: maps / 2 for name, maps in TRAINED.items()}


def test_each_layer_has_a_row_of_its_first_maps() -> None:
    figure = feature_maps(TRAINED, maps=8)
    (axes,) = figure.figure.axes
    assert len(axes.images) == 16
    for index, drawn in enumerate(axes.images):
        name = "first" if index < 8 else "second"
        assert np.allclose(drawn.get_array(), TRAINED[name][0, :, :, index % 8])
    assert [label.get_text() for label in axes.get_yticklabels()] == ["first\n14 × 14", "second\n7 × 7"]
    assert "first with 8 maps of 14 by 14" in figure.alt
    check_readable(figure)


def test_the_maps_of_a_row_share_a_scale_that_begins_at_zero() -> None:
    (axes,) = feature_maps(TRAINED, maps=8).figure.axes
    scales = {drawn.get_clim() for drawn in axes.images[:8]}
    assert scales == {(0.0, TRAINED["first"][..., :8].max())}


def test_zero_is_grey_where_there_are_values_below_it() -> None:
    (axes,) = feature_maps({"first": TRAINED["first"] - 0.8}, maps=8).figure.axes
    low, high = axes.images[0].get_clim()
    assert -low == high == pytest.approx(0.8 - TRAINED["first"][..., :8].min())


def test_untrained_maps_and_the_image_stand_beside_them() -> None:
    figure = feature_maps(TRAINED, UNTRAINED, image=five(), maps=4)
    image, before, after = figure.figure.axes
    assert np.array_equal(image.images[0].get_array(), five()[..., 0])
    assert (before.get_title(), after.get_title()) == ("untrained", "trained")
    assert np.allclose(before.images[0].get_array(), after.images[0].get_array() / 2)
    assert figure.alt.endswith("Left from the untrained network, right from the trained one.")


def test_maps_in_which_nothing_is_to_be_seen_are_counted() -> None:
    silent = TRAINED["first"].copy()
    silent[..., [0, 3]] = 0
    assert "4 maps of 14 by 14, 2 of them black" in feature_maps({"first": silent}, maps=4).alt


def test_what_cannot_be_drawn_is_named() -> None:
    with pytest.raises(PlottingError, match="0 layers were given"):
        feature_maps({})
    with pytest.raises(PlottingError, match="maps of first must have the shape"):
        feature_maps({"first": np.zeros((2, 4, 4, 3))})
    with pytest.raises(PlottingError, match="The layers differ"):
        feature_maps(TRAINED, {"first": TRAINED["first"]})
