"""Reading files that a student's code may have made: no link is followed, no pipe or device waited for."""

from __future__ import annotations

import os
import stat
from pathlib import Path


def read_start(path: Path, most: int) -> bytes | None:
    """The first `most` bytes of a plain file, or None where there is none."""
    flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
    try:
        descriptor = os.open(path, flags | getattr(os, "O_BINARY", 0))
    except OSError:
        return None
    with os.fdopen(descriptor, "rb") as stream:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            return None
        return stream.read(most)


def read_plain_file(path: Path, limit: int) -> bytes | None:
    """A plain file's bytes, or None where there is none of at most `limit` bytes."""
    content = read_start(path, limit + 1)
    return None if content is None or len(content) > limit else content
