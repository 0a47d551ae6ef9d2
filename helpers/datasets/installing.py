"""Putting the files of a data set into the data folder: all of them or none, replacing what was there."""

from __future__ import annotations

import contextlib
import os
import shutil
from collections.abc import Callable, Mapping
from pathlib import Path

from helpers.datasets.atomic import replacing
from helpers.datasets.catalog import Source
from helpers.datasets.checksums import sha256_of
from helpers.datasets.errors import DataError

Writer = Callable[[Path], None]


def install(source: Source, folder: Path, writers: Mapping[str, Writer]) -> None:
    """Write each file through its writer, and when all are written give them their names in `folder`.

    Files of the same data set in another layout are removed afterwards: they would hide the new ones.

    Raises:
        UnwritableError: the folder cannot be written to, or is full. Nothing has changed.
    """
    with contextlib.ExitStack() as stack:
        for name, write in writers.items():
            write(stack.enter_context(replacing(folder / name)))
    for path in layout_files(source, folder):
        if path.name not in writers:
            with contextlib.suppress(OSError):
                path.unlink()


def copying(original: Path) -> Writer:
    """A writer that copies `original` and makes sure that the copy is the same."""

    def write(path: Path) -> None:
        shutil.copyfile(original, path)
        if sha256_of(path) != sha256_of(original):
            raise DataError(f"The copy of {original} is not like the original; is the disk all right?")

    return write


def layout_files(source: Source, folder: Path) -> list[Path]:
    """All files in `folder` that belong to `source`, whichever layout they are part of."""
    names = dict.fromkeys(name for layout in source.layouts for name in layout)
    return [path for name in names if os.path.isfile(path := folder / name) or os.path.islink(path)]
