"""Evidence: what an answer leaves behind for the grader. Arrays and an exported model, nothing that runs.

Written in the student's kernel, where nothing can be trusted, and read outside it, where nothing is: every
size is bounded before it is read, arrays come without pickles, links and devices are refused.
"""

from __future__ import annotations

import json
import math
import os
import re
import stat
import tempfile
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from helpers.errors import WorkshopError

Arrays = Mapping[str, NDArray[Any]]

_FACTS, _ARRAYS, _MODEL = "facts.json", "arrays.npz", "model.keras"
_FACTS_LIMIT = 4096  # bytes
_PROBLEM_LENGTH = 300
# The head of an array of numbers or truth values in NumPy's format. NumPy would read it with Python's parser,
# which before 3.11.8 fails now and then where several threads use it (CPython's issue 106905).
_HEADER = re.compile(
    rb"\x93NUMPY(?:\x01\x00..|[\x02\x03]\x00....)"
    rb"\{'descr': '(?P<dtype>[<>|]?[biuf]\d{1,2})', 'fortran_order': (?P<fortran>True|False), "
    rb"'shape': \((?P<shape>[\d, ]{0,200})\), \} *\n",
    re.DOTALL,
)
_MOST_ARRAYS = 64


class EvidenceError(WorkshopError):
    """The evidence of one item can't be read as what it should be."""


@dataclass(frozen=True)
class Evidence:
    """The evidence of one item.

    attempted: False where the answer is still the empty stub.
    problem:   why there is nothing more, in a sentence (a raised error, say); "" where there is.
    arrays:    what the student's function returned or what they predicted, by name.
    model:     the bytes of a .keras file, where the item asks for a model.
    """

    attempted: bool = True
    problem: str = ""
    arrays: Arrays = field(default_factory=dict)
    model: bytes | None = None


def write(folder: Path, evidence: Evidence) -> None:
    """Writes one item's evidence into its folder, made if need be."""
    folder.mkdir(parents=True, exist_ok=True)
    if evidence.arrays:
        (folder / _ARRAYS).write_bytes(pack(evidence.arrays))
    if evidence.model is not None:
        (folder / _MODEL).write_bytes(evidence.model)
    facts = {"attempted": evidence.attempted, "problem": printable(evidence.problem)}
    (folder / _FACTS).write_text(json.dumps(facts), encoding="utf-8")


def read(folder: Path, limit: int) -> Evidence | None:
    """Reads one item's evidence, at most `limit` bytes of it, packed or unpacked; None where there is none.

    Raises EvidenceError where it is too large, damaged, not a plain file, or holds anything but numbers.
    """
    if folder.is_symlink():
        raise EvidenceError(f"{folder.name} is a link, not a folder.")
    facts_bytes = _read_file(folder / _FACTS, _FACTS_LIMIT)
    if facts_bytes is None:
        return None
    attempted, problem = _facts(facts_bytes)
    packed = _read_file(folder / _ARRAYS, limit)
    arrays = {} if packed is None else unpack(packed, limit)
    left = limit - sum(array.nbytes for array in arrays.values())
    return Evidence(attempted, problem, arrays, model=_read_file(folder / _MODEL, max(left, 0)))


def files(limit: int) -> dict[str, int]:
    """The files that one item's evidence is made of, and how many bytes of each are looked at."""
    return {_FACTS: _FACTS_LIMIT + 1, _ARRAYS: limit, _MODEL: limit}


def exported(model: Any) -> bytes:
    """A Keras model as the bytes of a .keras file."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / _MODEL
        model.save(path)
        return path.read_bytes()


def printable(text: str) -> str:
    """A text of bounded length without control characters, for what a student's code may have said."""
    return "".join(letter if letter.isprintable() else " " for letter in text[:_PROBLEM_LENGTH])


def pack(arrays: Arrays) -> bytes:
    """Named arrays as the bytes of an npz file."""
    buffer = BytesIO()
    # NumPy's savez would do it, but takes an array called "file" for something else.
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, array in arrays.items():
            with archive.open(f"{name}.npy", "w", force_zip64=True) as entry:
                np.lib.format.write_array(entry, np.asanyarray(array), allow_pickle=False)
    return buffer.getvalue()


def unpack(packed: bytes, limit: int) -> dict[str, NDArray[Any]]:
    """The named arrays of an npz file whose unpacked size is at most `limit` bytes; numbers only."""
    try:
        with zipfile.ZipFile(BytesIO(packed)) as archive:
            entries = archive.infolist()
            if len(entries) > _MOST_ARRAYS:
                raise EvidenceError(f"There are {len(entries):,} arrays; at most {_MOST_ARRAYS} are read.")
            if sum(entry.file_size for entry in entries) > limit:
                raise EvidenceError(f"The arrays are larger than the {limit:,} bytes that are allowed.")
            return {entry.filename.removesuffix(".npy"): _array(archive, entry, limit) for entry in entries}
    except EvidenceError:
        raise
    except Exception as error:  # bytes from anywhere make zip, deflate and NumPy fail in many ways
        raise EvidenceError(f"The arrays can't be read: {printable(str(error))}.") from error


def _array(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, limit: int) -> NDArray[Any]:
    # A zip entry may unpack to more than its header says: read a bounded amount, whatever it says.
    with archive.open(entry) as stream:
        content = stream.read(limit + 1)
    if len(content) > limit:
        raise EvidenceError(
            f"The array {entry.filename!r} is larger than the {limit:,} bytes that are allowed."
        )
    header = _HEADER.match(content)
    if header is None:
        raise EvidenceError(f"The array {entry.filename!r} isn't an array of numbers.")
    dtype = np.dtype(header["dtype"].decode())
    shape = tuple(int(number) for number in header["shape"].split(b",") if number.strip())
    # A header may promise far more than the file holds.
    if math.prod(shape) * dtype.itemsize > len(content) - header.end():
        raise EvidenceError(f"The array {entry.filename!r} is cut short.")
    order: Any = "F" if header["fortran"] == b"True" else "C"
    return np.ndarray(shape, dtype, content, header.end(), order=order).copy("K")


def _facts(content: bytes) -> tuple[bool, str]:
    try:
        facts = json.loads(content)
        return bool(facts["attempted"]), printable(str(facts["problem"]))
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise EvidenceError("The evidence's facts.json is damaged.") from error


def _read_file(path: Path, limit: int) -> bytes | None:
    """A plain file's bytes, or None where there is none; follows no link, waits on no pipe or device."""
    flags = (
        os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
    )
    try:
        descriptor = os.open(path, flags)
    except FileNotFoundError:
        return None
    except OSError as error:
        raise EvidenceError(f"{path.name} can't be read: {error.strerror}.") from error
    try:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            raise EvidenceError(f"{path.name} isn't a plain file.")
        with os.fdopen(descriptor, "rb", closefd=False) as stream:
            content = stream.read(limit + 1)
    finally:
        os.close(descriptor)
    if len(content) > limit:
        raise EvidenceError(f"{path.name} is larger than the {limit:,} bytes that are allowed.")
    return content
