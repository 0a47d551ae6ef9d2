"""What data is there: which variant of each data set is used, how much of it, and where it comes from."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from helpers.datasets import catalog, drawn, full
from helpers.datasets.catalog import Entry, Source
from helpers.datasets.checksums import sha256_of
from helpers.datasets.errors import DamagedFileError, DataError
from helpers.datasets.folder import Variant
from helpers.datasets.npz import read_npz
from helpers.datasets.splits import Splits


@dataclass(frozen=True)
class Status:
    """One data set as `load` would find it. `size` is in bytes, `note` says where its files come from."""

    name: str
    in_use: Literal["full", "bundled", "damaged", "none"]
    train_images: int
    test_images: int
    size: int
    note: str


def status_of_all(folder: Path, variant: Variant) -> list[Status]:
    """The status of every data set, read and checked as `load` does."""
    return [status(entry, folder, variant) for entry in catalog.ENTRIES.values()]


def status(entry: Entry, folder: Path, variant: Variant) -> Status:
    """The status of one data set."""
    paths = full.find(entry.source, folder) if variant != "bundled" else ()
    if paths:
        return _full_status(entry, paths)
    if variant != "full":
        return _bundled_status(entry, folder)
    absent = full.missing(entry.source, folder)
    note = (
        f"{' and '.join(absent)} missing"
        if absent
        else f"not here yet: workshop data fetch {entry.source.name}"
    )
    return Status(entry.name, "none", 0, 0, 0, note)


def _full_status(entry: Entry, paths: tuple[Path, ...]) -> Status:
    size = sum(path.stat().st_size for path in paths)
    try:
        splits = full.read(entry.source, paths)
    except DataError as error:
        problem = f"{error.path.name}: {error.problem}" if isinstance(error, DamagedFileError) else str(error)
        return Status(entry.name, "damaged", 0, 0, size, problem)
    chosen = splits.choose(entry.labels)
    note = f"{entry.source.title}, {describe_copy(entry.source, paths, splits)}"
    return Status(entry.name, "full", len(chosen.train), len(chosen.test), size, note)


def describe_copy(source: Source, paths: tuple[Path, ...], splits: Splits) -> str:
    """Whether these files are the published ones, as far as can be told, in words."""
    published = {file.name: file.sha256 for file in source.remote}
    if all(path.name in published and published[path.name] == sha256_of(path) for path in paths):
        return "official files (checksums match)"
    if (len(splits.train), len(splits.test)) == (source.train_images, source.test_images):
        return "as many images as the official one" if source.kaggle else "other copy, complete"
    return f"other copy (the official one has {source.train_images:,} + {source.test_images:,})"


def _bundled_status(entry: Entry, folder: Path) -> Status:
    drawing = entry.drawing
    path = drawn.cache_path(entry, folder)
    try:
        read_npz(path)
        size, note = path.stat().st_size, "drawn by the workshop"
    except (OSError, DamagedFileError):
        size, note = 0, "drawn by the workshop when first used"
    return Status(entry.name, "bundled", drawing.train_images, drawing.test_images, size, note)
