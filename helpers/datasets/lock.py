"""One process at a time: a lock on a folder that ends with its process, however that ends."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from helpers.datasets.errors import DataError, UnwritableError


@contextlib.contextmanager
def only_one(folder: Path) -> Iterator[None]:
    """Hold the lock of `folder`, which is created where it is missing.

    Raises:
        DataError: another process holds it.
        UnwritableError: the folder cannot be written to.
    """
    path = folder / ".lock"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        path.touch()
    except OSError as error:
        raise UnwritableError(path, error) from error
    with open(path, "r+b") as file:
        if not _take(file):
            raise DataError(f"Another `workshop` is downloading into {folder} now; wait until it is done.")
        yield


def _take(file: IO[bytes]) -> bool:
    try:
        if sys.platform == "win32":
            import msvcrt

            file.seek(0)
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True
