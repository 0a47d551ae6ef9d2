"""Reading MNIST's own file format, idx: a magic number, the dimensions, then bytes; often gzipped."""

from __future__ import annotations

import gzip
import zlib
from pathlib import Path
from typing import BinaryIO, Literal, cast

import numpy as np

from helpers.datasets.catalog import IMAGE_SIDE, MOST_IMAGES
from helpers.datasets.errors import DamagedFileError
from helpers.datasets.splits import Labels, Pixels, Split, Splits

Kind = Literal["images", "labels"]
_MAGIC: dict[int, Kind] = {0x0803: "images", 0x0801: "labels"}


def read_idx_files(paths: tuple[Path, Path, Path, Path]) -> Splits:
    """Training images, training labels, test images and test labels, from four idx or idx.gz files.

    Raises:
        DamagedFileError: one of them is truncated, not idx, or does not fit its partner.
        OSError: one of them cannot be read at all.
    """
    return Splits(read_pair(paths[0], paths[1]), read_pair(paths[2], paths[3]))


def read_pair(images_path: Path, labels_path: Path) -> Split:
    """The images and the labels of one split; errors as in `read_idx_files`."""
    images = cast(Pixels, _read(images_path, "images"))
    labels = _read(labels_path, "labels").astype(np.int64)
    if len(images) != len(labels):
        raise DamagedFileError(
            labels_path, f"{len(labels):,} labels, but {images_path.name} has {len(images):,} images"
        )
    return Split(images, labels)


def kind_of(path: Path) -> Kind | None:
    """Whether an idx or idx.gz file holds images or labels; None where it is neither."""
    try:
        with _open(path) as file:
            return _MAGIC.get(int.from_bytes(file.read(4), "big"))
    except (OSError, EOFError, zlib.error):
        return None


def is_zipped(path: Path) -> bool:
    """Whether a file is gzipped, whatever its name says."""
    with open(path, "rb") as file:
        return file.read(2) == b"\x1f\x8b"


def _open(path: Path) -> BinaryIO:
    return cast(BinaryIO, gzip.open(path, "rb")) if is_zipped(path) else open(path, "rb")


def _read(path: Path, kind: Kind) -> Pixels | Labels:
    try:
        with _open(path) as file:
            shape = _read_header(path, file, kind)
            size = int(np.prod(shape))
            data = file.read(size)
            more = file.read(1)
    except (gzip.BadGzipFile, EOFError, zlib.error) as error:
        raise DamagedFileError(path, f"not a whole gzip file ({error})") from error
    if len(data) < size:
        raise DamagedFileError(path, f"truncated: expected {size:,} bytes of {kind}, found {len(data):,}")
    if more:
        raise DamagedFileError(path, f"more bytes than the {shape[0]:,} {kind} that its header announces")
    return np.frombuffer(data, np.uint8).reshape(shape)


def _read_header(path: Path, file: BinaryIO, kind: Kind) -> tuple[int, ...]:
    dimensions = 3 if kind == "images" else 1
    head = file.read(4 + 4 * dimensions)
    magic = int.from_bytes(head[:4], "big")
    if len(head) < 4 + 4 * dimensions or _MAGIC.get(magic) != kind:
        expected = next(number for number, name in _MAGIC.items() if name == kind)
        raise DamagedFileError(
            path, f"not an idx file of {kind}: expected the magic number {expected:#06x}, found {magic:#06x}"
        )
    shape = tuple(int.from_bytes(head[at : at + 4], "big") for at in range(4, len(head), 4))
    if shape[1:] not in ((), (IMAGE_SIDE, IMAGE_SIDE)):
        raise DamagedFileError(path, f"expected images of 28 × 28 pixels, found {shape[1]} × {shape[2]}")
    if not 0 < shape[0] <= MOST_IMAGES:
        raise DamagedFileError(path, f"expected 1 to {MOST_IMAGES:,} {kind}, found {shape[0]:,}")
    return shape
