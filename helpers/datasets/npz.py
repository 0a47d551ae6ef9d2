"""Reading `.npz` files with Keras's four arrays, whoever made them: nothing unpickled, nothing unbounded."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from helpers.datasets.catalog import IMAGE_SIDE, MOST_IMAGES
from helpers.datasets.errors import DamagedFileError
from helpers.datasets.splits import Pixels, Split, Splits

KEYS = ("x_train", "y_train", "x_test", "y_test")
_LONGEST_HEADER = 10_000
_LABEL_BYTES = 8  # of each, at most


def read_npz(path: Path) -> Splits:
    """The four arrays of a Keras-style npz: x_… uint8 (n, 28, 28) and y_… integers (n,).

    Raises:
        DamagedFileError: not a zip, or an array missing, damaged, pickled, too large or of another shape.
        OSError: the file cannot be read at all.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            arrays = {key: _read_array(archive, path, key) for key in KEYS}
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError) as error:
        raise DamagedFileError(path, f"not a whole npz file ({error or 'it ends too early'})") from error
    return Splits(_split(path, arrays, "train"), _split(path, arrays, "test"))


def write_npz(path: Path, splits: Splits) -> None:
    """Write `splits` under Keras's key names, labels as uint8; not compressed, so that reading is quick."""
    with open(path, "wb") as file:
        np.savez(
            file,
            x_train=splits.train.images,
            y_train=splits.train.labels.astype(np.uint8),
            x_test=splits.test.images,
            y_test=splits.test.labels.astype(np.uint8),
        )


def _read_array(archive: zipfile.ZipFile, path: Path, key: str) -> NDArray[Any]:
    name = f"{key}.npy"
    if name not in archive.namelist():
        found = ", ".join(sorted(archive.namelist())[:8]) or "nothing"
        raise DamagedFileError(path, f"no array {key}; expected {', '.join(KEYS)}, found {found}")
    size = archive.getinfo(name).file_size
    if size > MOST_IMAGES * (IMAGE_SIDE**2 if key.startswith("x") else _LABEL_BYTES) + _LONGEST_HEADER:
        raise DamagedFileError(path, f"array {key}: {size:,} bytes are more than {MOST_IMAGES:,} images take")
    with archive.open(name) as member:
        content = member.read(size)  # all at once: what is read in parts is copied
    stream = io.BytesIO(content)
    shape, dtype, fortran = _read_header(stream.read, path, key)
    _check_header(path, key, shape, dtype)
    data = memoryview(content)[stream.tell() :]
    if len(data) != int(np.prod(shape)) * dtype.itemsize:
        raise DamagedFileError(
            path,
            f"array {key}: expected {np.prod(shape) * dtype.itemsize:,} bytes of data, found {len(data):,}",
        )
    array: NDArray[Any] = np.frombuffer(data, dtype).reshape(shape, order="F" if fortran else "C")
    return array


def _read_header(
    read: Callable[[int], bytes], path: Path, key: str
) -> tuple[tuple[int, ...], np.dtype[Any], bool]:
    """Shape, type and order from the head of a .npy member, of which only the head is read."""
    try:
        major, _minor = np.lib.format.read_magic(io.BytesIO(start := read(8)))
        width = 2 if major == 1 else 4
        length = int.from_bytes(size := read(width), "little")
        if length > _LONGEST_HEADER:
            raise ValueError(f"header of {length:,} bytes")
        head = io.BytesIO(start + size + read(length))
        np.lib.format.read_magic(head)
        parse = np.lib.format.read_array_header_1_0 if major == 1 else np.lib.format.read_array_header_2_0
        shape, fortran, dtype = parse(head)
    except (ValueError, UnicodeError) as error:
        raise DamagedFileError(path, f"array {key}: not a NumPy array ({error})") from error
    return tuple(shape), dtype, bool(fortran)


def _check_header(path: Path, key: str, shape: tuple[int, ...], dtype: np.dtype[Any]) -> None:
    if dtype.hasobject:
        raise DamagedFileError(path, f"array {key}: holds pickled Python objects, which are never loaded")
    images = key.startswith("x")
    if images and (len(shape) != 3 or shape[1:] != (IMAGE_SIDE, IMAGE_SIDE) or dtype != np.uint8):
        raise DamagedFileError(path, f"array {key}: expected uint8 (n, 28, 28), found {dtype} {shape}")
    if not images and (len(shape) != 1 or dtype.kind not in "iu"):
        raise DamagedFileError(path, f"array {key}: expected whole numbers (n,), found {dtype} {shape}")
    if not 0 < shape[0] <= MOST_IMAGES:
        raise DamagedFileError(path, f"array {key}: expected 1 to {MOST_IMAGES:,} images, found {shape[0]:,}")


def _split(path: Path, arrays: dict[str, NDArray[Any]], part: str) -> Split:
    images: Pixels = arrays[f"x_{part}"]
    labels = arrays[f"y_{part}"]
    if len(images) != len(labels):
        raise DamagedFileError(path, f"x_{part} has {len(images):,} images, y_{part} {len(labels):,} labels")
    return Split(images, labels.astype(np.int64))
