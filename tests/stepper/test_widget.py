"""The stepper computes what helpers.convolution computes, refuses nonsense in words, and has a still form."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from flit_core.wheel import make_wheel_in

from helpers import stepper
from helpers.convolution import KERNELS, convolve2d, correlate2d
from helpers.stepper import ConvolutionStepper, StepperError

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "helpers" / "stepper"
TURN_MATTERS = [[1.0, 2.0, 3.0], [4.0, 5.0, 6.0], [7.0, 8.0, 9.0]]


def image(height: int = 9, width: int = 7) -> np.ndarray:
    return np.random.default_rng(3).random((height, width)).round(2)


@pytest.mark.parametrize("padding", ["valid", "same"])
@pytest.mark.parametrize("stride", [1, 2, 3])
@pytest.mark.parametrize(
    ("operation", "compute"), [("correlation", correlate2d), ("convolution", convolve2d)]
)
def test_its_output_is_that_of_helpers_convolution(
    padding: str, stride: int, operation: str, compute: Any
) -> None:
    shown = stepper.show(image(), TURN_MATTERS, padding, stride, operation, position=(1, 1))
    expected = compute(image(), TURN_MATTERS, padding, stride)
    assert np.array_equal(shown.output, expected)
    assert shown.sum == expected[1, 1]


def test_kernels_are_chosen_by_name() -> None:
    shown = stepper.show(image(), "all edges")
    assert shown.kernel == KERNELS["all edges"].values.tolist()
    assert list(shown.kernels) == list(KERNELS)


def test_pixels_are_rounded_so_that_the_numbers_on_the_screen_are_those_multiplied() -> None:
    shown = stepper.show(np.full((4, 4, 1), 1 / 3))
    assert shown.image == [[0.33] * 4] * 4


def test_what_is_set_later_is_read_like_what_was_given() -> None:
    shown = stepper.show(image())
    shown.kernel = np.ones((3, 3)) / 9
    shown.padding, shown.stride, shown.position = "same", 2, np.array([2, 3])
    assert shown.kernel == [[1 / 9] * 3] * 3
    assert shown.position == [2, 3]
    assert shown.sum == pytest.approx(correlate2d(image(), np.ones((3, 3)) / 9, "same", 2)[2, 3])


def test_the_window_stays_on_an_output_that_shrinks() -> None:
    shown = stepper.show(image(), padding="same", position=(8, 6))
    shown.padding = "valid"
    assert shown.position == [6, 4]
    shown.stride = 3
    assert shown.position == [2, 1]
    shown.position = (99, -5)
    assert shown.position == [2, 0]
    shown.image = image(4, 4)
    assert shown.position == [0, 0]


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"kernel": "sobel"}, "no kernel 'sobel'. There are: identity, box blur"),
        ({"kernel": [[1, 2], [3, 4]]}, "3 rows of 3 numbers"),
        ({"kernel": [[1, 2, 3], [4, 5, "six"], [7, 8, 9]]}, "3 rows of 3 numbers"),
        ({"kernel": np.full((3, 3), np.nan)}, "3 rows of 3 numbers"),
        ({"kernel": np.full((3, 3), 100)}, "from -99 to 99"),
        ({"padding": "full"}, "padding is 'full'; choose one of 'valid', 'same'"),
        ({"stride": 0}, "stride is 0; choose one of 1, 2, 3"),
        ({"operation": "flip"}, "choose one of 'correlation', 'convolution'"),
        ({"position": (1,)}, "row and column"),
        ({"image": np.zeros((5, 28, 28, 1))}, r"The first of many is x\[0\]"),
        ({"image": np.zeros((2, 9))}, "3 to 64 rows and columns; this one has 2 × 9"),
        ({"image": np.zeros((65, 9))}, "3 to 64"),
        ({"image": np.full((5, 5), np.inf)}, "finite"),
    ],
)
def test_what_cannot_be_shown_is_named(given: dict[str, Any], message: str) -> None:
    with pytest.raises(StepperError, match=message):
        stepper.show(**{"image": image(), **given})


def test_a_wrong_setting_leaves_the_old_one() -> None:
    shown = stepper.show(image(), TURN_MATTERS)
    with pytest.raises(StepperError):
        shown.kernel = [1, 2, 3]
    with pytest.raises(StepperError):
        shown.stride = 9
    assert (shown.kernel, shown.stride) == (TURN_MATTERS, 1)


def test_where_nobody_looks_it_is_a_figure_with_alt_text() -> None:
    shown = stepper.show(image(), TURN_MATTERS, position=(2, 1))
    data, metadata = shown._repr_mimebundle_()
    assert set(data) == {"text/plain", "text/html", "image/png"}
    assert data["text/plain"] == repr(shown) == metadata["image/png"]["alt"]
    assert f"add up to {shown.sum:.2f}".rstrip("0") in repr(shown)
    assert shown.comm is None, "nobody is there, but a channel was opened"


def test_the_figure_follows_the_settings() -> None:
    shown = stepper.show(image(), TURN_MATTERS)
    before = repr(shown)
    shown.operation = "convolution"
    assert "Kernel, turned: 9, 8, 7" in repr(shown) != before


def test_its_files_are_complete_in_themselves() -> None:
    script, style = (FOLDER / "stepper.js").read_text(), (FOLDER / "stepper.css").read_text()
    assert str(ConvolutionStepper._esm) == script
    assert str(ConvolutionStepper._css) == style
    assert not re.search(r"https?:|\bimport\b\s*[\"'({*]|\bfetch\(|url\(|@import", script + style)


def test_its_files_are_installed_with_the_package(tmp_path: Path) -> None:
    wheel = make_wheel_in(ROOT / "pyproject.toml", tmp_path).file
    with zipfile.ZipFile(wheel) as archive:
        assert {"helpers/stepper/stepper.js", "helpers/stepper/stepper.css"} <= set(archive.namelist())
