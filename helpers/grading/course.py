"""A course folder as nbgrader sees it: its settings, its folders, its gradebook."""

from __future__ import annotations

import contextlib
import difflib
import logging
import os
import sys
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy.exc import SAWarning

from helpers.grading.databases import close_connections, require_gradebook
from helpers.grading.errors import GradingError
from helpers.grading.store import Store

OWN_FOLDER = ".workshop"
"""In a course, what `workshop` keeps there: results, logs, what is being graded. Git ignores it."""

_SETTINGS = "nbgrader_config.py"


@dataclass(frozen=True)
class Course:
    """An opened course. app: the nbgrader application whose settings hold for it."""

    root: Path
    app: Any

    @property
    def directory(self) -> Any:
        """nbgrader's CourseDirectory."""
        return self.app.coursedir

    @property
    def own_folder(self) -> Path:
        """Where `workshop` keeps what is its own."""
        return self.root / OWN_FOLDER

    @property
    def store(self) -> Store:
        """Results of executions and observations."""
        return Store(self.own_folder / "results")

    def path(self, step: str, student: str, assignment: str) -> Path:
        """The folder of one submission in a step of nbgrader's, e.g. "submitted"."""
        directory = getattr(self.directory, f"{step}_directory")
        return Path(os.path.normpath(self.directory.format_path(directory, student, assignment)))

    def gradebook(self) -> Any:
        """nbgrader's gradebook, a context manager."""
        from nbgrader.api import Gradebook

        return Gradebook(self.directory.db_url, self.directory.course_id)

    def log_to(self, name: str) -> Path:
        """Sends what nbgrader says to a file from now on, and nowhere else."""
        path = self.own_folder / "logs" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        handler = logging.FileHandler(path, encoding="utf-8")
        handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(message)s"))
        log = self.app.log
        for old in list(log.handlers):
            log.removeHandler(old)
            old.close()
        log.addHandler(handler)
        log.propagate = False
        return path

    def submitters(self, assignment: str, step: str = "submitted") -> list[str]:
        """The students with a folder for the assignment in that step, sorted; hidden names are none."""
        from nbgrader.utils import full_split

        pattern = self.path(step, "*", assignment)
        place = full_split(str(pattern)).index("*")
        found = {full_split(str(path))[place] for path in self.root.glob(str(pattern.relative_to(self.root)))}
        return sorted(name for name in found if not name.startswith("."))


@contextlib.contextmanager
def open_course(root: Path, gradebook: str | None = None) -> Iterator[Course]:
    """Opens a course and steps into its folder, as nbgrader's own commands expect.

    gradebook: the address of another gradebook than the one that the course's settings name.

    Raises GradingError where the folder is none, its settings can't be read, or the gradebook isn't reached.
    """
    root = root.absolute()
    if not (root / _SETTINGS).is_file():
        raise GradingError(
            f"{root} isn't a course: there is no {_SETTINGS}. Go to the course's folder, or name it: "
            "--course PATH"
        )
    before, paths = Path.cwd(), list(sys.path)
    os.chdir(root)
    try:
        with warnings.catch_warnings():
            # How nbgrader uses SQLAlchemy is no concern of an instructor's.
            warnings.filterwarnings("ignore", category=SAWarning)
            course = Course(root, _application(root, gradebook))
            require_gradebook(course.directory.db_url)
            close_connections()
            _prepare_own_folder(course)
            yield course
    finally:
        os.chdir(before)
        sys.path[:] = paths


def chosen_students(
    course: Course, assignment: str, students: list[str], step: str = "submitted"
) -> list[str]:
    """The students in a step ("submitted", "autograded") among those named; all of them if none is.

    Raises GradingError for a name that isn't there, or where there is nobody at all.
    """
    there = course.submitters(assignment, step)
    done, command = {
        "submitted": ("handed in", f"Collect first: nbgrader zip_collect {assignment}"),
        "autograded": ("got a grade in", f"Grade first: workshop grade {assignment}"),
    }[step]
    if not there:
        place = course.path(step, "*", assignment)
        raise GradingError(f"Nobody has {done} {assignment}: {place} is empty. {command}")
    for name in students:
        if name not in there:
            close = difflib.get_close_matches(name, there, n=3)
            meant = f" Did you mean {' or '.join(close)}?" if close else ""
            raise GradingError(f"{name} has not {done} {assignment}.{meant}")
    return sorted(set(students)) if students else there


def named_assignment(course: Course, name: str) -> str:
    """The assignment that is meant by a name, or by how it begins ("01").

    Raises GradingError, with what to do, where the gradebook knows none or several.
    """
    with course.gradebook() as gradebook:
        known = [str(one.name) for one in gradebook.assignments]
    meant = [one for one in known if one == name] or [one for one in known if one.startswith(name)]
    if len(meant) == 1:
        return meant[0]
    if meant:
        raise GradingError(f"{name} may be any of these: {', '.join(sorted(meant))}. Write more of its name.")
    close = difflib.get_close_matches(name, known, n=1)
    hint = (
        f"Did you mean {close[0]}?"
        if close
        else f"Generate it first, in {course.root}: nbgrader generate_assignment {name}"
    )
    raise GradingError(f"The gradebook has no assignment {name}. {hint}")


def _application(root: Path, gradebook: str | None) -> Any:
    from nbgrader.apps import AutogradeApp
    from traitlets.config import Config

    app = AutogradeApp()
    try:
        app.initialize([f"--CourseDirectory.db_url={gradebook}"] if gradebook else [], root=str(root))
    except SystemExit as error:
        raise GradingError(f"{root / _SETTINGS} can't be read; see above.") from error
    except Exception as error:
        raise GradingError(
            f"{root / _SETTINGS} can't be read: {type(error).__name__}: {error}. Correct it, or copy the "
            "project's."
        ) from error
    # Else a notebook is validated after each step of a dozen, not once after all of them.
    app.update_config(Config({"Exporter": {"optimistic_validation": True}}))
    return app


def _prepare_own_folder(course: Course) -> None:
    folder = course.own_folder
    try:
        folder.mkdir(mode=0o700, exist_ok=True)
        (folder / ".gitignore").write_text("*\n", encoding="utf-8")
    except OSError as error:
        raise GradingError(f"{folder} can't be written ({error.strerror}). Make it writable.") from error


@contextlib.contextmanager
def alone_in(course: Course) -> Iterator[None]:
    """Holds a lock that ends with this process, however it ends. Without fcntl (Windows) there is none.

    Raises GradingError where another process holds it.
    """
    try:
        import fcntl
    except ImportError:
        yield
        return
    with (course.own_folder / "lock").open("a+", encoding="utf-8") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            file.seek(0)
            raise GradingError(
                f"Another `workshop` command is at work in this course (process {file.read().strip()}). "
                "Wait until it has ended."
            ) from error
        file.truncate(0)
        file.write(f"{os.getpid()}\n")
        file.flush()
        yield
