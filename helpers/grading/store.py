"""Bytes that are kept under a digest of all that decides them, so that nothing is computed twice.

An entry is there whole or not at all: it is written beside its place and renamed, it begins with a digest of
its content and its key, and one that doesn't fit its digest is thrown away, as if it had never been kept.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import re
import tempfile
from collections.abc import Iterator
from pathlib import Path

from helpers.grading.isolation.processes import read_plain_file

ENTRY_LIMIT = 2**30  # bytes of one entry
TOTAL_LIMIT = 8 * 2**30  # bytes of all entries after a trim
_KEY = re.compile(r"[a-z]+-[0-9a-f]{64}")
_UNFINISHED = ".making-"


class Store:
    """A folder of entries. Several processes may use it at once."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def get(self, key: str) -> bytes | None:
        """An entry's content; None where there is none, or what is there isn't what was put."""
        path = self._path(key)
        entry = read_plain_file(path, ENTRY_LIMIT)
        if entry is None:
            return None
        head, content = entry[:32], entry[32:]
        if head != _head(key, content):
            with contextlib.suppress(OSError):
                path.unlink()
            return None
        with contextlib.suppress(OSError):
            os.utime(path)  # used now: trimmed last
        return content

    def put(self, key: str, content: bytes) -> None:
        """Keeps an entry in place of an older one. Larger than ENTRY_LIMIT, it is not kept."""
        if len(content) + 32 > ENTRY_LIMIT:
            return
        path = self._path(key)
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        descriptor, made = tempfile.mkstemp(dir=self.folder, prefix=_UNFINISHED)
        try:
            with os.fdopen(descriptor, "wb") as file:
                file.write(_head(key, content))
                file.write(content)
            os.replace(made, path)
        finally:
            with contextlib.suppress(FileNotFoundError):
                os.unlink(made)

    def drop(self, key: str) -> None:
        """Forgets an entry, if it is there."""
        with contextlib.suppress(FileNotFoundError):
            self._path(key).unlink()

    def clear(self) -> int:
        """Forgets everything; the bytes freed."""
        return self.trim(0)

    def trim(self, limit: int = TOTAL_LIMIT) -> int:
        """Forgets what was used longest ago, until at most `limit` bytes are left; the bytes freed."""
        entries = sorted(self._entries(), key=lambda entry: entry.stat().st_mtime)
        sizes = [entry.stat().st_size for entry in entries]
        left, freed = sum(sizes), 0
        for entry, size in zip(entries, sizes, strict=True):
            if left - freed <= limit:
                break
            entry.unlink(missing_ok=True)
            freed += size
        return freed

    def _entries(self) -> Iterator[Path]:
        """Entries, and what a run that was killed left behind."""
        for path in self.folder.glob("*"):
            if path.name.startswith(_UNFINISHED):
                yield path
            elif path.is_dir():
                yield from path.iterdir()

    def _path(self, key: str) -> Path:
        if not _KEY.fullmatch(key):
            raise ValueError(f"not a key: {key!r}")
        return self.folder / key.rpartition("-")[2][:2] / key


def _head(key: str, content: bytes) -> bytes:
    digest = hashlib.sha256(key.encode())
    digest.update(content)
    return digest.digest()
