"""The functions of assignment 02: output sizes, padding, correlation and pooling, written by hand.

Arrays are small, so that plain loops are as good as anything else. How a result was computed doesn't matter.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from helpers.checks.cases import KEPT, Case, FunctionItem
from helpers.convolution import correlate2d, max_pool2d, output_size, pad2d, same_padding

Advice = Iterator[tuple[str, Callable[[], Any]]]

_LARGEST_SIZE = 40
_SIZES_DRAWN = 8


class OutputSize(FunctionItem):
    """`output_size(size, kernel, padding="valid", stride=1)`: how many places a window has."""

    parts = ("valid", "same")
    labels: ClassVar[Mapping[str, str]] = {"valid": 'Padding "valid"', "same": 'Padding "same"'}
    returns = "a whole number"

    def cases(self, rng: np.random.Generator) -> Iterator[Case]:
        yield _size_case("valid", 5, 3)
        yield _size_case("same", 5, 3)
        yield _size_case("valid", 6, 3, 2)  # one pixel is left over
        yield _size_case("same", 5, 3, 2)
        for kernel, stride in zip(
            rng.integers(1, 8, _SIZES_DRAWN), rng.integers(2, 6, _SIZES_DRAWN), strict=True
        ):
            size = int(rng.integers(kernel, _LARGEST_SIZE))
            yield _size_case("valid", size, int(kernel), int(stride))
            yield _size_case("same", size, int(kernel), int(stride))
        yield _size_case("valid", 7, 7, 3)
        yield _size_case("same", 2, 5, 1)

    def expected(self, case: Case) -> int:
        size, kernel = case.values
        return output_size(size, kernel, **case.options)

    def mistakes(self, case: Case) -> Advice:
        size, kernel = case.values
        padding, stride = case.options.get("padding", "valid"), case.options.get("stride", 1)
        yield "Your stride is always 1.", lambda: output_size(size, kernel, padding)
        if padding == "valid":
            yield (
                "Places that are only half inside don't count: round down.",
                lambda: -(-(size - kernel) // stride) + 1,
            )
            yield "The first place counts, too: add 1.", lambda: (size - kernel) // stride
            yield 'That is right for padding "same".', lambda: -(-size // stride)
        else:
            yield 'The last pixels get a place, too: "same" rounds up.', lambda: size // stride
            yield 'That is right for padding "valid".', lambda: (size - kernel) // stride + 1


def _size_case(part: str, size: int, kernel: int, stride: int = 1) -> Case:
    options: dict[str, Any] = {"padding": part} if part == "same" or stride > 1 else {}
    if stride > 1:
        options["stride"] = stride
    return Case(part, (("size", size), ("kernel", kernel)), options)


class Pad(FunctionItem):
    """`pad2d(image, amount, value=0)`: a border around an image, as wide on every side or not."""

    parts = ("zeros", "value", "sides", KEPT)
    labels: ClassVar[Mapping[str, str]] = {
        "zeros": "The same number of zeros on every side",
        "value": "A border of another value",
        "sides": "Four different amounts",
        KEPT: "The image that you are given",
    }
    returns = "the padded image"

    def cases(self, rng: np.random.Generator) -> Iterator[Case]:
        yield _pad_case("zeros", _whole_numbers(rng, 2, 3), 1)
        yield _pad_case("zeros", _image(rng, 5, 4), 2)
        yield _pad_case("zeros", _image(rng, 3, 6), 0)
        yield _pad_case("value", _whole_numbers(rng, 2, 2), 1, value=7)
        yield _pad_case("value", _image(rng, 4, 3), 2, value=-1.5)
        yield _pad_case("value", _image(rng, 3, 5), 1, value=-np.inf)
        yield _pad_case("sides", _whole_numbers(rng, 2, 3), (1, 0, 0, 2))
        yield _pad_case("sides", _image(rng, 4, 5), (0, 3, 1, 0))
        yield _pad_case("sides", _image(rng, 5, 3), tuple(rng.permutation(5)[:4].tolist()))

    def expected(self, case: Case) -> NDArray[np.float64]:
        return pad2d(*case.values, **case.options)

    def mistakes(self, case: Case) -> Advice:
        image, amount = case.values
        value = case.options.get("value", 0)
        yield "The border should consist of value, but is zero.", lambda: pad2d(image, amount)
        if isinstance(amount, tuple):
            top, bottom, left, right = amount
            yield (
                "The order is top, bottom, left, right.",
                lambda: pad2d(image, (left, right, top, bottom), value),
            )
            yield (
                "The order is top, bottom, left, right.",
                lambda: pad2d(image, (top, left, bottom, right), value),
            )
            yield (
                "The order is top, bottom, left, right.",
                lambda: pad2d(image, (top, left, right, bottom), value),
            )
        else:
            yield (
                "The border is missing at the bottom and on the right.",
                lambda: pad2d(image, (amount, 0, amount, 0), value),
            )
            yield (
                "The border is missing at the top and on the left.",
                lambda: pad2d(image, (0, amount, 0, amount), value),
            )


def _pad_case(part: str, image: NDArray[Any], amount: Any, **options: Any) -> Case:
    return Case(part, (("image", image), ("amount", amount)), options)


class Correlate(FunctionItem):
    """`correlate2d(image, kernel, padding="valid", stride=1)`: sums of products under a moving kernel.

    Images and kernels are square but in the part that is about other shapes. That one is judged with those
    paddings and strides alone that are right for squares.
    """

    parts = ("valid", "strides", "same", "same_strided", "shapes", "whole_numbers", KEPT)
    labels: ClassVar[Mapping[str, str]] = {
        "valid": "Inside the image",
        "strides": "Strides",
        "same": 'Padding "same"',
        "same_strided": 'Padding "same" with strides and even kernels',
        "shapes": "Other shapes than squares",
        "whole_numbers": "An image of whole numbers",
        KEPT: "Image and kernel",
    }
    returns = "the result"

    def cases(self, rng: np.random.Generator) -> Iterator[Case]:
        yield _correlate_case("valid", _whole_numbers(rng, 4, 4), _small_weights(rng, 3, 3))
        for size, kernel in ((7, 3), (9, 5), (5, 5)):
            yield _correlate_case("valid", _image(rng, size, size), _image(rng, kernel, kernel))
        yield _correlate_case("strides", _whole_numbers(rng, 4, 4), _small_weights(rng, 2, 2), stride=2)
        for size, kernel, stride in ((10, 3, 2), (9, 3, 4), (11, 5, 3)):
            yield _correlate_case(
                "strides", _image(rng, size, size), _image(rng, kernel, kernel), stride=stride
            )
        yield _correlate_case("same", _whole_numbers(rng, 3, 3), _small_weights(rng, 3, 3), padding="same")
        for size, kernel in ((6, 3), (8, 5)):
            yield _correlate_case(
                "same", _image(rng, size, size), _image(rng, kernel, kernel), padding="same"
            )
        yield from self._same_strided(rng)
        yield from self._shapes(rng)
        yield from self._whole_numbers(rng)

    def _same_strided(self, rng: np.random.Generator) -> Iterator[Case]:
        tiny = _whole_numbers(rng, 4, 4), _small_weights(rng, 3, 3)
        yield _correlate_case("same_strided", *tiny, padding="same", stride=2)
        for size, kernel, stride in ((10, 5, 2), (11, 3, 4), (9, 3, 2), (7, 4, 1), (5, 2, 1)):
            arrays = _image(rng, size, size), _image(rng, kernel, kernel)
            yield _correlate_case("same_strided", *arrays, padding="same", stride=stride)

    def _shapes(self, rng: np.random.Generator) -> Iterator[Case]:
        tiny = _whole_numbers(rng, 2, 4), _small_weights(rng, 1, 2)
        yield _correlate_case("shapes", *tiny, needs="valid")
        for image, kernel, needs, options in (
            ((6, 8), (1, 1), "valid", {}),
            ((7, 5), (2, 3), "valid", {}),
            ((5, 9), (1, 5), "valid", {}),
            ((4, 3), (4, 3), "valid", {}),
            ((9, 6), (3, 2), "strides", {"stride": 2}),
            ((5, 8), (3, 5), "same", {"padding": "same"}),
            ((10, 7), (4, 3), "same_strided", {"padding": "same", "stride": 3}),
        ):
            yield _correlate_case("shapes", _image(rng, *image), _image(rng, *kernel), needs=needs, **options)

    def _whole_numbers(self, rng: np.random.Generator) -> Iterator[Case]:
        for size, kind in ((4, "int64"), (6, "uint8")):
            image = rng.integers(0, 256, (size, size)).astype(kind)
            kernel = (rng.permutation(np.arange(-4, 5)) / 4).reshape(
                3, 3
            )  # quarters: whole numbers would hide it
            yield _correlate_case("whole_numbers", image, kernel, needs="valid")

    def expected(self, case: Case) -> NDArray[np.float64]:
        return correlate2d(*case.values, **case.options)

    def mistakes(self, case: Case) -> Advice:
        image, kernel = case.values
        padding, stride = case.options.get("padding", "valid"), case.options.get("stride", 1)
        yield (
            "That is convolution, with the kernel turned by 180°. Here it is laid on as it is.",
            lambda: correlate2d(image, kernel[::-1, ::-1], **case.options),
        )
        yield (
            "The kernel's rows and columns are exchanged.",
            lambda: correlate2d(image, kernel.T, **case.options),
        )
        yield (
            "Digits after the point are cut off: make the result with a float type.",
            lambda: np.trunc(self.expected(case)),
        )
        yield "The last row and column of places are missing.", lambda: self.expected(case)[:-1, :-1]
        if stride != 1:
            for which, steps in (
                ("always 1", 1),
                ("1 to the right", (stride, 1)),
                ("1 downwards", (1, stride)),
            ):
                yield (
                    f"Your stride is {which}.",
                    partial(correlate2d, image, kernel, padding, steps),
                )
        if padding == "same":
            yield 'That is right for padding "valid".', lambda: correlate2d(image, kernel, stride=stride)
            yield from _padded_otherwise(image, kernel, stride)


def _padded_otherwise(image: NDArray[Any], kernel: NDArray[Any], stride: int) -> Advice:
    """Borders that aren't those of "same"."""
    sizes = zip(image.shape, kernel.shape, strict=True)
    down, right = (sum(same_padding(size, window, stride)) for size, window in sizes)
    rows, columns = kernel.shape
    too_many = (
        "Too many zeros stand at the top and on the left. Of what is missing, half comes there, or less."
    )
    too_few = "Too few zeros stand at the top and on the left. Of what is missing, half comes there."
    for advice, border in (
        (too_many, (down - down // 2, down // 2, right - right // 2, right // 2)),
        (too_many, (rows // 2, rows // 2, columns // 2, columns // 2)),
        (too_many, (down, 0, right, 0)),
        (too_few, (0, down, 0, right)),
    ):
        yield advice, partial(correlate2d, pad2d(image, border), kernel, stride=stride)


def _correlate_case(
    part: str, image: NDArray[Any], kernel: NDArray[Any], needs: str = "", **options: Any
) -> Case:
    return Case(part, (("image", image), ("kernel", kernel)), options, needs)


class MaxPool(FunctionItem):
    """`max_pool2d(image, size=2, stride=None, padding="valid")`: the largest value under a moving window.

    Values are above 0 but in the part that is about others, as a border of zeros is the largest among those.
    """

    parts = ("windows", "strides", "same", "negative", KEPT)
    labels: ClassVar[Mapping[str, str]] = {
        "windows": "Windows side by side",
        "strides": "Other strides than the window's size",
        "same": 'Padding "same"',
        "negative": "Values below 0",
        KEPT: "The image that you are given",
    }
    returns = "the pooled image"

    def cases(self, rng: np.random.Generator) -> Iterator[Case]:
        yield _pool_case("windows", 1 + _whole_numbers(rng, 4, 6))
        yield _pool_case("windows", _above_zero(rng, 9, 6), size=3, stride=None)
        yield _pool_case("windows", _above_zero(rng, 7, 5), size=2)
        yield _pool_case("windows", _above_zero(rng, 5, 4), size=1)
        yield _pool_case("strides", 1 + _whole_numbers(rng, 3, 4), size=2, stride=1)
        yield _pool_case("strides", _above_zero(rng, 7, 9), size=3, stride=2)
        yield _pool_case("strides", _above_zero(rng, 8, 6), size=2, stride=3)
        yield _pool_case("same", 1 + _whole_numbers(rng, 3, 5), size=2, padding="same")
        yield _pool_case("same", _above_zero(rng, 6, 8), size=3, stride=2, padding="same")
        yield _pool_case("same", _above_zero(rng, 5, 6), size=3, stride=1, padding="same")
        yield _pool_case("negative", -1 - _whole_numbers(rng, 4, 4), needs="windows", size=2)
        yield _pool_case("negative", -_above_zero(rng, 5, 7), needs="strides", size=3, stride=2)
        yield _pool_case("negative", -1 - _whole_numbers(rng, 3, 3), needs="same", size=2, padding="same")
        yield _pool_case("negative", -_above_zero(rng, 6, 5), needs="same", size=3, stride=1, padding="same")

    def expected(self, case: Case) -> NDArray[np.float64]:
        return max_pool2d(*case.values, **case.options)

    def mistakes(self, case: Case) -> Advice:
        image = case.values[0]
        size, padding = case.options.get("size", 2), case.options.get("padding", "valid")
        stride = case.options.get("stride") or size
        yield "That is the smallest value of each window.", lambda: -max_pool2d(-image, **case.options)
        zero = "A zero is the largest value: is it one of your own?"
        yield zero, lambda: np.maximum(self.expected(case), 0)
        if padding == "same":
            sides = [side for pixels in image.shape for side in same_padding(pixels, size, stride)]
            yield (
                zero,
                lambda: max_pool2d(pad2d(image, (sides[0], sides[1], sides[2], sides[3])), size, stride),
            )
            yield 'That is right for padding "valid".', lambda: max_pool2d(image, size, stride)
        else:
            yield (
                "Windows that aren't whole don't count with padding \"valid\".",
                lambda: max_pool2d(image, size, stride, "same"),
            )
        yield "The last row and column of places are missing.", lambda: self.expected(case)[:-1, :-1]
        if stride != size:
            yield (
                "You move on by the window's size, whatever the stride.",
                lambda: max_pool2d(image, size, None, padding),
            )
        if stride != 1:
            yield "Your stride is always 1.", lambda: max_pool2d(image, size, 1, padding)
            yield (
                "The stride counts to the right, too.",
                lambda: max_pool2d(image, size, (stride, 1), padding),
            )


def _pool_case(part: str, image: NDArray[Any], needs: str = "", **options: Any) -> Case:
    return Case(part, (("image", image),), options, needs)


def _image(rng: np.random.Generator, height: int, width: int) -> NDArray[np.float64]:
    return rng.normal(size=(height, width))


def _above_zero(rng: np.random.Generator, height: int, width: int) -> NDArray[np.float64]:
    return rng.uniform(0.1, 1.0, (height, width))


def _whole_numbers(rng: np.random.Generator, height: int, width: int) -> NDArray[np.float64]:
    """Numbers from 0 to 9 to compute with on paper, no two alike until all ten are used up."""
    drawn = np.concatenate([rng.permutation(10) for _ in range(-(-height * width // 10))])
    return drawn[: height * width].reshape(height, width).astype(np.float64)


def _small_weights(rng: np.random.Generator, rows: int, columns: int) -> NDArray[np.float64]:
    """Weights for the same: -2 to 2, no two neighbours in reading order alike."""
    drawn = np.concatenate([rng.permutation([-2, -1, 1, 2, 0]) for _ in range(-(-rows * columns // 5))])
    return drawn[: rows * columns].reshape(rows, columns).astype(np.float64)
