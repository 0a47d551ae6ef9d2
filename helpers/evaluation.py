"""How good a classifier is, class by class: from the true classes and the predicted ones."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from helpers.errors import WorkshopError

if TYPE_CHECKING:
    import pandas as pd


class EvaluationError(WorkshopError):
    """Predictions and labels that don't belong together."""


def confusion_counts(truth: Any, predicted: Any, classes: int) -> NDArray[np.int64]:
    """How often each true class was taken for each class: (classes, classes), true ones in rows.

    Args:
        truth, predicted: (n,) class indices from 0.
        classes: how many there are.

    Raises:
        EvaluationError: for other shapes, unequal lengths, or labels that are no classes.
    """
    true, said = _labels(truth, classes, "true labels"), _labels(predicted, classes, "predictions")
    if len(true) != len(said):
        raise EvaluationError(f"{len(true)} true labels, but {len(said)} predictions: give one for each.")
    counts = np.bincount(true * classes + said, minlength=classes * classes)
    return counts.reshape(classes, classes).astype(np.int64)


def class_report(truth: Any, predicted: Any, class_names: Sequence[str]) -> pd.DataFrame:
    """Precision, recall and F1 of each class: a row for each, in the classes' order.

    Columns: `class`, `precision` (of the images taken for this class, the share that is), `recall` (of this
    class's images, the share that was found), `f1` (their harmonic mean) and `support` (how many images the
    class has). What would be a division by zero is not a number: precision of a class that was never
    predicted, recall of one without images.

    Args:
        truth, predicted: (n,) class indices from 0.
        class_names: a name for each index.

    Raises:
        EvaluationError: as for `confusion_counts`.
    """
    import pandas as pd

    counts = confusion_counts(truth, predicted, len(class_names))
    hits, support, said = np.diag(counts), counts.sum(axis=1), counts.sum(axis=0)
    shares = {"precision": _ratio(hits, said), "recall": _ratio(hits, support)}
    shares["f1"] = _ratio(2 * hits, said + support)
    return pd.DataFrame({"class": list(class_names), **shares, "support": support})


def _ratio(part: NDArray[np.int64], whole: NDArray[np.int64]) -> NDArray[np.float64]:
    ratio = np.full(len(whole), np.nan)
    np.divide(part, whole, out=ratio, where=whole > 0)
    return ratio


def _labels(values: Any, classes: int, what: str) -> NDArray[np.int64]:
    array = np.asarray(values)
    if array.ndim != 1 or array.dtype.kind not in "iuf" or np.any(array != np.floor(array)):
        raise EvaluationError(
            f"The {what} must be class indices of the shape (n,); these have the shape {array.shape} and the "
            f"type {array.dtype}. From one-hot labels or probabilities take argmax(axis=1)."
        )
    if array.size and (array.min() < 0 or array.max() >= classes):
        raise EvaluationError(
            f"The {what} go from {array.min():g} to {array.max():g}; {classes} classes have the indices 0 to "
            f"{classes - 1}."
        )
    return array.astype(np.int64)
