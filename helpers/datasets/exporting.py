"""Loaded images as a CSV in Kaggle's layout, the form in which one meets them elsewhere."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from helpers.datasets.atomic import replacing
from helpers.datasets.catalog import entry
from helpers.datasets.errors import DataError, UnwritableError
from helpers.datasets.kaggle_csv import COLUMNS

if TYPE_CHECKING:
    from helpers.datasets.loading import Dataset

HEADER = ",".join(COLUMNS).encode() + b"\n"


def write_csv(dataset: Dataset, path: str | Path, split: str = "train") -> Path:
    """Write a data set's images as Kaggle's CSV: a row for each, with its label and 784 pixels from 0 to 255.

    The labels are those of the published files, which need not count through: those of "signs" go from 0 to
    24 without 9, those of "rps" are 0, 1 and 21.

    Args:
        dataset: what `load` gave.
        path: where to; the folder is made where it is missing. Only such a table is ever replaced.
        split: "train" or "test".

    Returns:
        The path.

    Raises:
        DataError: another split, or a place that can't be written to.
    """
    path = Path(path)
    if split not in ("train", "test"):
        raise DataError(f'split is "{split}"; it can be "train" or "test".')
    images, classes = (getattr(dataset, f"{part}_{split}") for part in "xy")
    pixels = np.rint(255 * images).astype(np.uint8).reshape(len(images), -1)
    labels = np.array(entry(dataset.name).labels, dtype=np.uint8)[classes]
    spelt = [str(number).encode() for number in range(256)]
    try:
        _check_replaceable(path)
        with replacing(path) as temporary, open(temporary, "wb") as file:
            file.write(HEADER)
            for row in np.column_stack([labels, pixels]):
                file.write(b",".join([spelt[number] for number in row]) + b"\n")
    except (OSError, UnwritableError) as error:
        reason = getattr(error, "reason", None) or getattr(error, "strerror", None) or error
        raise DataError(f"{path} can't be written: {reason}. Choose another folder.") from error
    return path


def _check_replaceable(path: Path) -> None:
    if not path.exists():
        return
    with path.open("rb") as file:
        if file.readline(len(HEADER)) != HEADER:
            raise DataError(
                f"{path} is there already and holds something else, so it stays. Choose another name."
            )
