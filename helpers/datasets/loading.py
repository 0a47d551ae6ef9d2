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
from helpers.datasets.splits import Pixels, Splits

_ALIGNMENT = 64  # bytes


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
    entry = catalog.entry(name)
    folder = data_folder()
    splits, origin = _read(entry, folder, chosen_variant(variant))
    dataset = Dataset(
        name=name,
        x_train=_scale(splits.train.images),
        y_train=splits.train.labels,
        x_test=_scale(splits.test.images),
        y_test=splits.test.labels,
        class_names=entry.class_names,
        origin=origin,
    )
    if not quiet:
        print(f"{name}: {origin}; {len(splits.train):,} images to train on, {len(splits.test):,} to test on")
    return dataset


def variant_in_use(name: str) -> Variant:
    """Which variant `load(name)` gives here, "full" or "bundled"; reads no images.

    Raises:
        DataError: no such data set or variant.
    """
    paths = full.find(catalog.entry(name).source, data_folder())
    return "full" if paths and chosen_variant(None) != "bundled" else "bundled"


def _read(entry: catalog.Entry, folder: Path, variant: Variant) -> tuple[Splits, str]:
    paths = full.find(entry.source, folder) if variant != "bundled" else ()
    if paths:
        splits = full.read(entry.source, paths).choose(entry.labels)
        return splits, f"the full {entry.source.title}, from {_file_names(paths)}"
    if variant == "full":
        raise _not_there(entry, folder)
    return drawn.images(entry, folder), "bundled images, drawn by the workshop"


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
