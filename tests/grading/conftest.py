"""A secret and a cache of each test's own, and a tiny course that needs neither training nor TensorFlow."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

import pytest

from helpers.grading.grade import Outcome
from helpers.grading.secret import Secret
from tests.grading import small_class, tiny


@pytest.fixture(autouse=True)
def private_folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing of the user's own is read or written."""
    monkeypatch.setenv("WORKSHOP_SECRET_FILE", str(tmp_path / "private" / "secret"))
    monkeypatch.setenv("WORKSHOP_CACHE_DIR", str(tmp_path / "cache"))
    monkeypatch.delenv("WORKSHOP_RESULTS", raising=False)


@pytest.fixture(scope="session")
def empty_gradebook(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A new gradebook of nbgrader's, which takes it a second to make: copy it."""
    from nbgrader.api import Gradebook

    path = tmp_path_factory.mktemp("gradebook") / "gradebook.db"
    with pytest.MonkeyPatch.context() as patch:
        # nbgrader looks for the program alembic, which is beside Python.
        patch.setenv("PATH", str(Path(sys.executable).parent), prepend=os.pathsep)
        with Gradebook(f"sqlite:///{path}"):
            pass
    return path


@pytest.fixture
def secret() -> Secret:
    return Secret(bytes(range(32)))


@pytest.fixture
def data_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A data folder with a small full data set of digits, which WORKSHOP_DATA_DIR points to."""
    folder = tiny.write_data(tmp_path / "data")
    monkeypatch.setenv("WORKSHOP_DATA_DIR", str(folder))
    monkeypatch.delenv("WORKSHOP_DATA", raising=False)
    return folder


@pytest.fixture
def course(tmp_path: Path, data_folder: Path) -> Path:
    """A course with the tiny assignment, nothing generated yet, and the project's own settings."""
    return tiny.write_course(tmp_path / "course")


@pytest.fixture(scope="session")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with data, a secret, and in `ungraded` a course that nobody has graded yet (small_class)."""
    folder = tmp_path_factory.mktemp("grade")
    tiny.write_data(folder / "data")
    with pytest.MonkeyPatch.context() as patch:
        for name, value in small_class.settings(folder).items():
            patch.setenv(name, value)
        small_class.make(folder)
    return folder


@pytest.fixture(scope="session")
def graded(home: Path) -> tuple[Path, Outcome]:
    """The small class after an undisturbed run."""
    course = home / "graded"
    shutil.copytree(home / "ungraded", course, symlinks=True)
    with pytest.MonkeyPatch.context() as patch:
        for name, value in small_class.settings(home).items():
            patch.setenv(name, value)
        return course, small_class.run(course)


@pytest.fixture
def small_class_settings(home: Path, private_folders: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """The settings with which the small class is graded."""
    for name, value in small_class.settings(home).items():
        monkeypatch.setenv(name, value)
