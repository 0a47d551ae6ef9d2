"""Writing a file so that it is there whole or not at all."""

from __future__ import annotations

import contextlib
import os
import secrets
import time
from collections.abc import Iterator
from pathlib import Path

from helpers.datasets.errors import UnwritableError

_LEFT_BEHIND_AFTER_S = 3600.0


@contextlib.contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """Give a temporary path beside `path`: moved over it when the block ends well, else removed.

    Creates the folder where it is missing. What a killed process left behind is removed after an hour.

    Raises:
        UnwritableError: the folder cannot be written to, or is full. `path` is as it was before.
    """
    temporary = path.with_name(f".{path.name}.{secrets.token_hex(4)}.tmp")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        _sweep(path)
        yield temporary
        _flush(temporary)
        os.replace(temporary, path)
    except OSError as error:
        raise UnwritableError(path, error) from error
    finally:
        with contextlib.suppress(OSError):
            temporary.unlink()


def _flush(path: Path) -> None:
    """Have the bytes on the disk before the name points to them."""
    with open(path, "rb+") as file:
        os.fsync(file.fileno())


def _sweep(path: Path) -> None:
    for left in path.parent.glob(f".{path.name}.*.tmp"):
        with contextlib.suppress(OSError):
            if time.time() - left.stat().st_mtime > _LEFT_BEHIND_AFTER_S:
                left.unlink()
