"""The arithmetic of a window that moves over images: padding, output sizes, correlation, pooling."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import ArrayLike, NDArray

from helpers.errors import WorkshopError

Floats = NDArray[np.float64]
PerSide = int | tuple[int, int, int, int]
PerAxis = int | tuple[int, int]

_PADDINGS = ("valid", "same")


class ConvolutionError(WorkshopError):
    """A padding, a correlation or a pooling that can't be computed from what was given."""


def pad2d(image: ArrayLike, amount: PerSide, value: float = 0.0) -> Floats:
    """A copy of images (..., height, width) with a border around each.

    Args:
        image: numbers of shape (..., height, width).
        amount: pixels on every side, or (top, bottom, left, right); 0 or more.
        value: what the border consists of.

    Raises:
        ConvolutionError: for other shapes, amounts or types.
    """
    images = _images(image)
    if not isinstance(value, int | float | np.number):
        raise ConvolutionError(f"value should be a number, not {value!r}.")
    top, bottom, left, right = _four_sides(amount)
    border = [(0, 0)] * (images.ndim - 2) + [(top, bottom), (left, right)]
    return np.pad(images, border, constant_values=float(value))


def output_size(size: int, kernel: int, padding: str = "valid", stride: int = 1) -> int:
    """How many places a window of `kernel` pixels has along `size` pixels, `stride` pixels apart.

    "valid": the window stays inside, so ⌊(size − kernel) / stride⌋ + 1.
    "same":  so many that stride 1 keeps the size, ⌈size / stride⌉, whatever the kernel.

    Raises:
        ConvolutionError: for another name of padding, numbers below 1, a valid window that is too large.
    """
    _known(padding)
    size, kernel, stride = (
        _whole(number, name, 1) for number, name in ((size, "size"), (kernel, "kernel"), (stride, "stride"))
    )
    if padding == "same":
        return -(-size // stride)
    if kernel > size:
        raise ConvolutionError(
            f"A window of {kernel} doesn't fit into {size} pixels. Take a smaller one, or padding='same'."
        )
    return (size - kernel) // stride + 1


def same_padding(size: int, kernel: int, stride: int = 1) -> tuple[int, int]:
    """Pixels that padding "same" adds before and after `size` pixels, as Keras does.

    The last of ⌈size / stride⌉ windows must end where the padded pixels end. Half of what is missing comes
    before, half after; where it is odd, the one more comes after. So a kernel of odd size at stride 1 gets
    (kernel − 1) / 2 on both sides; even sizes and larger strides may be served unevenly, or not at all.
    """
    places = output_size(size, kernel, "same", stride)
    missing = max((places - 1) * stride + kernel - size, 0)
    return missing // 2, missing - missing // 2


def correlate2d(image: ArrayLike, kernel: ArrayLike, padding: str = "valid", stride: PerAxis = 1) -> Floats:
    """Sums of products under a kernel that moves over images; the kernel is not turned. Keras's Conv2D.

    Args:
        image: numbers of shape (..., height, width); it isn't changed.
        kernel: numbers of shape (rows, columns).
        padding: "valid" (the kernel stays inside) or "same" (zeros around, see `same_padding`).
        stride: pixels from one place to the next, one number or (down, right).

    Returns:
        float64 (..., output height, output width), see `output_size`.

    Raises:
        ConvolutionError: for other shapes, sizes, strides, names of padding, or values that aren't numbers.
    """
    weights = _numbers(kernel, "The kernel")
    if weights.ndim != 2 or 0 in weights.shape:
        raise ConvolutionError(f"A kernel of shape (rows, columns) is needed; this one's is {weights.shape}.")
    windows = _windows(_images(image), weights.shape, padding, stride, 0.0)
    result: Floats = np.einsum("...ij,ij->...", windows, weights)
    return result


def convolve2d(image: ArrayLike, kernel: ArrayLike, padding: str = "valid", stride: PerAxis = 1) -> Floats:
    """Correlation with the kernel turned by 180°: convolution as mathematics and SciPy define it.

    Arguments, result and errors are those of `correlate2d`, and so are the places of "same": for kernels of
    even size, those of SciPy's mode "same" lie one further up and left.
    """
    weights = _numbers(kernel, "The kernel")
    return correlate2d(image, weights[::-1, ::-1] if weights.ndim == 2 else weights, padding, stride)


def max_pool2d(
    image: ArrayLike, size: PerAxis = 2, stride: PerAxis | None = None, padding: str = "valid"
) -> Floats:
    """The largest value under a window that moves over images. Keras's MaxPooling2D.

    Args:
        image: numbers of shape (..., height, width); it isn't changed.
        size: of the window, one number or (rows, columns).
        stride: pixels from one place to the next, one number or (down, right); None takes the window's size.
        padding: "valid" or "same"; the border of "same" is never the largest, even beside negative values.

    Returns:
        float64 (..., output height, output width), see `output_size`.

    Raises:
        ConvolutionError: for other shapes, sizes, strides, names of padding, or values that aren't numbers.
    """
    rows, columns = _two(size, "size")
    windows = _windows(
        _images(image), (rows, columns), padding, (rows, columns) if stride is None else stride, -np.inf
    )
    return np.asarray(windows.max(axis=(-2, -1)))


def _windows(images: Floats, window: tuple[int, ...], padding: str, stride: PerAxis, border: float) -> Floats:
    """The view (..., output height, output width, rows, columns) of all places of a window."""
    steps = _two(stride, "stride")
    _known(padding)
    if padding == "same":
        before_and_after = map(same_padding, images.shape[-2:], window, steps)
        (top, bottom), (left, right) = before_and_after
        images = pad2d(images, (top, bottom, left, right), border)
    for size, kernel in zip(images.shape[-2:], window, strict=True):
        output_size(size, kernel)  # says it where the window is too large
    places: Floats = sliding_window_view(images, window, axis=(-2, -1))
    return places[..., :: steps[0], :: steps[1], :, :]


def _images(given: ArrayLike) -> Floats:
    images = _numbers(given, "The image")
    if images.ndim < 2 or 0 in images.shape[-2:]:
        raise ConvolutionError(
            f"Images of shape (…, height, width) with at least one pixel are needed, not {images.shape}."
        )
    return images


def _numbers(given: ArrayLike, what: str) -> Floats:
    try:
        array: NDArray[Any] = np.asarray(given)
    except ValueError:  # rows of different lengths
        raise ConvolutionError(f"{what} can't be read as an array: are all its rows equally long?") from None
    if array.dtype.kind not in "biuf":
        raise ConvolutionError(f"{what} should hold numbers, but holds values of type {array.dtype}.")
    return array.astype(np.float64, copy=False)


def _four_sides(amount: PerSide) -> tuple[int, int, int, int]:
    sides = amount if isinstance(amount, tuple | list) else (amount,) * 4
    if len(sides) != 4:
        raise ConvolutionError(f"amount is one number or (top, bottom, left, right), not {amount!r}.")
    top, bottom, left, right = (_whole(side, "amount", 0) for side in sides)
    return top, bottom, left, right


def _two(given: PerAxis, name: str) -> tuple[int, int]:
    both = given if isinstance(given, tuple | list) else (given, given)
    if len(both) != 2:
        raise ConvolutionError(f"{name} is one number or a pair (rows, columns), not {given!r}.")
    return _whole(both[0], name, 1), _whole(both[1], name, 1)


def _whole(number: object, name: str, least: int) -> int:
    if not isinstance(number, int | np.integer) or isinstance(number, bool) or number < least:
        raise ConvolutionError(f"{name} should be a whole number, {least} or more, not {number!r}.")
    return int(number)


def _known(padding: object) -> None:
    if not isinstance(padding, str) or padding not in _PADDINGS:
        raise ConvolutionError(f"padding is 'valid' or 'same', not {padding!r}.")
