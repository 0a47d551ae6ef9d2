"""The classic mistakes before a training, found and named in words before Keras meets them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from helpers.training.run import TrainingError

if TYPE_CHECKING:
    import numpy as np

SPARSE, ONE_HOT = "sparse_categorical_crossentropy", "categorical_crossentropy"


def check_before_fit(
    model: Any,
    x: Any,
    y: Any,
    *,
    epochs: int = 1,
    batch_size: int = 128,
    validation_data: tuple[Any, Any] | None = None,
    validation_split: float = 0.0,
) -> None:
    """Find out whether model, images, labels and settings fit together; arguments as for `fit`.

    Raises:
        TrainingError: with the first mistake found and how to mend it.
    """
    _check_model(model)
    for name, value in (("epochs", epochs), ("batch_size", batch_size)):
        if isinstance(value, bool) or not isinstance(value, int) or value < 1:
            raise TrainingError(f"{name} is {value!r}; it must be a whole number of at least 1.")
    _check_pair(model, x, y, "")
    _check_validation(model, len(x), validation_data, validation_split)


def _check_model(model: Any) -> None:
    if not hasattr(model, "fit") or not hasattr(model, "compiled"):
        raise TrainingError(
            f"The first argument must be a Keras model; this is of type {type(model).__name__}."
        )
    if not model.compiled:
        raise TrainingError(
            "The model is not compiled yet. Before training, write "
            f'model.compile(optimizer="adam", loss="{SPARSE}", metrics=["accuracy"]).'
        )


def _check_validation(model: Any, images: int, data: Any, split: float) -> None:
    if data is not None and split:
        raise TrainingError("Give either validation_data or validation_split, not both.")
    if not 0 <= split < 1:
        raise TrainingError(f"validation_split is {split!r}; it must be a share below 1, such as 0.1.")
    if split and not 0 < math.floor(images * (1 - split)) < images:
        raise TrainingError(
            f"validation_split={split} of {images} images leaves no image to learn from or none to "
            "validate on. "
            "Choose another share, or take more images."
        )
    if data is None:
        return
    if not isinstance(data, tuple | list) or len(data) != 2:
        raise TrainingError("validation_data must be a pair: validation_data=(x_validation, y_validation).")
    x, y = data
    _check_pair(model, x, y, "validation ")


def _check_pair(model: Any, x: Any, y: Any, which: str) -> None:
    images, labels = _array(x, f"{which}x"), _array(y, f"{which}y")
    if not len(images):
        raise TrainingError(f"{which}x is empty: there is nothing to learn from.")
    if len(images) != len(labels):
        raise TrainingError(
            f"{which}x has {len(images)} images, but {which}y has {len(labels)} labels. "
            "Every image needs its label: select or shuffle both in the same way."
        )
    _check_finite(images, f"{which}x")
    _check_finite(labels, f"{which}y")
    _check_input(model, images, f"{which}x")
    _check_labels(model, labels, f"{which}y")


def _array(values: Any, name: str) -> np.ndarray:
    import numpy as np

    try:
        array = np.asarray(values)
    except (TypeError, ValueError) as error:
        raise TrainingError(f"{name} cannot be read as an array: {error}.") from error
    if array.ndim == 0 or array.dtype.kind not in "biuf":
        raise TrainingError(
            f"{name} must be an array of numbers; this is a {type(values).__name__} of {array.dtype}."
        )
    return array


def _check_finite(array: np.ndarray, name: str) -> None:
    import numpy as np

    if array.dtype.kind != "f" or np.isfinite(array.sum(dtype=np.float64)):
        return
    bad = np.argwhere(~np.isfinite(array))
    raise TrainingError(
        f"{name} holds {len(bad)} value{'' if len(bad) == 1 else 's'} that are no numbers (NaN or "
        "infinite), the first "
        f"at {bad[0].tolist()}. A single one spoils all weights: look for a division by zero or for "
        "missing data."
    )


def _check_input(model: Any, images: np.ndarray, name: str) -> None:
    expected = getattr(model, "input_shape", None)
    if not isinstance(expected, tuple):
        return  # not built yet, so it takes what comes; or several inputs, which are Keras's to check
    want, have = expected[1:], images.shape[1:]
    if len(want) == len(have) and all(w in (None, h) for w, h in zip(want, have, strict=True)):
        return
    message = (
        f"The model expects images of shape {_shape(want)}, but {name} holds images of shape {_shape(have)}."
    )
    if None not in want and math.prod(want) == math.prod(have):
        raise TrainingError(f"{message} The same values fit after {name}.reshape({_shape((-1, *want))}).")
    raise TrainingError(f"{message} Change the shape in the model's Input, or prepare the images to fit it.")


def _check_labels(model: Any, labels: np.ndarray, name: str) -> None:
    shape = getattr(model, "output_shape", None)
    if not isinstance(shape, tuple) or len(shape) != 2:
        return
    loss = loss_name(model)
    if loss == SPARSE:
        _check_sparse(labels, shape[1], name)
    elif loss == ONE_HOT:
        _check_one_hot(labels, shape[1], name)


def loss_name(model: Any) -> str:
    """The name of the loss that a model was compiled with, given as a string, an object or a function."""
    loss = getattr(model, "loss", None)
    return (
        loss if isinstance(loss, str) else str(getattr(loss, "name", None) or getattr(loss, "__name__", ""))
    )


def _check_sparse(labels: np.ndarray, outputs: int, name: str) -> None:
    import numpy as np

    if labels.ndim == 2 and labels.shape[1] > 1:
        raise TrainingError(
            f"{name} is one-hot (its shape is {labels.shape}), but the loss {SPARSE} expects class indices. "
            f'Use {name}.argmax(axis=1), or compile with loss="{ONE_HOT}".'
        )
    if labels.ndim > 2:
        raise TrainingError(f"{name} must be one class index for each image; its shape is {labels.shape}.")
    if np.any(labels != np.floor(labels)):
        raise TrainingError(f"{name} must hold class indices, which are whole numbers; it holds fractions.")
    low, high = int(labels.min()), int(labels.max())
    if low < 0 or high >= outputs:
        raise TrainingError(
            f"{name} holds labels from {low} to {high}, but the model's {outputs} outputs stand for the "
            "classes "
            f"0 to {outputs - 1}. Give the last layer one output for each class, and count classes from 0."
        )


def _check_one_hot(labels: np.ndarray, outputs: int, name: str) -> None:
    if labels.ndim == 1 or labels.shape[1] == 1 < outputs:
        raise TrainingError(
            f"{name} holds class indices (its shape is {labels.shape}), but the loss {ONE_HOT} expects "
            "one-hot labels. "
            f'Compile with loss="{SPARSE}", or use keras.utils.to_categorical({name}, {outputs}).'
        )
    if labels.shape[-1] != outputs:
        raise TrainingError(
            f"{name} has {labels.shape[-1]} columns, but the model has {outputs} outputs. "
            "Both must be the number of classes."
        )


def _shape(shape: Sequence[object]) -> str:
    return f"({shape[0]},)" if len(shape) == 1 else f"({', '.join(str(n) for n in shape)})"
