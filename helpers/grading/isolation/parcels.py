"""Parcels: named contents and a few facts as one piece of bytes, the way into a sandbox and out of it.

A parcel is the length of its head (8 bytes, big-endian), the head as JSON, and the contents after each other.
Whoever receives one says how large it may be; nothing in it is run, and names are only ever looked up.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import IO, Any

_HEAD_LIMIT = 4 * 2**20
_LENGTH = 8


class ParcelError(ValueError):
    """What arrived isn't a parcel, isn't whole, or is larger than it may be."""


def send(stream: IO[bytes], facts: Mapping[str, Any], contents: Mapping[str, bytes]) -> None:
    """Writes a parcel. facts: anything that JSON holds."""
    sizes = {name: len(content) for name, content in contents.items()}
    head = json.dumps({"facts": facts, "sizes": sizes}).encode()
    stream.write(len(head).to_bytes(_LENGTH, "big") + head)
    for content in contents.values():
        stream.write(content)
    stream.flush()


def receive(stream: IO[bytes], limit: int) -> tuple[dict[str, Any], dict[str, bytes]] | None:
    """Reads one parcel of at most `limit` bytes of contents; None where the stream is at its end.

    Raises ParcelError.
    """
    start = stream.read(_LENGTH)
    if not start:
        return None
    length = int.from_bytes(start, "big")
    if len(start) < _LENGTH or length > _HEAD_LIMIT:
        raise ParcelError("The head is cut short or too large.")
    try:
        head = json.loads(_exactly(stream, length))
        facts, sizes = dict(head["facts"]), {str(name): int(size) for name, size in head["sizes"].items()}
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise ParcelError("The head can't be read.") from error
    if min(sizes.values(), default=0) < 0 or sum(sizes.values()) > limit:
        raise ParcelError(f"The contents are larger than {limit:,} bytes.")
    return facts, {name: _exactly(stream, size) for name, size in sizes.items()}


def _exactly(stream: IO[bytes], size: int) -> bytes:
    content = stream.read(size)
    if len(content) != size:
        raise ParcelError("The parcel is cut short.")
    return content
