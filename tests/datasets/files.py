"""Writers of the file formats that the readers read, independent of `helpers`' own code."""

from __future__ import annotations

import gzip
import struct
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from helpers.datasets.catalog import IDX_FILES, Source
from helpers.datasets.splits import Split, Splits

HEADER = ",".join(["label", *(f"pixel{number}" for number in range(1, 785))])


class Maker(Protocol):
    """What the fixture `some` gives."""

    def __call__(self, source: Source, train: int = 60, test: int = 30) -> Splits: ...


def write_keras_npz(path: Path, splits: Splits) -> Path:
    train, test = splits.train, splits.test
    np.savez(
        path,
        x_train=train.images,
        y_train=train.labels.astype(np.uint8),
        x_test=test.images,
        y_test=test.labels.astype(np.uint8),
    )
    return path


def idx_bytes(array: NDArray[np.uint8]) -> bytes:
    return struct.pack(f">I{array.ndim}I", 0x0800 + array.ndim, *array.shape) + array.tobytes()


def write_idx(folder: Path, splits: Splits, *, zipped: bool) -> list[Path]:
    arrays = (
        splits.train.images,
        splits.train.labels.astype(np.uint8),
        splits.test.images,
        splits.test.labels.astype(np.uint8),
    )
    paths = []
    for name, array in zip(IDX_FILES, arrays, strict=True):
        data = idx_bytes(array)
        path = folder / (f"{name}.gz" if zipped else name)
        path.write_bytes(gzip.compress(data) if zipped else data)
        paths.append(path)
    return paths


def csv_lines(split: Split) -> list[str]:
    rows = np.column_stack([split.labels, split.images.reshape(len(split), -1)])
    return [HEADER, *(",".join(str(value) for value in row) for row in rows)]


def write_csv(path: Path, split: Split, *, newline: str = "\n") -> Path:
    path.write_bytes((newline.join(csv_lines(split)) + newline).encode())
    return path


def write_signs(folder: Path, splits: Splits) -> list[Path]:
    return [
        write_csv(folder / "sign_mnist_train.csv", splits.train),
        write_csv(folder / "sign_mnist_test.csv", splits.test),
    ]
