"""Archives of learning platforms, honest and hostile, through nbgrader's own zip_collect."""

from __future__ import annotations

import io
import logging
import os
import shutil
import stat
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from nbgrader.api import Gradebook
from nbgrader.apps import ZipCollectApp

from helpers.grading import collecting
from helpers.grading.collecting import PlatformCollector, SafeExtractor
from helpers.grading.isolation.processes import ROOT
from tests.grading import tiny

NOTEBOOK = f"{tiny.NAME}.ipynb"


@pytest.fixture
def course(tmp_path: Path, empty_gradebook: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A course with a release, a roster and the project's settings."""
    folder = tmp_path / "course"
    (folder / "release" / tiny.NAME).mkdir(parents=True)
    (folder / "release" / tiny.NAME / NOTEBOOK).write_text("{}")
    (folder / "downloaded" / tiny.NAME / "archive").mkdir(parents=True)
    (folder / "nbgrader_config.py").write_text((ROOT / "nbgrader_config.py").read_text())
    with Gradebook(f"sqlite:///{shutil.copy(empty_gradebook, folder)}") as book:
        book.add_student("ada", first_name="Ada", last_name="Lovelace", lms_user_id="111")
        book.add_student("emmy", first_name="Emmy", last_name="Noether")
        book.add_student("twin1", first_name="Same", last_name="Name")
        book.add_student("twin2", first_name="Same", last_name="Name")
    monkeypatch.chdir(folder)
    monkeypatch.setenv("PATH", os.environ["PATH"])  # the settings change it
    return folder


def packed(files: Mapping[str, bytes | str | zipfile.ZipInfo]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            if isinstance(content, zipfile.ZipInfo):
                archive.writestr(content, "/etc/passwd")
            else:
                archive.writestr(name, content)
    return buffer.getvalue()


def collect(course: Path, **archives: bytes) -> tuple[dict[str, str], str]:
    """Collects archives; the notebooks by student, and what was said."""
    for name, content in archives.items():
        (course / "downloaded" / tiny.NAME / "archive" / f"{name}.zip").write_bytes(content)
    said = io.StringIO()
    app = ZipCollectApp()
    app.log_level = logging.WARNING
    app.initialize([tiny.NAME])
    app.log.addHandler(logging.StreamHandler(said))
    try:
        app.start()
    finally:
        app.reset()
    found = sorted((course / "submitted").glob(f"*/{tiny.NAME}/*.ipynb"))
    return {path.parts[-3]: path.read_text() for path in found}, said.getvalue()


def test_canvas_students_are_found_by_number(course: Path) -> None:
    files = {
        f"lovelaceada_111_9001_{NOTEBOOK}": "ada's",
        f"noetheremmy_LATE_222_9002_{tiny.NAME}-2.ipynb": "emmy's",
        "noetheremmy_LATE_222_9003_notes.txt": "no notebook",
        "hopper_333_9004_work.zip": packed({f"work/{tiny.NAME} (1).ipynb": "in an archive"}),
    }
    collected, _ = collect(course, submissions=packed(files))
    assert collected == {"ada": "ada's", "noetheremmy-222": "emmy's", "hopper-333": "in an archive"}
    names = {path.name for path in (course / "submitted").rglob("*.ipynb")}
    assert names == {NOTEBOOK}, "numbers that browsers and platforms add are gone"


def test_moodle_students_are_found_by_name(course: Path) -> None:
    files = {
        f"emmy  NOETHER_12_assignsubmission_file_/{NOTEBOOK}": "emmy's",
        f"Same Name_13_assignsubmission_file/{NOTEBOOK}": "one of two",
        f"Évariste Galois_14_assignsubmission_file_/{NOTEBOOK}": "new",
        f"李_15_assignsubmission_file_/{NOTEBOOK}": "another",
        "Ada Lovelace_16_assignsubmission_onlinetext_/onlinetext.html": "text",
    }
    collected, _ = collect(course, moodle=packed(files))
    assert collected == {
        "emmy": "emmy's",
        "same-name-13": "one of two",
        "evariste-galois-14": "new",
        "15": "another",
    }


def test_the_workshops_own_names_hold_the_time(course: Path) -> None:
    collected, _ = collect(
        course,
        ada_20250131T140000=packed({NOTEBOOK: "early"}),
        ada_20250131T150000=packed({NOTEBOOK: "late"}),
    )
    assert collected == {"ada": "late"}
    timestamp = (course / "submitted" / "ada" / tiny.NAME / "timestamp.txt").read_text()
    assert timestamp.startswith("2025-01-31 15:00:00")


def test_a_time_that_is_none_stops_nobody(course: Path) -> None:
    collected, said = collect(
        course,
        ada_99999999T999999=packed({NOTEBOOK: "first"}),
        ada_20250131T150000=packed({NOTEBOOK: "timed"}),
        emmy_20250131T150000=packed({NOTEBOOK: "emmy's"}),
    )
    assert collected["emmy"] == "emmy's"
    assert "isn't a time" in said


def test_nobody_hands_in_for_another(course: Path) -> None:
    forged = {
        f"lovelaceada_111_9001_{NOTEBOOK}": "forged for Canvas",
        f"Emmy Noether_12_assignsubmission_file_/{NOTEBOOK}": "forged for Moodle",
        f"ada_20250131T150000/{NOTEBOOK}": "forged in the workshop's way",
        NOTEBOOK: "mine",
    }
    files = {"mallory_666_9009_work.zip": packed(forged)}
    collected, said = collect(course, submissions=packed(files))
    assert set(collected) == {"mallory-666"}
    assert "has handed in" in said


def link(name: str) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name)
    entry.external_attr = (stat.S_IFLNK | 0o777) << 16
    return entry


HOSTILE: dict[str, tuple[str, Any]] = {
    "up": (f"../../../../submitted/ada/{tiny.NAME}/{NOTEBOOK}", "forged"),
    "root": ("/tmp/workshop-escaped.ipynb", "forged"),
    "backslash": (f"..\\..\\{NOTEBOOK}", "forged"),
    "drive": (f"C:/{NOTEBOOK}", "forged"),
    "link": (NOTEBOOK, link(NOTEBOOK)),
    "controls": (f"a\x1b[2Jb/{NOTEBOOK}", "forged"),
    "long": (f"{'x' * 300}/{NOTEBOOK}", "forged"),
    "deep": ("/".join(["d"] * 50) + f"/{NOTEBOOK}", "forged"),
    "large": (NOTEBOOK, bytes(3 * 2**20)),
}


@pytest.mark.parametrize("kind", HOSTILE)
def test_a_hostile_entry_is_passed_over_and_costs_nobody_else(
    course: Path, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    monkeypatch.setattr(collecting, "_FILE_LIMIT", 2**20)
    name, content = HOSTILE[kind]
    before = set(course.parent.rglob("*"))
    collected, said = collect(
        course,
        ada_20250131T140000=packed({name: content}),
        emmy_20250131T140000=packed({NOTEBOOK: "emmy's"}),
    )
    assert collected == {"emmy": "emmy's"}
    assert "is passed over" in said
    assert "\x1b" not in said
    new = set(course.parent.rglob("*")) - before
    allowed = (course / "downloaded", course / "submitted")
    assert not [path for path in new if not any(path.is_relative_to(place) for place in allowed)]
    assert not any(path.is_symlink() for path in new)


def test_what_says_that_it_is_small_is_measured_while_it_is_unpacked(
    course: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(collecting, "_FILE_LIMIT", 2**20)
    bomb = bytearray(packed({NOTEBOOK: bytes(2**23)}))
    size = (2**23).to_bytes(4, "little")
    while size in bomb:
        place = bomb.index(size)
        bomb[place : place + 4] = (100).to_bytes(4, "little")
    collected, said = collect(
        course,
        ada_20250131T140000=bytes(bomb),
        emmy_20250131T140000=packed({NOTEBOOK: "emmy's"}),
    )
    # However it is told off, at most the bytes that it announced are there.
    assert collected.pop("emmy") == "emmy's"
    assert all(len(content) <= 2**20 for content in collected.values())
    assert "is passed over" in said


def test_all_archives_together_have_a_limit(course: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(collecting, "_TOTAL_LIMIT", 1000)
    collected, said = collect(
        course,
        ada_20250131T140000=packed({NOTEBOOK: "x" * 600}),
        emmy_20250131T140000=packed({NOTEBOOK: "x" * 600}),
    )
    assert set(collected) == {"ada"}
    assert "too large" in said


@pytest.mark.parametrize(
    "content",
    [b"", b"not a zip", packed({NOTEBOOK: "mine"})[:-30], b"PK\x05\x06" + bytes(18)],
    ids=["nothing", "text", "cut", "no entries"],
)
def test_a_damaged_archive_costs_only_itself(course: Path, content: bytes) -> None:
    collected, _ = collect(
        course, ada_20250131T140000=content, emmy_20250131T140000=packed({NOTEBOOK: "emmy's"})
    )
    assert collected == {"emmy": "emmy's"}


def test_an_archive_in_an_archive_in_an_archive_stays_packed(course: Path) -> None:
    inner = packed({NOTEBOOK: "deep"})
    middle = packed({"inner.zip": inner, NOTEBOOK: "middle"})
    collected, _ = collect(course, ada_20250131T140000=packed({"middle.zip": middle}))
    assert collected == {"ada": "middle"}


def test_the_first_of_two_files_of_one_name_counts(course: Path) -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr(NOTEBOOK, "first")
        archive.writestr(NOTEBOOK.upper().replace("IPYNB", "ipynb"), "second")
    collected, said = collect(course, ada_20250131T140000=buffer.getvalue())
    assert collected == {"ada": "first"}
    assert "is there already" in said


def test_dots_are_no_student(course: Path) -> None:
    collected, said = collect(course, **{".._20250131T140000": packed({NOTEBOOK: "forged"})})
    assert collected == {}
    assert not (course / tiny.NAME).exists()
    assert "can't be a student" in said


def test_links_in_the_archive_folder_are_not_followed(course: Path, tmp_path: Path) -> None:
    (tmp_path / "secret.zip").write_bytes(packed({NOTEBOOK: "secret"}))
    place = course / "downloaded" / tiny.NAME / "archive" / "ada_20250131T140000.zip"
    place.symlink_to(tmp_path / "secret.zip")
    assert collect(course, emmy_20250131T140000=packed({NOTEBOOK: "mine"}))[0] == {"emmy": "mine"}


def test_the_projects_settings_use_both() -> None:
    settings = (ROOT / "nbgrader_config.py").read_text(encoding="utf-8")
    for plugin in (SafeExtractor, PlatformCollector):
        assert f'"{plugin.__module__}.{plugin.__name__}"' in settings
