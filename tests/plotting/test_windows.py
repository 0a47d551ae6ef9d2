"""Figures of a moving window show its pixels, products and sum, all its places, and the blocks of pooling."""

from __future__ import annotations

import numpy as np
import pytest

from helpers.convolution import ConvolutionError, correlate2d
from helpers.plotting import PlottingError, convolution_step, pooling_step, window_places
from helpers.plotting.windows import number_text, weight_text
from tests.plotting.drawing import check_readable, images, texts

TABLE = np.arange(20).reshape(4, 5) % 7
KERNEL = np.array([[1, 2, 0], [0, -1, 0], [3, 0, -2]])


def test_a_step_shows_pixels_kernel_products_and_their_sum() -> None:
    figure = convolution_step(TABLE, KERNEL, row=1, column=2)
    words = texts(figure.figure.axes[1])
    window = TABLE[1:4, 2:5]
    for values in (window, KERNEL, window * KERNEL):
        assert "\n".join(map(number_text, values.ravel())) in "\n".join(words)
    assert "sum = −5" in words
    assert "0·1 + 1·2 + 2·0" in words
    assert "+ 5·0 + 6·(−1) + 0·0" in words
    assert (window * KERNEL).sum() == -5
    assert "add up to −5: pixel (1, 2) of the output, 2 × 3" in figure.alt
    check_readable(figure)


def test_the_output_is_filled_in_up_to_the_window() -> None:
    figure = convolution_step(TABLE, KERNEL, row=1, column=1)
    shown = figure.figure.axes[2].images[0].get_array()
    expected = correlate2d(TABLE, KERNEL)
    assert np.array_equal(shown.mask, [[False] * 3, [False, False, True]])
    assert np.array_equal(shown[0], expected[0])
    assert "of which 5 of 6 pixels are filled in" in figure.alt


def test_frames_stand_on_the_window_and_on_its_pixel() -> None:
    figure = convolution_step(images(1)[0], KERNEL, row=3, column=5, stride=2)
    left, _, right = figure.figure.axes
    assert {(patch.get_x(), patch.get_y(), patch.get_width()) for patch in left.patches[1:]} == {(10, 6, 3)}
    assert {(patch.get_x(), patch.get_y(), patch.get_width()) for patch in right.patches} == {(5, 3, 1)}


def test_padding_is_shown_around_the_image_which_keeps_its_numbering() -> None:
    figure = convolution_step(TABLE, KERNEL, padding="same")
    axes = figure.figure.axes[0]
    assert axes.get_title() == "image, 4 × 5, padded to 6 × 7"
    assert [label.get_text() for label in axes.get_xticklabels()] == ["0", "1", "2", "3", "4"]
    assert list(axes.get_xticks()) == [1.5, 2.5, 3.5, 4.5, 5.5]
    assert np.ma.count(axes.images[0].get_array()) == TABLE.size
    assert "row by row: 0, 0, 0, 0, 0, 1, 0, 5 and 6." in figure.alt


def test_a_turned_kernel_is_shown_turned() -> None:
    figure = convolution_step(TABLE, KERNEL, turned=True)
    assert "kernel, turned" in texts(figure.figure.axes[1])
    assert "Kernel, turned: −2, 0, 3, 0, −1, 0, 0, 2 and 1" in figure.alt


def test_a_sum_of_rounded_products_says_so() -> None:
    assert any(
        text.startswith("sum ≈ ")
        for text in texts(convolution_step(TABLE, np.ones((3, 3)) / 9).figure.axes[1])
    )


def test_numbers_are_written_as_people_write_them() -> None:
    assert [number_text(value) for value in (3, -0.5, 0.126, -0.001, 1e-17)] == [
        "3",
        "−0.5",
        "0.13",
        "0",
        "0",
    ]
    assert [weight_text(value) for value in (2, -0.25, 1 / 9, -2 / 3, 2**0.5)] == [
        "2",
        "−0.25",
        "1/9",
        "−2/3",
        "1.41",
    ]


def test_all_places_of_a_window_are_drawn_and_told() -> None:
    figure = window_places(7, kernel=3, padding="same", stride=2)
    axes = figure.figure.axes[0]
    bars = [patch for patch in axes.patches if patch.get_width() > 2]
    assert [round(bar.get_x()) for bar in bars] == [-1, 1, 3, 5]
    row = ["0", *(str(pixel) for pixel in range(7)), "0"]
    assert texts(axes) == [*row, "0", "1", "2", "3"]
    assert "with 1 of padding before and 1 after it. The window begins at pixel −1, 1, 3 and 5." in figure.alt
    check_readable(figure)


def test_pixels_that_no_window_reaches_are_told() -> None:
    figure = window_places(8, kernel=3, stride=2)
    assert "3 output pixels" in figure.figure.axes[0].get_title()
    assert figure.alt.endswith("1 pixel at the end is never reached.")
    assert "never" not in window_places(7, kernel=3, stride=2).alt


def test_pooling_marks_the_largest_number_of_each_block() -> None:
    table = np.array([[1, 2, 0, 0, 9], [3, 0, -4, -1, 9], [0, 0, 1, 1, 9], [0, 5, 1, 1, 9]])
    figure = pooling_step(table)
    left, right = figure.figure.axes
    circles = [patch.center for patch in left.patches if hasattr(patch, "center") and patch.get_width() < 1]
    assert circles == [(0.5, 1.5), (2.5, 0.5), (1.5, 3.5), (2.5, 2.5)]
    assert np.array_equal(right.images[0].get_array(), [[3, 0], [5, 1]])
    assert "row by row: (3, 0) and (5, 1)" in figure.alt
    check_readable(figure)


@pytest.mark.parametrize(
    ("draw", "message"),
    [
        (lambda: convolution_step(TABLE, np.ones((2, 2))), "3 × 3 weights"),
        (lambda: convolution_step(TABLE, KERNEL, row=2), "The output has 2 × 3 pixels"),
        (lambda: window_places(40), "2 to 16 pixels"),
        (lambda: pooling_step(np.zeros((10, 4))), "up to 9 × 9"),
    ],
)
def test_what_cannot_be_drawn_is_named(draw: object, message: str) -> None:
    with pytest.raises(PlottingError, match=message):
        draw()  # type: ignore[operator]


def test_what_cannot_be_computed_is_named_by_helpers_convolution() -> None:
    with pytest.raises(ConvolutionError, match="padding"):
        convolution_step(TABLE, KERNEL, padding="full")
