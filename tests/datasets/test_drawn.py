"""Bundled images are drawn once, kept under the data folder, and drawn again when the renderers change."""

from __future__ import annotations

import dataclasses
import shutil
from pathlib import Path

import numpy as np
import pytest

from helpers.datasets import drawn, load
from helpers.datasets.catalog import ENTRIES, Drawing

FEW = dataclasses.replace(ENTRIES["digits"], drawing=Drawing(40, 20, 1, 2))


@pytest.fixture(autouse=True)
def _few(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("helpers.datasets.catalog.ENTRIES", {"digits": FEW})
    monkeypatch.setattr(drawn, "_unsaved", {})


@pytest.fixture
def draws(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """A list that grows by one whenever a set is really drawn."""
    drawn_sets: list[str] = []
    draw = drawn._draw

    def noted(entry: drawn.Entry) -> drawn.Splits:
        drawn_sets.append(entry.name)
        return draw(entry)

    monkeypatch.setattr(drawn, "_draw", noted)
    return drawn_sets


def test_the_second_load_takes_the_kept_images_and_they_are_the_same(
    folder: Path, draws: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    first, again = load("digits"), load("digits")
    assert draws == ["digits"]
    np.testing.assert_array_equal(first.x_train, again.x_train)
    np.testing.assert_array_equal(first.y_test, again.y_test)
    line, same_line = capsys.readouterr().out.splitlines()
    assert line == same_line
    assert [path.parent.name for path in folder.rglob("*.npz")] == ["bundled"]


def test_the_same_seed_draws_the_same_images_and_training_differs_from_test(folder: Path) -> None:
    first = load("digits", quiet=True)
    shutil.rmtree(folder / "bundled")
    again = load("digits", quiet=True)
    np.testing.assert_array_equal(first.x_train, again.x_train)
    np.testing.assert_array_equal(first.y_train, again.y_train)
    assert not np.array_equal(first.x_train[:20], first.x_test)


def test_a_changed_renderer_or_seed_never_meets_an_old_cache(
    folder: Path, draws: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    load("digits", quiet=True)
    (old,) = folder.rglob("*.npz")

    renderers = tmp_path / "renderers"
    shutil.copytree(drawn._RENDERERS, renderers)
    monkeypatch.setattr(drawn, "_RENDERERS", renderers)
    load("digits", quiet=True)
    assert draws == ["digits"], "a copy of the same renderers is the same renderer"

    with open(renderers / "digits.py", "a") as file:
        file.write("# a change\n")
    load("digits", quiet=True)
    assert draws == ["digits"] * 2
    (new,) = folder.rglob("*.npz")
    assert new != old, "the old images are gone"
    other_seed = dataclasses.replace(FEW, drawing=Drawing(40, 20, 1, 3))
    assert drawn.cache_path(other_seed, folder) != new


@pytest.mark.parametrize("damage", ["truncated", "empty", "garbage"])
def test_damaged_kept_images_are_drawn_again(folder: Path, draws: list[str], damage: str) -> None:
    first = load("digits", quiet=True)
    (kept,) = folder.rglob("*.npz")
    data = kept.read_bytes()
    kept.write_bytes({"truncated": data[: len(data) // 2], "empty": b"", "garbage": b"x" * 900}[damage])
    again = load("digits", quiet=True)
    assert len(draws) == 2
    np.testing.assert_array_equal(first.x_train, again.x_train)
    assert load("digits", quiet=True) is not None
    assert len(draws) == 2


def test_an_unwritable_folder_is_one_line_and_the_images_stay_in_memory(
    tmp_path: Path, draws: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "data").write_text("a file where the folder should be")
    monkeypatch.setenv("WORKSHOP_DATA_DIR", str(tmp_path / "data"))
    first = load("digits")
    said = capsys.readouterr().out.splitlines()
    assert len(said) == 2
    assert "kept in memory only" in said[0]
    again = load("digits")
    assert draws == ["digits"]
    np.testing.assert_array_equal(first.x_train, again.x_train)
    assert len(capsys.readouterr().out.splitlines()) == 1
