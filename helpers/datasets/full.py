"""The full data sets: which files of the data folder hold them, and reading those."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np

from helpers.datasets.catalog import IDX_FILES, SOURCES, Source
from helpers.datasets.errors import DamagedFileError, DataError
from helpers.datasets.idx import read_idx_files
from helpers.datasets.kaggle_csv import describe, read_csv
from helpers.datasets.npz import read_npz
from helpers.datasets.splits import Splits


def find(source: Source, folder: Path) -> tuple[Path, ...]:
    """The files that hold `source` in `folder`; () where no layout of it is complete there."""
    for layout in source.layouts:
        paths = tuple(folder / name for name in layout)
        if all(os.path.isfile(path) for path in paths):  # False, too, where we may not look
            return paths
    return ()


def missing(source: Source, folder: Path) -> tuple[str, ...]:
    """The names that would complete a layout of which some files are there; () where none or all are."""
    if find(source, folder):
        return ()
    for layout in source.layouts:
        absent = tuple(name for name in layout if not os.path.isfile(folder / name))
        if len(absent) < len(layout):
            return absent
    return ()


def read(source: Source, paths: tuple[Path, ...]) -> Splits:
    """Read one npz, two CSVs or four idx files, in the order that `find` gives them, and check them.

    Raises:
        DamagedFileError: a file is not what its name says; the message names the place.
        DataError: a file cannot be read.
    """
    try:
        splits = _read(source, paths)
    except OSError as error:
        raise DataError(f"Cannot read {error.filename or paths[0]}: {error.strerror or error}.") from error
    _check_labels(source, paths, splits)
    return splits


def _read(source: Source, paths: tuple[Path, ...]) -> Splits:
    if len(paths) == 1:
        return read_npz(paths[0])
    if len(paths) == 2:
        return Splits(read_csv(paths[0], source.labels), read_csv(paths[1], source.labels))
    images, labels, test_images, test_labels = paths
    return read_idx_files((images, labels, test_images, test_labels))


def _check_labels(source: Source, paths: tuple[Path, ...], splits: Splits) -> None:
    """Return where these labels can be those of `source`.

    Raises:
        DamagedFileError: a label that `source` does not have.
        DataError: the labels are those of another data set.
    """
    for part, split in (("training", splits.train), ("test", splits.test)):
        wrong = np.flatnonzero(~np.isin(split.labels, source.labels))
        if wrong.size:
            at = int(wrong[0])
            problem = f"{part} label {at + 1:,} is {split.labels[at]}; {source.title} has labels "
            raise DamagedFileError(_labels_path(paths, part), problem + describe(source.labels))
    for other in SOURCES:
        first = other.first_test_labels
        if first and other is not source and tuple(splits.test.labels[: len(first)]) == first:
            raise DataError(
                f"{_labels_path(paths, 'test')} has the labels of {other.title}, not of {source.title}. "
                f"`workshop data import {other.name} PATH…` takes them."
            )


def _labels_path(paths: tuple[Path, ...], part: str) -> Path:
    if len(paths) == len(IDX_FILES):
        return paths[1] if part == "training" else paths[3]
    return paths[-1] if part == "test" else paths[0]
