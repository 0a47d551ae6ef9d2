"""Figures about one image show its numbers, and where its rows go when it is flattened."""

from __future__ import annotations

import numpy as np
import pytest

from helpers.plotting import PlottingError, flattening, pixel_values
from tests.plotting.drawing import check_readable, five, images, texts


def test_pixel_values_are_written_into_the_pixels() -> None:
    image = images(1)[0]
    figure = pixel_values(image, top=3, left=4, size=5)
    close = figure.figure.axes[1]
    assert texts(close) == [f"{value:.2f}" for value in image[3:8, 4:9, 0].ravel()]
    assert close.texts[1].get_position() == (5.5, 3.5)
    assert "rows 3 to 7 and columns 4 to 8" in figure.alt
    check_readable(figure)


def test_numbers_are_dark_on_bright_pixels_and_bright_on_dark_ones() -> None:
    close = pixel_values(five(), top=4, left=7, size=4).figure.axes[1]
    assert {(text.get_text(), text.get_color()) for text in close.texts} == {
        ("0.00", "white"),
        ("1.00", "black"),
    }


def test_without_a_place_the_part_with_most_contrast_is_shown() -> None:
    image = np.zeros((28, 28))
    image[20:24, 2:4] = 1
    figure = pixel_values(image, size=4)
    values = [float(text) for text in texts(figure.figure.axes[1])]
    assert sum(values) == 8


def test_flattening_marks_the_top_bar_of_a_five_in_both_shapes() -> None:
    figure = flattening(five())
    square, line = figure.figure.axes
    frame = square.patches[0]
    assert (frame.get_y(), frame.get_height()) == (5, 3)
    stretches = [(patch.get_x(), patch.get_x() + patch.get_width()) for patch in line.patches]
    assert stretches == [(140, 168), (168, 196), (196, 224)]
    assert "rows 5 to 7, where 12, 12 and 12 bright pixels" in figure.alt
    assert "3 separate peaks, 28 positions apart" in figure.alt
    check_readable(figure)


def test_the_vector_holds_all_pixels_in_the_order_of_reshape() -> None:
    image = images(1)[0]
    line = flattening(image, rows=[0]).figure.axes[1]
    heights = line.collections[0].get_paths()[0].vertices
    assert heights[:, 0].max() == 783
    assert np.isclose(heights[:, 1].max(), image.max())
    coloured = line.collections[1].get_paths()[0].vertices
    assert (coloured[:, 0].min(), coloured[:, 0].max()) == (0, 27)
    assert np.isclose(coloured[:, 1].max(), image[0].max())


def test_rows_can_be_chosen() -> None:
    assert "row 20," in flattening(five(), rows=[20]).alt
    assert "rows 12 to 14," in flattening(five(), rows=(14, 12, 13)).alt


def test_an_empty_image_can_be_flattened_too() -> None:
    assert "0, 0 and 0 bright pixels" in flattening(np.zeros((28, 28))).alt


@pytest.mark.parametrize(
    ("draw", "message"),
    [
        (lambda: pixel_values(images(3)), r"The first of many is x\[0\]"),
        (lambda: pixel_values(five(), size=20), "choose 2 to 14"),
        (lambda: pixel_values(five(), top=25), "top from 0 to 19"),
        (lambda: flattening(five(), rows=[3, 5]), "neighbouring rows from 0 to 27"),
        (lambda: flattening(five(), rows=[]), "neighbouring rows"),
        (lambda: flattening(five(), rows=[28]), "neighbouring rows"),
        (lambda: flattening(np.zeros(784)), r"shape \(784,\)"),
    ],
)
def test_what_cannot_be_drawn_is_named(draw: object, message: str) -> None:
    with pytest.raises(PlottingError, match=message):
        draw()  # type: ignore[operator]
