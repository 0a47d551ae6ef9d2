"""`workshop data import`: taking a full data set from files that somebody has."""

from __future__ import annotations

import os
import stat
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from helpers.datasets import full, idx
from helpers.datasets.catalog import Source
from helpers.datasets.errors import DataError
from helpers.datasets.installing import Writer, copying, install
from helpers.datasets.npz import write_npz
from helpers.datasets.space import require_space
from helpers.datasets.splits import Splits

Kind = Literal["npz", "csv", "idx images", "idx labels"]


@dataclass(frozen=True)
class _File:
    path: Path
    kind: Kind

    @property
    def part(self) -> Literal["train", "test", "unknown"]:
        """What the file's name says that it is for."""
        name = self.path.name.lower()
        if "train" in name:
            return "train"
        return "test" if "test" in name or "t10k" in name else "unknown"


def import_files(source: Source, paths: Sequence[Path], folder: Path) -> Splits:
    """Read and check the files at `paths`, then put them into `folder` as the full `source`.

    Taken are: one npz with Keras's arrays; two CSVs in Kaggle's layout; four idx or idx.gz files; or a folder
    with these. Which files are for training and which for testing is what their names say ("train", "test",
    "t10k"); where the names do not say it, the first of a kind is for training. One CSV alone replaces its
    half where the other half is in `folder` already.

    Raises:
        DataError: a file is not there, not of a known kind, damaged, or does not belong to `source`; or there
            is no room or no permission. What was in `folder` is as it was.
    """
    files = [_recognise(path) for path in _expand(source, paths)]
    chosen = _arrange(source, files, folder)
    splits = full.read(source, chosen)
    writers = _writers(source, chosen, splits)
    require_space(folder, sum(path.stat().st_size for path in chosen))
    install(source, folder, writers)
    return splits


def _expand(source: Source, paths: Sequence[Path]) -> list[Path]:
    """The files named, and for a folder those in it with the well-known names, or all that look like data."""
    files: list[Path] = []
    for path in paths:
        if not os.path.isdir(path):
            files.append(path)
            continue
        try:
            found = full.find(source, path) or tuple(filter(_looks_like_data, sorted(path.iterdir())))
        except OSError as error:
            raise DataError(f"Cannot read the folder {path}: {error.strerror}.") from error
        if not found:
            raise DataError(
                f"{path} is a folder without .npz, .csv or idx files in it; name the files themselves."
            )
        files.extend(found)
    return files


def _looks_like_data(path: Path) -> bool:
    return os.path.isfile(path) and (path.suffix in {".npz", ".csv"} or "-ubyte" in path.name)


def _recognise(path: Path) -> _File:
    """What kind of file this is, by what is in it."""
    try:
        if not stat.S_ISREG(path.stat().st_mode):
            raise DataError(f"{path} is not a file that can be read as data.")
        with open(path, "rb") as file:
            start = file.read(8)
    except OSError as error:
        link = f" (it is a link to {path.readlink()})" if path.is_symlink() else ""
        raise DataError(f"Cannot read {path}{link}: {error.strerror}.") from error
    if not start:
        raise DataError(f"{path} is empty.")
    if start.startswith(b"PK"):
        return _recognise_zip(path)
    if kind := idx.kind_of(path):
        return _File(path, "idx images" if kind == "images" else "idx labels")
    if path.suffix == ".csv" or start.removeprefix(b"\xef\xbb\xbf").startswith(b"label"):
        return _File(path, "csv")
    raise DataError(
        f"{path} is neither an npz nor an idx file, gzipped or not, nor a CSV: it begins with {start!r}. "
        "A file that a browser saved may be a web page, or only a part of what it should be."
    )


def _recognise_zip(path: Path) -> _File:
    try:
        with zipfile.ZipFile(path) as archive:
            names = archive.namelist()
    except zipfile.BadZipFile as error:
        raise DataError(f"{path} is a truncated or damaged npz or zip file ({error}).") from error
    if any(name.endswith(".npy") for name in names):
        return _File(path, "npz")
    shown = ", ".join(names[:4])
    raise DataError(
        f"{path} is a zip archive ({shown} …): unpack it, then import the folder or the files in it."
    )


def _arrange(source: Source, files: list[_File], folder: Path) -> tuple[Path, ...]:
    """The paths in the order that `full.read` takes them: one npz, two CSVs or four idx files."""
    kinds = sorted(file.kind for file in files)
    if kinds == ["npz"]:
        return (files[0].path,)
    if kinds == ["csv", "csv"]:
        return _train_and_test(files)
    if kinds == ["csv"]:
        return _with_other_half(source, files[0], folder)
    if kinds == ["idx images", "idx images", "idx labels", "idx labels"]:
        images = _train_and_test([file for file in files if file.kind == "idx images"])
        labels = _train_and_test([file for file in files if file.kind == "idx labels"])
        return (images[0], labels[0], images[1], labels[1])
    found = ", ".join(f"{file.path.name} ({file.kind})" for file in files) or "no file"
    raise DataError(
        "Expected one npz, two CSVs (training and test) or four idx files (images and labels of both); "
        f"found {found}."
    )


def _train_and_test(files: list[_File]) -> tuple[Path, Path]:
    first, second = files
    if first.part == second.part != "unknown":
        raise DataError(
            f"{first.path.name} and {second.path.name} both say {first.part} in their names; "
            "expected one file to train on and one to test on."
        )
    if first.part == "test" or second.part == "train":
        first, second = second, first
    return first.path, second.path


def _with_other_half(source: Source, file: _File, folder: Path) -> tuple[Path, ...]:
    names = next((layout for layout in source.layouts if len(layout) == 2), ())
    halves = {
        "train": (file.path, *(folder / name for name in names[1:])),
        "test": (*(folder / name for name in names[:1]), file.path),
    }
    pair = halves.get(file.part, ())
    if len(pair) != 2 or not all(os.path.isfile(path) for path in pair):
        raise DataError(
            f"{file.path.name} alone is half of a data set: give the training and the test file together. "
            "One alone is taken only where the other is in the data folder and its name says train or test."
        )
    return pair


def _writers(source: Source, chosen: tuple[Path, ...], splits: Splits) -> dict[str, Writer]:
    """How to write each file: copied as it is where `source` has files of this format, else as npz."""
    zipped = {idx.is_zipped(path) for path in chosen}
    for layout in source.layouts:
        if len(layout) == len(chosen) and zipped == {layout[0].endswith(".gz")}:
            return {name: copying(path) for name, path in zip(layout, chosen, strict=True)}
    (npz,) = next(layout for layout in source.layouts if len(layout) == 1)
    return {npz: lambda path: write_npz(path, splits)}
