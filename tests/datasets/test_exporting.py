"""What `write_csv` writes is Kaggle's layout, with the published labels, and can be imported again."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from helpers.datasets import Dataset, load, write_csv
from helpers.datasets.catalog import SIGN_MNIST
from helpers.datasets.errors import DataError
from helpers.datasets.kaggle_csv import read_csv
from tests.datasets import files


@pytest.fixture
def signs(folder: Path, some: files.Maker) -> Dataset:
    files.write_signs(folder, some(SIGN_MNIST))
    return load("signs", "full", quiet=True)


def test_the_signs_keep_the_published_labels_and_every_pixel(
    signs: Dataset, folder: Path, tmp_path: Path
) -> None:
    for split in ("train", "test"):
        path = write_csv(signs, tmp_path / "new folder" / f"{split}.csv", split)
        assert path.read_bytes() == (folder / f"sign_mnist_{split}.csv").read_bytes()
        assert len(read_csv(path, SIGN_MNIST.labels)) > 0


def test_rock_paper_scissors_has_the_labels_of_its_letters(signs: Dataset, tmp_path: Path) -> None:
    rps = load("rps", "full", quiet=True)
    table = pd.read_csv(write_csv(rps, str(tmp_path / "rps.csv")))
    assert table.shape == (len(rps.y_train), 785)
    np.testing.assert_array_equal(np.array([0, 1, 21])[rps.y_train], table["label"])


def test_only_such_a_table_is_replaced(signs: Dataset, tmp_path: Path) -> None:
    path = tmp_path / "signs.csv"
    write_csv(signs, path)
    write_csv(signs, path, "test")
    assert len(pd.read_csv(path)) == len(signs.y_test)
    path.write_text("my own notes\n")
    with pytest.raises(DataError, match="holds something else, so it stays"):
        write_csv(signs, path)
    assert path.read_text() == "my own notes\n"


def test_what_cannot_be_written_is_named(signs: Dataset, tmp_path: Path) -> None:
    with pytest.raises(DataError, match='"train" or "test"'):
        write_csv(signs, tmp_path / "signs.csv", "validation")
    (tmp_path / "file").touch()
    with pytest.raises(DataError, match="Choose another folder"):
        write_csv(signs, tmp_path / "file" / "signs.csv")
