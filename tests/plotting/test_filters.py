"""Kernels are shown as their numbers; what they make of images, to scale, in colours that tell the sign."""

from __future__ import annotations

import numpy as np
import pytest

from helpers.convolution import KERNELS, correlate2d
from helpers.plotting import PlottingError, kernel_tables, responses
from tests.plotting.drawing import check_readable, five, images, texts


def test_kernels_are_shown_as_numbers_with_their_names() -> None:
    figure = kernel_tables({name: kernel.values for name, kernel in KERNELS.items()})
    words = texts(figure.figure.axes[0])
    assert set(KERNELS) <= set(words)
    assert words.count("1/9") == 9
    assert "horizontal edges: (−1, −2, −1), (0, 0, 0), (1, 2, 1)" in figure.alt
    check_readable(figure)


def test_each_image_stands_beside_its_responses() -> None:
    pictures = images(2)[..., 0]
    outputs = {"a": correlate2d(pictures, np.eye(3)), "b": correlate2d(pictures, np.eye(3), stride=2)}
    axes = responses(pictures, outputs).figure.axes[0]
    shown = [image.get_array() for image in axes.images]
    expected = [*pictures, *outputs["a"], *outputs["b"]]
    assert all(np.array_equal(one, other) for one, other in zip(shown, expected, strict=True))
    rows = [image.get_extent()[2] for image in axes.images]
    assert rows[0] < rows[1]


def test_smaller_outputs_are_drawn_smaller() -> None:
    figure = responses(five(), {"half": correlate2d(five()[..., 0], np.eye(2), stride=2)})
    left, right, *_ = figure.figure.axes[0].images[1].get_extent()
    assert right - left == pytest.approx(14 / 28)
    assert "half: 14 by 14 pixels" in figure.alt
    check_readable(figure)


def test_a_column_with_negative_values_has_zero_in_the_middle_of_its_colours() -> None:
    figure = responses(five(), {"signed": five()[..., 0] - 0.75, "plain": 3 * five()[..., 0]})
    image, signed, plain = figure.figure.axes[0].images
    assert image.get_clim() == (0, 1)
    assert signed.get_clim() == pytest.approx((-0.75, 0.75))
    assert plain.get_clim() == (0, 3)
    assert (signed.get_cmap().name, plain.get_cmap().name) == ("cividis", "gray")
    assert "signed: 28 by 28 pixels, −0.75 to 0.75" in figure.alt


def test_a_long_heading_fits() -> None:
    figure = responses(
        five(), {"same": five()}, title="A heading that is wider than two small images together"
    )
    figure.figure.canvas.draw()
    box = figure.figure._suptitle.get_window_extent()
    assert box.x0 >= 0
    assert box.x1 <= figure.size[0]


@pytest.mark.parametrize(
    ("draw", "message"),
    [
        (lambda: kernel_tables({}), "1 to 12 kernels"),
        (lambda: kernel_tables({"a": np.eye(3), "b": np.eye(2)}), "of one shape"),
        (lambda: kernel_tables({"a": np.ones(3)}), r"\(rows, columns\)"),
        (lambda: responses(five(), {}), "1 to 7 outputs"),
        (lambda: responses(images(7), {"a": images(7)}), "at most 6 images"),
        (lambda: responses(images(2), {"a": images(3)}), "2 images, but 3 outputs “a”"),
    ],
)
def test_what_cannot_be_drawn_is_named(draw: object, message: str) -> None:
    with pytest.raises(PlottingError, match=message):
        draw()  # type: ignore[operator]
