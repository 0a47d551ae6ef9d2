"""Small data sets in every format, made from a seed, and a data folder of each test's own."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from helpers.datasets.catalog import Source
from helpers.datasets.splits import Split, Splits
from tests.datasets import files


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty data folder that WORKSHOP_DATA_DIR points to; WORKSHOP_DATA is not set."""
    path = tmp_path / "data"
    path.mkdir()
    monkeypatch.setenv("WORKSHOP_DATA_DIR", str(path))
    monkeypatch.delenv("WORKSHOP_DATA", raising=False)
    return path


@pytest.fixture
def some() -> files.Maker:
    """`some(source, train=…, test=…)`: random images with random labels of that source."""

    def make(source: Source, train: int = 60, test: int = 30) -> Splits:
        random = np.random.default_rng(7)

        def split(count: int) -> Split:
            images = random.integers(0, 256, (count, 28, 28), dtype=np.uint8)
            return Split(images, random.choice(np.array(source.labels, dtype=np.int64), count))

        return Splits(split(train), split(test))

    return make
