"""Drawings of networks say what each layer puts out and how many parameters it has."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from helpers.plotting import PlottingError, network_diagram, parameter_counts
from tests.plotting.drawing import check_readable, texts
from tests.plotting.networks import convolutional


@pytest.fixture(scope="module")
def network() -> Any:
    return convolutional()


def test_a_diagram_shows_each_shape_and_its_parameters(network: Any) -> None:
    figure = network_diagram(network)
    words = texts(figure.figure.axes[0])
    assert "image" in words
    assert "Conv2D\n4 of 3 × 3" in words
    assert "10 × 10 × 4\n52 parameters\nbatch norm.\nReLU" in words  # 3·3·1·4 + 4·4
    assert "max pooling\n2 × 2" in words
    assert "5 × 5 × 4\nno parameters" in words
    assert "3 × 3 × 6\n222 parameters\nReLU" in words  # 3·3·4·6 + 6
    assert "54 values\nno parameters\ndropout 25 %" in words
    assert "Dense\n3 units" in words
    assert "3 values\n165 parameters\nsoftmax" in words
    check_readable(figure)


def test_the_parameters_in_a_diagram_are_all_that_the_network_has(network: Any) -> None:
    figure = network_diagram(network)
    assert figure.figure.get_suptitle() == f"small: {network.count_params()} parameters"
    assert f"{network.count_params()} parameters" in figure.alt
    assert "Conv2D 6 of 3 × 3 with ReLU: 3 × 3 × 6, 222 parameters" in figure.alt


def test_bodies_shrink_with_the_maps_and_grow_with_the_channels(network: Any) -> None:
    fronts = [
        patch.get_xy()
        for patch in network_diagram(network).figure.axes[0].patches
        if patch.get_facecolor()[3] == 1 and patch.get_edgecolor()[3] == 1
    ]
    heights = [float(np.ptp(corners[:, 1])) for corners in fronts]
    widths = [float(np.ptp(corners[:, 0])) for corners in fronts]
    image, first, pool, second = range(4)
    assert heights[image] > heights[first] > heights[pool] > heights[second]
    assert heights[first] / heights[pool] == pytest.approx(2)
    assert widths[image] < widths[first] < widths[second]
    assert widths[first] == pytest.approx(widths[pool])


def test_ten_layers_one_after_the_other_still_fit_on_a_page() -> None:
    import keras
    from keras import layers

    deep = [keras.Input((28, 28, 1))]
    for _ in range(3):
        deep += [
            layers.Conv2D(8, 3, padding="same"),
            layers.Conv2D(9, 3, padding="same"),
            layers.MaxPooling2D(),
        ]
    figure = network_diagram(keras.Sequential([*deep, layers.Flatten(), layers.Dense(10)]))
    assert figure.size[0] < 1500
    check_readable(figure)


def test_a_layer_called_strided_or_with_other_words_is_named() -> None:
    import keras
    from keras import layers

    model = keras.Sequential(
        [
            keras.Input((8, 8, 1)),
            layers.Rescaling(1 / 255),
            layers.Conv2D(2, 3, strides=2, padding="same"),
            layers.GlobalAveragePooling2D(),
        ]
    )
    words = texts(network_diagram(model).figure.axes[0])
    assert "8 × 8 × 1\nRescaling" in words
    assert "Conv2D\n2 of 3 × 3, stride 2" in words
    assert "global average\npooling" in words


def test_parameters_add_up_from_the_shapes_of_the_weights(network: Any) -> None:
    figure = parameter_counts(network)
    axes = figure.figure.axes[0]
    assert texts(axes) == [
        "3 · 3 · 1 · 4 = 36",
        "4 + 4 + 4 + 4 = 16",
        "3 · 3 · 4 · 6 + 6 = 222",
        "54 · 3 + 3 = 165",
    ]
    assert [bar.get_width() for bar in axes.patches] == [36, 16, 222, 165]
    labels = [label.get_text() for label in axes.get_yticklabels()]
    assert labels == ["first", "normalise", "second", "answer"]
    assert "second 3 · 3 · 4 · 6 + 6 = 222" in figure.alt
    check_readable(figure)


def test_what_cannot_be_drawn_is_named() -> None:
    import keras
    from keras import layers

    with pytest.raises(PlottingError, match="A Keras model is needed"):
        network_diagram("model")
    with pytest.raises(PlottingError, match=r"Begin it with keras\.Input"):
        network_diagram(keras.Sequential([layers.Dense(3)]))
    with pytest.raises(PlottingError, match="no parameters"):
        parameter_counts(keras.Sequential([keras.Input((4, 4, 1)), layers.Flatten()]))


def test_branches_and_endless_chains_are_not_drawn() -> None:
    import keras
    from keras import layers

    x = keras.Input((4, 4, 1))
    with pytest.raises(PlottingError, match="several inputs"):
        network_diagram(keras.Model(x, layers.Add()([x, layers.ReLU()(x)])))
    with pytest.raises(PlottingError, match="too many"):
        network_diagram(
            keras.Sequential([keras.Input((40, 40, 1)), *[layers.Conv2D(1, 2) for _ in range(20)]])
        )
