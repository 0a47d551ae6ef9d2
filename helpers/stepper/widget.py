"""The stepper's state, its checks, and how it shows itself. Its looks and moves are in stepper.js."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import traitlets
from numpy.typing import ArrayLike, NDArray

from helpers.convolution import KERNELS, convolve2d, correlate2d
from helpers.errors import WorkshopError
from helpers.plotting import Figure, PlottingError, convolution_step
from helpers.plotting.arrays import as_image
from helpers.widgets import WidgetWithStillForm

SIDE = 3  # rows and columns of the window
DECIMALS = 2  # of a pixel; so the numbers on the screen are those that are multiplied
LARGEST_IMAGE = 64
LARGEST_WEIGHT = 99

CHOICES: dict[str, tuple[object, ...]] = {
    "padding": ("valid", "same"),
    "stride": (1, 2, 3),
    "operation": ("correlation", "convolution"),
}

Rows = list[list[float]]


class StepperError(WorkshopError):
    """The stepper can't show what it was given."""


class ConvolutionStepper(WidgetWithStillForm):
    """A 3 × 3 window on an image: its nine products, their sum, and the output filled in step by step.

    All traits can be read and set while it is shown; they follow the hand in the browser.

    Attributes:
        image: the pixels, rounded to two decimals; rows of numbers.
        kernel: 3 rows of 3 weights.
        padding: "valid" or "same".
        stride: 1, 2 or 3.
        operation: "correlation", or "convolution", which turns the kernel by 180° first.
        position: row and column of the output pixel that the window stands for.
        kernels: the kernels to choose from, by name.
    """

    _esm = Path(__file__).with_name("stepper.js")
    _css = Path(__file__).with_name("stepper.css")

    image = traitlets.Any(()).tag(sync=True)
    kernel = traitlets.Any(()).tag(sync=True)
    padding = traitlets.Any("valid").tag(sync=True)
    stride = traitlets.Any(1).tag(sync=True)
    operation = traitlets.Any("correlation").tag(sync=True)
    position = traitlets.Any((0, 0)).tag(sync=True)
    kernels = traitlets.Dict().tag(sync=True)

    @property
    def output(self) -> NDArray[np.float64]:
        """All output pixels (rows, columns) of the present settings, whether filled in yet or not."""
        compute = convolve2d if self.operation == "convolution" else correlate2d
        return compute(self.image, self.kernel, self.padding, self.stride)

    @property
    def sum(self) -> float:
        """The output pixel at the window's position."""
        row, column = self.position
        return float(self.output[row, column])

    def figure(self) -> Figure:
        """The present step as a figure, filled in up to the window."""
        row, column = self.position
        return convolution_step(
            self.image,
            self.kernel,
            row,
            column,
            padding=self.padding,
            stride=self.stride,
            turned=self.operation == "convolution",
        )

    @traitlets.validate("image")
    def _check_image(self, proposal: Any) -> Rows:
        try:
            picture = as_image(proposal["value"])
        except PlottingError as error:
            raise StepperError(str(error)) from error
        if min(picture.shape) < SIDE or max(picture.shape) > LARGEST_IMAGE:
            raise StepperError(
                f"The stepper shows images of {SIDE} to {LARGEST_IMAGE} rows and columns; this one has "
                f"{picture.shape[0]} × {picture.shape[1]}."
            )
        if not np.all(np.isfinite(picture)):
            raise StepperError("The image holds nan or infinity; all pixels must be finite numbers.")
        rows: Rows = np.round(picture, DECIMALS).tolist()
        return rows

    @traitlets.validate("kernel")
    def _check_kernel(self, proposal: Any) -> Rows:
        try:
            weights = np.array(proposal["value"], dtype=np.float64)
        except (TypeError, ValueError):
            weights = np.empty(0)
        if weights.shape != (SIDE, SIDE) or not np.all(np.abs(weights) <= LARGEST_WEIGHT):
            raise StepperError(
                f"The kernel should be {SIDE} rows of {SIDE} numbers from -{LARGEST_WEIGHT} to "
                f"{LARGEST_WEIGHT}, such as [[0, 1, 0], [1, -4, 1], [0, 1, 0]], not {proposal['value']!r}."
            )
        # As JavaScript writes them: whole numbers without ".0". ipywidgets compares texts, and would send
        # what looks different back to the browser, where the hand may have moved on meanwhile.
        return [
            [int(weight) if weight.is_integer() else weight for weight in row] for row in weights.tolist()
        ]

    @traitlets.validate("padding", "stride", "operation")
    def _check_choice(self, proposal: Any) -> Any:
        name, value = proposal["trait"].name, proposal["value"]
        if value not in CHOICES[name]:
            names = ", ".join(repr(one) for one in CHOICES[name])
            raise StepperError(f"{name} is {value!r}; choose one of {names}.")
        return value

    @traitlets.validate("position")
    def _check_position(self, proposal: Any) -> list[int]:
        try:
            row, column = (int(place) for place in proposal["value"])
        except (TypeError, ValueError):
            raise StepperError(
                f"position is the row and column of an output pixel, not {proposal['value']!r}."
            ) from None
        return self._inside(row, column)

    @traitlets.observe("image", "padding", "stride")
    def _stay_inside(self, _: Any) -> None:
        if len(self.image) and len(self.kernel):
            self.position = self._inside(*self.position)

    def _inside(self, row: int, column: int) -> list[int]:
        """The nearest place that the output has."""
        rows, columns = self.output.shape
        return [min(max(row, 0), rows - 1), min(max(column, 0), columns - 1)]


def show(
    image: ArrayLike,
    kernel: str | ArrayLike = "vertical edges",
    padding: str = "valid",
    stride: int = 1,
    operation: str = "correlation",
    position: tuple[int, int] = (0, 0),
) -> ConvolutionStepper:
    """A stepper for one image; as the last line of a cell it shows itself.

    Args:
        image: (height, width) or (height, width, 1), 3 to 64 pixels on a side; rounded to two decimals.
        kernel: the name of a classic kernel (`helpers.convolution.KERNELS`), or 3 × 3 weights.
        padding: "valid" or "same".
        stride: 1, 2 or 3.
        operation: "correlation", or "convolution", which turns the kernel first.
        position: row and column of the output pixel to begin with.

    Raises:
        StepperError: for anything else.
    """
    if isinstance(kernel, str):
        if kernel not in KERNELS:
            raise StepperError(f"There is no kernel {kernel!r}. There are: {', '.join(KERNELS)}.")
        weights: ArrayLike = KERNELS[kernel].values
    else:
        weights = kernel
    stepper = ConvolutionStepper(
        image=image,
        kernel=weights,
        kernels={name: known.values.tolist() for name, known in KERNELS.items()},
        padding=padding,
        stride=stride,
        operation=operation,
    )
    stepper.position = list(position)
    return stepper
