"""Reading Kaggle's CSV layout of these sets: a label and 784 pixels a row, under one header line."""

from __future__ import annotations

from pathlib import Path
from typing import BinaryIO

import numpy as np

from helpers.datasets.catalog import IMAGE_SIDE, MOST_IMAGES
from helpers.datasets.errors import DamagedFileError
from helpers.datasets.splits import Pixels, Split

COLUMNS = ("label", *(f"pixel{number}" for number in range(1, IMAGE_SIDE * IMAGE_SIDE + 1)))
_HEADER = ",".join(COLUMNS).encode()
_BLOCK = 1 << 20
_LONGEST_LINE = 1 << 14
_COMMA, _NEWLINE, _ZERO = b",\n0"


def read_csv(path: Path, labels: tuple[int, ...]) -> Split:
    """All rows of one file, whose labels must be among `labels`.

    The digits are parsed by NumPy, about a megabyte at a time; only where that meets something odd are lines
    looked at one by one, to name the first that is wrong.

    Raises:
        DamagedFileError: with line, column, what was expected and what was found.
        OSError: the file cannot be read at all.
    """
    blocks: list[Pixels] = []
    rows = 0
    with open(path, "rb") as file:
        _check_header(path, file.readline(_LONGEST_LINE))
        while block := _read_block(file):
            blocks.append(_parse(path, block, labels, first_line=rows + 2))
            rows += len(blocks[-1])
            if rows > MOST_IMAGES:
                raise DamagedFileError(path, f", line {rows + 1}: more than {MOST_IMAGES:,} rows")
    if not rows:
        raise DamagedFileError(path, "no rows under the header; expected at least one image")
    table = np.concatenate(blocks)
    return Split(table[:, 1:].reshape(-1, IMAGE_SIDE, IMAGE_SIDE), table[:, 0].astype(np.int64))


def _check_header(path: Path, line: bytes) -> None:
    found = line.removeprefix(b"\xef\xbb\xbf").rstrip(b"\r\n")
    if found == _HEADER:
        return
    names = found.decode(errors="replace").split(",")
    for number, (name, expected) in enumerate(zip(names, COLUMNS, strict=False), start=1):
        if name != expected:
            shown = _shorten(name)
            raise DamagedFileError(path, f', line 1: column {number} should be "{expected}", found "{shown}"')
    raise DamagedFileError(path, f", line 1: expected {len(COLUMNS)} column names, found {len(names)}")


def _read_block(file: BinaryIO) -> bytes:
    """Some whole lines with newline endings; b"" at the end of the file."""
    block = file.read(_BLOCK)
    if block and not block.endswith(b"\n"):
        block += file.readline(_LONGEST_LINE)
    if b"\r" in block:
        block = block.replace(b"\r\n", b"\n")
    return block if not block or block.endswith(b"\n") else block + b"\n"


def _parse(path: Path, block: bytes, labels: tuple[int, ...], first_line: int) -> Pixels:
    """The numbers of whole lines, uint8 (rows, 785)."""
    table = _parse_digits(np.frombuffer(block, np.uint8))
    if table is None or not np.isin(table[:, 0], labels).all():
        raise _first_problem(path, block, labels, first_line)
    return table.astype(np.uint8)


def _parse_digits(text: Pixels) -> np.ndarray[tuple[int, int], np.dtype[np.int16]] | None:
    """The table that `text` spells, None where anything but numbers of 0 to 255 in full rows is in it."""
    ends = np.flatnonzero((text == _COMMA) | (text == _NEWLINE))
    if len(ends) % len(COLUMNS):
        return None
    newline = (text[ends] == _NEWLINE).reshape(-1, len(COLUMNS))
    digits = np.diff(ends, prepend=-1) - 1
    if newline[:, :-1].any() or not newline[:, -1].all() or digits.min() < 1 or digits.max() > 3:
        return None
    if np.count_nonzero(text - _ZERO < 10) + len(ends) != len(
        text
    ):  # bytes below "0" wrap round to large ones
        return None
    values = (text[ends - 1] - _ZERO).astype(np.int16)
    values += 10 * np.where(digits > 1, text[ends - 2] - _ZERO, 0).astype(np.int16)
    values += 100 * np.where(digits > 2, text[ends - 3] - _ZERO, 0).astype(np.int16)
    return values.reshape(-1, len(COLUMNS)) if values.max() <= 255 else None


def _first_problem(path: Path, block: bytes, labels: tuple[int, ...], first_line: int) -> DamagedFileError:
    for number, line in enumerate(block.split(b"\n")[:-1], start=first_line):
        fields = line.decode(errors="replace").split(",")
        if len(fields) != len(COLUMNS):
            found = "an empty line" if not line.strip() else f"{len(fields)}"
            return DamagedFileError(path, f", line {number}: expected {len(COLUMNS)} values, found {found}")
        for column, field in zip(COLUMNS, fields, strict=True):
            if problem := _problem(column, field, labels):
                return DamagedFileError(path, f", line {number}, column {column}: {problem}")
    return DamagedFileError(path, f", line {first_line} or later: not Kaggle's layout")


def _problem(column: str, field: str, labels: tuple[int, ...]) -> str:
    """What is wrong with one field, in words; "" where nothing is."""
    found = f"found '{_shorten(field)}'"
    whole = field.isascii() and field.isdigit() and len(field) <= 3
    if column == "label":
        good = whole and int(field) in labels
        return "" if good else f"expected a label {describe(labels)}, {found}"
    good = whole and int(field) <= 255
    return "" if good else f"expected a whole number from 0 to 255, {found}"


def describe(labels: tuple[int, ...]) -> str:
    """For example "from 0 to 24 without 9"."""
    gaps = sorted(set(range(labels[0], labels[-1])) - set(labels))
    return f"from {labels[0]} to {labels[-1]}" + "".join(f" without {gap}" for gap in gaps)


def _shorten(text: str) -> str:
    return text if len(text) <= 30 else text[:27] + "…"
