"""A data set's images and labels as its files hold them, before classes are chosen and pixels scaled."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Pixels = NDArray[np.uint8]
Labels = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Split:
    """Images uint8 (n, 28, 28) and their labels int64 (n,)."""

    images: Pixels
    labels: Labels

    def __len__(self) -> int:
        return len(self.labels)

    def choose(self, labels: Sequence[int]) -> Split:
        """Only the images whose label is in `labels`; the first of them becomes class 0, the next 1, …"""
        index = np.full(256, -1, dtype=np.int64)
        index[list(labels)] = range(len(labels))
        classes = index[self.labels]
        kept = classes >= 0
        return Split(self.images[kept], classes[kept])


@dataclass(frozen=True, eq=False)
class Splits:
    """What a data set is trained on and what it is tested on."""

    train: Split
    test: Split

    def choose(self, labels: Sequence[int]) -> Splits:
        """Both splits with the classes that `labels` names, in that order."""
        return Splits(self.train.choose(labels), self.test.choose(labels))
