"""Grading a class: everything is executed in parallel first, then nbgrader's own autograder goes through it.

    prepare   what nbgrader will execute, submission by submission (preparing.py)
    execute   what of it isn't in the store yet, on Dask's workers (cluster.py)
    record    nbgrader's autograder, which finds each execution in the store, one writer to one gradebook

Killed at any moment, it goes on where it was: results are in the store, and who isn't graded yet is written
down (pending.py).
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nbgrader.converters import Autograde
from nbgrader.converters.base import NbGraderException

from helpers.errors import WorkshopError
from helpers.grading.cached import STORE_VARIABLE
from helpers.grading.cluster import Kit, execute_on, keys_of
from helpers.grading.course import Course, alone_in, chosen_students, require_assignment
from helpers.grading.execution import Submission
from helpers.grading.packing import DamagedError, unpack_execution
from helpers.grading.pending import Pending
from helpers.grading.preparing import Broken, Preparation, Prepared
from helpers.grading.progress import Advance, Display

Workers = Callable[[], AbstractContextManager[Any]]


@dataclass(frozen=True)
class Outcome:
    """What `workshop grade` did.

    graded:   students whose submissions were graded now.
    untouched: students whose submissions were graded before and haven't changed.
    failed:   by student, why there is no new grade.
    executed: how many submissions were executed; the others were in the store.
    log:      where nbgrader's own words are.
    """

    graded: tuple[str, ...]
    untouched: tuple[str, ...]
    failed: dict[str, str]
    executed: int
    log: Path


def grade(
    course: Course,
    assignment: str,
    workers: Workers,
    display: Display,
    *,
    students: Sequence[str] = (),
    regrade: bool = False,
) -> Outcome:
    """Grades the submissions that aren't graded yet, or have come anew; all of those named, with `regrade`.

    Raises GradingError where the class as a whole can't be graded; one submission never stops the others.
    """
    require_assignment(course, assignment)
    chosen = chosen_students(course, assignment, list(students))
    with alone_in(course):
        log = course.log_to(f"{assignment}.log")
        pending = Pending(course, assignment)
        due = [one for one in chosen if regrade or pending.due(one)]
        pending.add(due)
        preparation = Preparation(course, assignment)
        prepared, failed = _prepare(preparation, due, display)
        executed = _execute(course, preparation, prepared, failed, workers, display, anew=regrade)
        ready = [one for one in due if one not in failed]
        _record(course, assignment, ready, failed, pending, display)
        for student in failed:
            pending.cross_off(student)
        course.store.trim()
    graded = tuple(one for one in due if one not in failed)
    return Outcome(graded, tuple(one for one in chosen if one not in due), failed, executed, log)


def _prepare(
    preparation: Preparation, students: Sequence[str], display: Display
) -> tuple[list[Prepared], dict[str, str]]:
    advance = display.phase("Reading submissions", len(students))
    prepared: list[Prepared] = []
    failed: dict[str, str] = {}
    for student in students:
        try:
            prepared += preparation.prepare(student)
        except Broken as error:
            failed[student] = str(error)
        advance(failed=len(failed))
    return prepared, failed


def _execute(
    course: Course,
    preparation: Preparation,
    prepared: Sequence[Prepared],
    failed: dict[str, str],
    workers: Workers,
    display: Display,
    *,
    anew: bool,
) -> int:
    """Fills the store; how many submissions were executed. Adds to `failed` those that could not be."""
    kit = Kit.of(preparation.exam, *_means(preparation))
    keys = keys_of(kit, [one.submission for one in prepared])
    missing: dict[str, Submission] = {}
    for key, one in zip(keys, prepared, strict=True):
        if not _kept(course, key, cut_ones=not anew):
            missing[key] = one.submission
    if not missing:
        return 0
    advance: Advance = display.phase("Starting workers")
    with workers() as client:
        advance()
        advance = display.phase("Executing", len(missing))
        failures = execute_on(client, kit, missing, course.store, advance)
    for key, one in zip(keys, prepared, strict=True):
        if key in failures:
            failed[one.student] = failures[key]
    return len(missing) - len(failures)


def _kept(course: Course, key: str, *, cut_ones: bool) -> bool:
    """Whether an execution is in the store; one that was cut short counts only if `cut_ones`."""
    kept = course.store.get(key)
    if kept is None:
        return False
    try:
        return cut_ones or not unpack_execution(kept).result.problem
    except DamagedError:
        return False


def _means(preparation: Preparation) -> tuple[type, type]:
    """What executes and what observes, as the course's settings say."""
    from helpers.grading.preprocessors.execute_for_evidence import ExecuteForEvidence
    from helpers.grading.preprocessors.verify_evidence import VerifyEvidence

    execute = ExecuteForEvidence(parent=preparation.exporter)
    verify = VerifyEvidence(parent=preparation.exporter)
    return execute.executor_class, verify.observer_class


class _Recording(Autograde):
    """nbgrader's autograder, one submission after the other, whatever becomes of each."""

    def __init__(self, course: Course, on_each: Callable[[str, str], None]) -> None:
        super().__init__(coursedir=course.directory, parent=course.app)
        self._on_each = on_each
        self.students: dict[str, str] = {}
        self._problem = ""

    def init_notebooks(self) -> None:
        """Takes the chosen students' notebooks; nbgrader would look for everyone's."""
        self.notebooks: list[str] = []
        self.assignments = {
            folder: sorted(str(path) for path in Path(folder).glob("*.ipynb")) for folder in self.students
        }

    def convert_notebooks(self) -> None:
        """Grades each submission by itself, so that nothing that one does stops another."""
        for folder, notebooks in list(self.assignments.items()):
            self.assignments = {folder: notebooks}
            self._problem = ""
            with contextlib.suppress(NbGraderException):
                super().convert_notebooks()
            self._on_each(self.students[folder], self._problem)

    def convert_single_notebook(self, notebook_filename: str) -> None:
        """Grades one notebook; keeps in words what went wrong before nbgrader writes it into its log."""
        self._problem = "nbgrader could not grade it; its log says why."
        try:
            super().convert_single_notebook(notebook_filename)
        except WorkshopError as error:
            self._problem = str(error)
            raise
        self._problem = ""


def _record(
    course: Course,
    assignment: str,
    students: Sequence[str],
    failed: dict[str, str],
    pending: Pending,
    display: Display,
) -> None:
    advance = display.phase("Recording grades", len(students))

    def after(student: str, problem: str) -> None:
        if problem:
            failed[student] = problem
        pending.cross_off(student)
        advance(failed=len(failed))

    converter = _Recording(course, after)
    for student in students:
        pending.make_room(student)
        converter.students[str(course.path("submitted", student, assignment))] = student
    if students:
        with _results_from(course):
            converter.start()


@contextlib.contextmanager
def _results_from(course: Course) -> Iterator[None]:
    before = os.environ.get(STORE_VARIABLE)
    os.environ[STORE_VARIABLE] = str(course.store.folder)
    try:
        yield
    finally:
        del os.environ[STORE_VARIABLE]
        if before is not None:
            os.environ[STORE_VARIABLE] = before
