"""Reading what a student's code may have made: no link is followed, no pipe or device waited for.

And JSON of few megabytes doesn't become gigabytes of memory.
"""

from __future__ import annotations

import json
import os
import stat
from pathlib import Path
from typing import Any

_MOST_PARTS = 2_000_000  # each takes some hundred bytes once it is read


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


def read_json(content: bytes) -> Any:
    """What JSON says. Raises ValueError for what is none or has too many parts, RecursionError for depth."""
    if sum(content.count(mark) for mark in (b"[", b"{", b",")) > _MOST_PARTS:
        raise ValueError(f"more than {_MOST_PARTS:,} parts")
    return json.loads(content)
