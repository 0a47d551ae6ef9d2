"""Predictions as competitions want them: a CSV with a line for each image.

    competition.write_predictions(predicted, "../artefacts/digits.csv")

Kaggle's “Digit Recognizer”, for one, takes the columns ImageId, which counts from 1, and Label.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import numpy as np

from helpers.errors import WorkshopError

HEADER = "ImageId,Label"


class CompetitionError(WorkshopError):
    """Predictions that cannot be handed in, or a file that cannot be written."""


def write_predictions(labels: Any, path: str | Path) -> Path:
    """Write predicted classes to a CSV file with the columns ImageId (from 1) and Label, and say where.

    Makes the folder where it is missing. Replaces only files that hold predictions.

    Args:
        labels: (n,) class indices, in the order of the images; not probabilities.
        path: where to; ends in .csv.

    Returns:
        The path.

    Raises:
        CompetitionError: labels of another kind, another ending, a file that holds something else, or a place
            that cannot be written to.
    """
    path = Path(path)
    rows = _whole_numbers(labels)
    if path.suffix.lower() != ".csv":
        raise CompetitionError(f"The file is called {path.name}; choose a name that ends in .csv.")
    try:
        _check_replaceable(path)
        path.parent.mkdir(parents=True, exist_ok=True)
        whole = path.with_name(f".{path.name}.{os.getpid()}.tmp")
        lines = (f"{number},{label}" for number, label in enumerate(rows, start=1))
        whole.write_text("\n".join([HEADER, *lines, ""]), encoding="ascii")
        os.replace(whole, path)
    except OSError as error:
        raise CompetitionError(
            f"{path} can't be written: {error.strerror or error}. Choose another folder."
        ) from error
    print(f"{len(rows):,} predictions are in {path.as_posix()}")
    return path


def _whole_numbers(labels: Any) -> list[int]:
    array = np.asarray(labels)
    if array.ndim != 1 or not array.size:
        raise CompetitionError(
            "One class for each image is needed, of the shape (n,); these predictions have the shape "
            f"{array.shape}. From probabilities take p.argmax(axis=1)."
        )
    if array.dtype.kind not in "iuf" or np.any(array != np.floor(array)) or array.min() < 0:
        raise CompetitionError(
            "Predicted classes are whole numbers from 0; these are not. From probabilities take "
            "p.argmax(axis=1)."
        )
    return [int(label) for label in array]


def _check_replaceable(path: Path) -> None:
    """A file in the way may be overwritten only if it holds predictions itself."""
    if not path.exists():
        return
    with path.open("rb") as file:
        first = file.readline(100)
    if first.strip() != HEADER.encode():
        raise CompetitionError(
            f"{path} is there already and holds something else, so it stays. Choose another name."
        )
