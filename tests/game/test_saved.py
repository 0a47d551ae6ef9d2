"""Saved frames come back as they were, damaged files are named, and a student's hands stay at home."""

from __future__ import annotations

import shutil
import struct
import subprocess
import zlib
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from helpers import game
from helpers.authoring.bundle import bundled_files
from helpers.datasets import folder
from helpers.datasets.errors import UnwritableError
from helpers.game import saved

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def signs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of saved frames, in a data folder of its own."""
    monkeypatch.setenv("WORKSHOP_DATA_DIR", str(tmp_path / "data"))
    return tmp_path / "data" / "my_signs"


def frame(seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).integers(0, 256, (28, 28), dtype=np.uint8)


def test_what_was_saved_comes_back_in_its_order(signs: Path, capsys: pytest.CaptureFixture[str]) -> None:
    labels = [2, 0, 2, 1, 0]
    for number, label in enumerate(labels):
        saved.save(frame(number), label)
    x, y = game.my_signs()
    assert (x.dtype, x.shape, y.dtype, y.shape) == (np.float32, (5, 28, 28, 1), np.int64, (5,))
    assert y.tolist() == labels
    for number, image in enumerate(x):
        assert np.array_equal(np.rint(image[:, :, 0] * 255), frame(number))
    assert capsys.readouterr().out == "my signs: 5 saved on this computer (2 rock, 1 paper, 2 scissors)\n"
    assert saved.counts() == {"rock": 2, "paper": 1, "scissors": 2}


def test_none_saved_is_no_error(signs: Path, capsys: pytest.CaptureFixture[str]) -> None:
    x, y = game.my_signs()
    assert (x.shape, y.shape) == ((0, 28, 28, 1), (0,))
    assert capsys.readouterr().out == "my signs: none saved yet\n"
    assert saved.undo() is None
    assert game.delete_my_signs() == 0
    assert not signs.parent.exists(), "looking makes no folders"


def test_the_last_is_undone_first(signs: Path) -> None:
    for number, label in enumerate([0, 1, 1, 0]):
        saved.save(frame(number), label)
    assert [saved.undo(), saved.undo()] == ["rock", "paper"]
    saved.save(frame(9), 2)
    x, y = game.my_signs(quiet=True)
    assert y.tolist() == [0, 1, 2]
    assert np.array_equal(np.rint(x[2, :, :, 0] * 255), frame(9))


def test_all_are_deleted_and_nothing_else(signs: Path) -> None:
    for label in (0, 1, 2):
        saved.save(frame(), label)
    (signs / "rock" / "notes.txt").write_text("mine")
    assert game.delete_my_signs() == 3
    assert [path.name for path in signs.rglob("*") if path.is_file()] == ["notes.txt"]
    (signs / "rock" / "notes.txt").unlink()
    assert game.delete_my_signs() == 0
    assert not signs.exists()


def test_others_on_the_computer_cannot_look(signs: Path) -> None:
    saved.save(frame(), 0)
    assert signs.stat().st_mode & 0o077 == 0


def test_a_link_to_elsewhere_is_neither_read_nor_emptied(signs: Path, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    Image.fromarray(frame()).save(elsewhere / "00001-aaaa.png")
    signs.mkdir(parents=True)
    (signs / "rock").symlink_to(elsewhere, target_is_directory=True)
    assert len(game.my_signs(quiet=True)[1]) == 0
    assert game.delete_my_signs() == 0
    assert len(list(elsewhere.iterdir())) == 1


def few_pixels(side: int, pixels: int = 1000) -> bytes:
    """A PNG that says it has so many rows and columns, but holds few bytes of pixels."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        return (
            struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))
        )

    head = struct.pack(">IIBBBBB", side, side, 8, 0, 0, 0, 0)
    content = zlib.compress(bytes(pixels))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", content) + chunk(b"IEND", b"")


def colourful(path: Path) -> None:
    Image.new("RGB", (28, 28)).save(path, "PNG")


def large(path: Path) -> None:
    Image.new("L", (29, 28)).save(path, "PNG")


def cut_off(path: Path) -> None:
    Image.fromarray(frame()).save(path, "PNG")
    path.write_bytes(path.read_bytes()[:300])


HOSTILE: dict[str, Callable[[Path], object]] = {
    "empty": lambda path: path.write_bytes(b""),
    "text": lambda path: path.write_text("not a picture"),
    "a pickle": lambda path: path.write_bytes(b"\x80\x04\x95cos\nsystem\n"),
    "cut off": cut_off,
    "another size": large,
    "colours": colourful,
    "a JPEG": lambda path: Image.fromarray(frame()).save(path, "JPEG"),
    "a bomb": lambda path: path.write_bytes(few_pixels(60_000)),
    "a smaller bomb": lambda path: path.write_bytes(few_pixels(10_000)),
    "too few pixels": lambda path: path.write_bytes(few_pixels(28, 300)),
    "very long": lambda path: path.write_bytes(few_pixels(28) + bytes(20_000)),
    "a folder": Path.mkdir,
    "a link": lambda path: path.symlink_to("/etc/hostname"),
}


@pytest.mark.parametrize("what", HOSTILE)
def test_a_file_that_is_no_frame_is_named(what: str, signs: Path) -> None:
    saved.save(frame(), 1)
    path = signs / "paper" / "00002-beef.png"
    HOSTILE[what](path)
    with pytest.raises(game.GameError, match=r"paper/00002-beef\.png is no frame") as caught:
        game.my_signs()
    assert "Delete it" in str(caught.value)
    assert str(path) in str(caught.value)


def test_a_frame_that_somebody_put_there_by_hand_is_read(signs: Path) -> None:
    saved.save(frame(1), 2)
    Image.fromarray(frame(2)).save(signs / "scissors" / "holiday.png")
    (signs / "scissors" / ".ipynb_checkpoints").mkdir()
    _, y = game.my_signs(quiet=True)
    assert y.tolist() == [2, 2]
    saved.save(frame(3), 0)
    assert saved.undo() == "rock"


def test_there_is_an_end_to_saving(signs: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(saved, "MOST_FRAMES", 2)
    saved.save(frame(), 0)
    saved.save(frame(), 1)
    with pytest.raises(game.GameError, match="2 frames are saved"):
        saved.save(frame(), 2)


def test_a_folder_that_cannot_be_written_to_is_named(signs: Path) -> None:
    signs.parent.mkdir()
    signs.write_text("a file in the way")
    with pytest.raises(UnwritableError, match="my_signs"):
        saved.save(frame(), 0)


def test_by_default_they_lie_where_git_does_not_look(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("WORKSHOP_DATA_DIR", raising=False)
    assert saved.signs_folder() == folder.data_folder() / "my_signs" == ROOT / "data" / "my_signs"
    inside = ["git", "check-ignore", "-q", "data/my_signs/rock/00001-aaaa.png"]
    if subprocess.run(["git", "rev-parse"], cwd=ROOT, capture_output=True).returncode:
        pytest.skip("not in a git checkout")
    assert subprocess.run(inside, cwd=ROOT).returncode == 0


def test_they_are_not_in_the_zip_for_students(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    course = tmp_path / "course"
    for name in ("source", "helpers", "notebooks", "data/weights"):
        (course / name).mkdir(parents=True)
    for name in ("LICENSE", "Makefile", "environment.yml", "pyproject.toml", "data/README.md"):
        shutil.copy(ROOT / name, course / name)
    for name in ("requirements.lock", "requirements-gpu.lock"):
        shutil.copy(ROOT / name, course / name)
    monkeypatch.setenv("WORKSHOP_DATA_DIR", str(course / "data"))
    path = saved.save(frame(), 0)
    assert path.is_relative_to(course)
    files = bundled_files(course)
    assert "data/README.md" in files
    assert not [name for name in files if "my_signs" in name or name.endswith(".png")]
