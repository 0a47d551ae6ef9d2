"""What can be drawn: images, labels and rows of numbers, read from whatever array-like holds them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from helpers.plotting.figure import PlottingError

if TYPE_CHECKING:
    import numpy as np


def as_numbers(values: Any, what: str) -> np.ndarray:
    """Anything array-like as an array of floats."""
    import numpy as np

    try:
        return np.asarray(values, dtype=float)
    except (TypeError, ValueError) as error:
        raise PlottingError(f"The {what} cannot be read as an array of numbers: {error}.") from error


def as_images(images: Any) -> np.ndarray:
    """Images (n, height, width), with or without a last axis of 1. One image counts as n = 1.

    An array of floats comes back as it is, with its own kind of floats.
    """
    import numpy as np

    # Thousands of them, of which a few are drawn, are not copied.
    is_float = type(images) is np.ndarray and images.dtype.kind == "f"
    array = images if is_float else as_numbers(images, "images")
    if array.ndim in (3, 4) and array.shape[-1] == 1:
        array = array[..., 0]
    if array.ndim == 2:
        array = array[np.newaxis]
    if array.ndim != 3 or 0 in array.shape:
        raise PlottingError(
            "Images of the shape (n, height, width) or (n, height, width, 1) are needed, at least one; "
            f"these have the shape {array.shape}."
        )
    return array


def as_image(image: Any) -> np.ndarray:
    """One image (height, width), with or without a last axis of 1."""
    array = as_numbers(image, "image")
    if array.ndim == 3 and array.shape[-1] == 1:
        array = array[..., 0]
    if array.ndim != 2 or 0 in array.shape:
        raise PlottingError(
            "One image of the shape (height, width) or (height, width, 1) is needed; this has the shape "
            f"{array.shape}. The first of many is x[0]."
        )
    return array


def as_labels(labels: Any, class_names: Sequence[str]) -> np.ndarray:
    """Class indices (n,), each of which has a name."""
    import numpy as np

    array = as_numbers(labels, "labels")
    if array.ndim != 1:
        raise PlottingError(
            "Labels of the shape (n,) are needed, a class index for each image; these have the shape "
            f"{array.shape}. "
            "From one-hot labels or probabilities take labels.argmax(axis=1)."
        )
    whole = array.astype(np.int64)
    if array.size and (np.any(whole != array) or whole.min() < 0 or whole.max() >= len(class_names)):
        raise PlottingError(
            f"With {len(class_names)} class names, labels must be whole numbers from 0 to "
            f"{len(class_names) - 1}; "
            f"these go from {array.min():g} to {array.max():g}."
        )
    return whole


def as_row(values: Any, what: str) -> np.ndarray:
    """The numbers of one prediction (classes,), or (1, classes)."""
    import numpy as np

    array = as_numbers(values, what)
    if array.ndim == 2 and len(array) == 1:
        array = array[0]
    if array.ndim != 1 or len(array) < 2 or not np.all(np.isfinite(array)):
        raise PlottingError(
            f"The {what} of one image are needed: finite numbers of the shape (classes,). These have the "
            "shape "
            f"{array.shape}. Of several predictions take one, such as p[0]."
        )
    return array


def as_names(class_names: Sequence[str] | None, count: int) -> list[str]:
    """A name for each class; without any, its index."""
    names = [str(name) for name in (range(count) if class_names is None else class_names)]
    if len(names) != count:
        raise PlottingError(f"{count} values, but {len(names)} class names: give a name for each.")
    return names


def check_same_length(a: Any, b: Any, what_a: str, what_b: str) -> None:
    """Two things that belong together one by one."""
    if len(a) != len(b):
        raise PlottingError(f"{len(a)} {what_a}, but {len(b)} {what_b}: give one for each.")
