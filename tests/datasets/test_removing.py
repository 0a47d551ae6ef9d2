"""Removing takes the workshop's own files of a data set, and nothing else in the folder."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from helpers.cli import main
from helpers.datasets.catalog import FASHION_MNIST, MNIST, SIGN_MNIST
from helpers.datasets.errors import DataError
from helpers.datasets.removing import removable
from tests.datasets import files


@pytest.fixture
def full_folder(folder: Path, some: files.Maker) -> Path:
    """A folder with all three sets, bundled images, unfinished downloads, and files that are the user's."""
    files.write_keras_npz(folder / "mnist.npz", some(MNIST))
    files.write_idx(folder, some(FASHION_MNIST), zipped=True)
    files.write_signs(folder, some(SIGN_MNIST))
    for name in ("my notes.txt", "mnist.npz.backup", "bundled/digits-0123.npz", "partial/mnist.npz.part"):
        path = folder / name
        path.parent.mkdir(exist_ok=True)
        path.touch()
    return folder


def run(*arguments: str) -> int:
    with pytest.raises(SystemExit) as ended:
        main(["data", "remove", *arguments])
    assert isinstance(ended.value.code, int)
    return ended.value.code


def everything(folder: Path) -> set[str]:
    return {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}


def test_only_the_named_set_goes(full_folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = everything(full_folder)
    assert run("digits", "--yes") == 0
    gone = {"mnist.npz", "bundled/digits-0123.npz", "partial/mnist.npz.part"}
    assert before - everything(full_folder) == gone
    shown = capsys.readouterr().out
    assert all(str(full_folder / name) in shown for name in gone)


def test_it_asks_and_no_means_no(
    full_folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    before = everything(full_folder)
    for answer, code in (("n\n", 0), ("", 1)):
        monkeypatch.setattr("sys.stdin", io.StringIO(answer))
        assert run("fashion") == code
    assert everything(full_folder) == before
    assert "Remove these files?" in capsys.readouterr().out


def test_a_link_goes_and_what_it_points_to_stays(folder: Path, tmp_path: Path, some: files.Maker) -> None:
    real = files.write_keras_npz(tmp_path / "real.npz", some(MNIST))
    (folder / "mnist.npz").symlink_to(real)
    assert run("digits", "--yes") == 0
    assert everything(folder) == set()
    assert real.exists()


def test_nothing_to_remove_is_said(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("signs", "rps") == 0
    assert "Nothing of signs, rps is in" in capsys.readouterr().out


def test_an_unknown_name_removes_nothing(full_folder: Path) -> None:
    with pytest.raises(DataError, match="no data set"):
        removable(["digits", "everything"], full_folder)
