"""Whether there is room on the disk, asked before writing."""

from __future__ import annotations

import shutil
from pathlib import Path

from helpers.datasets.errors import DataError

_SPARE = 20_000_000  # bytes that are left free for everybody else


def require_space(folder: Path, size: int) -> None:
    """Return where `size` more bytes fit into `folder`, which need not exist yet.

    Raises:
        DataError: they do not; the message says how much there is and how much is needed.
    """
    there = folder
    while not there.exists():
        there = there.parent
    free = shutil.disk_usage(there).free
    if free < size + _SPARE:
        raise DataError(
            f"Too little room in {folder}: {_megabytes(size + _SPARE)} needed, {_megabytes(free)} free. "
            "Make room there, or set WORKSHOP_DATA_DIR to a folder on a larger disk."
        )


def _megabytes(size: int) -> str:
    return f"{size / 1e6:,.0f} MB"
