"""`load`: a data set by name, whichever variant of it is there."""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from helpers.datasets import catalog, drawn, full
from helpers.datasets.errors import DataError
from helpers.datasets.folder import Variant, chosen_variant, data_folder
from helpers.datasets.splits import Pixels

_ALIGNMENT = 64  # bytes
_ahead: dict[tuple[str, bool, Path], Dataset] = {}
"""What `load_ahead` has loaded: by name, whether it is the full one, and the data folder."""


@dataclass(frozen=True, eq=False)
class Dataset:
    """Images to train on and images to test on.

    Attributes:
        name: "digits", "fashion", "signs" or "rps".
        x_train, x_test: images, float32 (n, 28, 28, 1), from 0 (black) to 1 (white).
        y_train, y_test: class indices from 0, int64 (n,).
        class_names: what class 0, 1, … is called.
        origin: which variant this is and where it comes from, in words.
    """

    name: str
    x_train: NDArray[np.float32]
    y_train: NDArray[np.int64]
    x_test: NDArray[np.float32]
    y_test: NDArray[np.int64]
    class_names: tuple[str, ...]
    origin: str

    def __repr__(self) -> str:
        return f"Dataset({self.name}: {self.origin}, {len(self.y_train):,} + {len(self.y_test):,} images)"


def load(name: str, variant: str | None = None, *, quiet: bool = False) -> Dataset:
    """Load a data set, and say in one line which variant of it that is.

    Args:
        name: "digits", "fashion", "signs" or "rps" (the signs A, B and V as rock, paper and scissors).
        variant: "full" (the real images), "bundled" (images that the workshop draws) or "auto" (full where it
            is there, else bundled). None takes the environment variable WORKSHOP_DATA, and "auto" without it.
        quiet: print nothing.

    Raises:
        DataError: no such data set or variant, the variant is not there, or its files are damaged.
    """
    dataset = _loaded(catalog.entry(name), data_folder(), chosen_variant(variant))
    if not quiet:
        train, test = len(dataset.y_train), len(dataset.y_test)
        print(f"{name}: {dataset.origin}; {train:,} images to train on, {test:,} to test on")
    return dataset


def load_ahead(folder: Path) -> None:
    """Load what lies in a data folder now, for a process whose forks are going to `load` it from there.

    Each fork's first `load` of a data set takes it from memory, which all of them share until one writes to
    it; the next `load` reads the files again, as the images of the first may have been changed meanwhile.

    Raises:
        DataError: files are damaged.
    """
    for entry in catalog.ENTRIES.values():
        if full.find(entry.source, folder):
            _ahead[entry.name, True, folder] = _loaded(entry, folder, "full")
        if drawn.cache_path(entry, folder).is_file():
            _ahead[entry.name, False, folder] = _loaded(entry, folder, "bundled")


def variant_in_use(name: str) -> Variant:
    """Which variant `load(name)` gives here, "full" or "bundled"; reads no images.

    Raises:
        DataError: no such data set or variant.
    """
    paths = full.find(catalog.entry(name).source, data_folder())
    return "full" if paths and chosen_variant(None) != "bundled" else "bundled"


def _loaded(entry: catalog.Entry, folder: Path, variant: Variant) -> Dataset:
    paths = full.find(entry.source, folder) if variant != "bundled" else ()
    if variant == "full" and not paths:
        raise _not_there(entry, folder)
    ahead = _ahead.pop((entry.name, bool(paths), folder), None)
    if ahead is not None:
        return ahead
    if paths:
        splits = full.read(entry.source, paths).choose(entry.labels)
        origin = f"the full {entry.source.title}, from {_file_names(paths)}"
    else:
        splits, origin = drawn.images(entry, folder), "bundled images, drawn by the workshop"
    return Dataset(
        name=entry.name,
        x_train=_scale(splits.train.images),
        y_train=splits.train.labels,
        x_test=_scale(splits.test.images),
        y_test=splits.test.labels,
        class_names=entry.class_names,
        origin=origin,
    )


def _scale(images: Pixels) -> NDArray[np.float32]:
    scaled = _empty((*images.shape, 1))
    scaled[...] = images[..., np.newaxis]
    scaled /= 255
    return scaled


def _empty(shape: tuple[int, ...]) -> NDArray[np.float32]:
    """An array that begins where TensorFlow can use it without a copy."""
    room = np.empty(4 * math.prod(shape) + _ALIGNMENT, np.uint8)
    start = -room.ctypes.data % _ALIGNMENT
    return room[start : start + 4 * math.prod(shape)].view(np.float32).reshape(shape)


def _file_names(paths: tuple[Path, ...]) -> str:
    return paths[0].name if len(paths) == 1 else f"{paths[0].name} and {paths[-1].name}"


def _not_there(entry: catalog.Entry, folder: Path) -> DataError:
    source = entry.source
    absent = full.missing(source, folder) or source.layouts[0]
    ways = [
        f"`workshop data fetch {source.name}` downloads them",
        f"`workshop data import {source.name} PATH…` takes files that you have",
        f'load("{entry.name}", "bundled") goes on with drawn images',
    ]
    return DataError(
        f"The full {source.title} is not in {folder}: {' and '.join(absent)} not found.\n"
        + "; ".join(ways)
        + "."
    )
