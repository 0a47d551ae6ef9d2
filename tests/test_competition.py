"""A competition's CSV has a line for each image, numbered from 1, and overwrites nothing else."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from helpers.competition import CompetitionError, write_predictions


def test_each_image_has_a_line_with_its_number_from_one(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = write_predictions(np.array([7, 2, 1]), tmp_path / "digits.csv")
    assert path.read_bytes() == b"ImageId,Label\n1,7\n2,2\n3,1\n"
    assert capsys.readouterr().out == f"3 predictions are in {path.as_posix()}\n"


def test_pandas_reads_it_back(tmp_path: Path) -> None:
    import pandas as pd

    labels = np.random.default_rng(0).integers(0, 10, 2000)
    table = pd.read_csv(write_predictions(labels, tmp_path / "digits.csv"))
    assert table["ImageId"].tolist() == list(range(1, 2001))
    assert table["Label"].tolist() == labels.tolist()


def test_a_missing_folder_is_made_and_earlier_predictions_are_replaced(tmp_path: Path) -> None:
    path = tmp_path / "new" / "folder" / "p.csv"
    write_predictions([1, 2], path)
    write_predictions([3.0], str(path))
    assert path.read_text() == "ImageId,Label\n1,3\n"
    assert list(path.parent.iterdir()) == [path]


def test_a_file_that_holds_something_else_stays(tmp_path: Path) -> None:
    path = tmp_path / "mnist_train.csv"
    path.write_text("label,pixel0\n1,0\n")
    with pytest.raises(CompetitionError, match="holds something else"):
        write_predictions([1], path)
    assert path.read_text() == "label,pixel0\n1,0\n"


@pytest.mark.parametrize(
    ("labels", "name", "message"),
    [
        ([1], "p.txt", r"ends in \.csv"),
        (np.full((2, 10), 0.1), "p.csv", r"argmax\(axis=1\)"),
        ([0.1, 0.9], "p.csv", "whole numbers"),
        ([-1], "p.csv", "whole numbers"),
        ([], "p.csv", "One class for each image"),
        (["a"], "p.csv", "whole numbers"),
    ],
)
def test_what_cannot_be_handed_in_is_named(labels: object, name: str, message: str, tmp_path: Path) -> None:
    with pytest.raises(CompetitionError, match=message):
        write_predictions(labels, tmp_path / name)
    assert list(tmp_path.iterdir()) == []


def test_a_place_that_takes_no_files_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(CompetitionError, match="Choose another folder"):
        write_predictions([1], tmp_path / "file" / "p.csv")
