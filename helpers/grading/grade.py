"""Grading a class: submissions are executed in parallel, and nbgrader's own autograder follows behind.

    prepare   what nbgrader will execute, submission by submission (preparing.py)
    execute   what of it isn't in the store yet, on Dask's workers (cluster.py)
    record    nbgrader's autograder, which finds each execution in the store, one writer to one gradebook

Who is executed is recorded at once, while the others are still executed.
Killed at any moment, it goes on where it was: results are in the store, and who isn't graded yet is written
down (pending.py).
"""

from __future__ import annotations

import contextlib
import os
import queue
import threading
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
from helpers.grading.once import once
from helpers.grading.packing import DamagedError, unpack_execution
from helpers.grading.pending import Pending
from helpers.grading.preparing import Broken, Preparation, Prepared
from helpers.grading.progress import Advance, Display

Workers = Callable[[], AbstractContextManager[Any]]
OnEach = Callable[[str, str], None]


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
    with alone_in(course), once():
        log = course.log_to(f"{assignment}.log")
        pending = Pending(course, assignment)
        due = [one for one in chosen if regrade or pending.due(one)]
        pending.add(due)
        preparation = Preparation(course, assignment)
        failed: dict[str, str] = {}
        prepared = _prepare(preparation, due, failed, display)
        advance = display.phase("Grading", len(due) - len(failed))
        class_ = _Class(course, preparation, prepared, failed, advance, anew=regrade)
        del prepared  # each is let go of once it has been executed
        with class_.executed(workers) as ready:
            _record(course, assignment, ready, pending, class_)
        for student in failed:
            pending.cross_off(student)
        course.store.trim()
    graded = tuple(one for one in due if one not in failed)
    return Outcome(graded, tuple(one for one in chosen if one not in due), failed, class_.count, log)


def _prepare(
    preparation: Preparation, students: Sequence[str], failed: dict[str, str], display: Display
) -> list[Prepared]:
    advance = display.phase("Reading submissions", len(students))
    prepared: list[Prepared] = []
    for student in students:
        try:
            prepared += preparation.prepare(student)
        except Broken as error:
            failed[student] = str(error)
        advance(failed=len(failed))
    return prepared


class _Class:
    """Executes what isn't in the store, while those whose executions are there are already recorded.

    failed: by student, why there is no grade; those without an execution are added.
    count:  how many submissions were executed.
    """

    def __init__(
        self,
        course: Course,
        preparation: Preparation,
        prepared: Sequence[Prepared],
        failed: dict[str, str],
        advance: Advance,
        *,
        anew: bool,
    ) -> None:
        self.failed = failed
        self.count = 0
        self._advance = advance
        self._running = 0
        self._store = course.store
        self._kit = Kit.of(preparation.exam, *_means(preparation))
        self._missing: dict[str, Submission] = {}
        self._waiting: dict[str, set[str]] = {}
        for key, one in zip(keys_of(self._kit, [one.submission for one in prepared]), prepared, strict=True):
            waiting = self._waiting.setdefault(one.student, set())
            if not _kept(course, key, cut_ones=not anew):
                self._missing[key] = one.submission
                waiting.add(key)

    @contextlib.contextmanager
    def executed(self, workers: Workers) -> Iterator[Iterator[str]]:
        """The students, each as soon as all that they handed in has been executed.

        Raises what `execute_on` does. Whatever goes wrong meanwhile, nothing runs any more afterwards.
        """
        if not self._missing:
            yield iter(self._waiting)
            return
        ended: queue.SimpleQueue[tuple[str, str] | BaseException | None] = queue.SimpleQueue()
        with workers() as client:
            thread = threading.Thread(target=self._execute, args=(client, ended), daemon=True)
            thread.start()
            yield self._ready(ended)
        thread.join()

    def done_with(self, student: str, problem: str) -> None:
        """A student is graded, or can't be, for a reason."""
        if problem:
            self.failed[student] = problem
        self._advance(done=1, running=self._running, failed=len(self.failed))

    def _execute(self, client: Any, ended: queue.SimpleQueue[Any]) -> None:
        def progress(*, done: int = 1, running: int = 0, failed: int = 0) -> None:
            self._running = running
            self._advance(done=0, running=running, failed=len(self.failed))

        def on_end(key: str, reason: str) -> None:
            del self._missing[key]
            ended.put((key, reason))

        try:
            execute_on(client, self._kit, self._missing, self._store, progress, on_end)
            ended.put(None)
        except BaseException as error:  # raised again where it is waited for
            ended.put(error)

    def _ready(self, ended: queue.SimpleQueue[Any]) -> Iterator[str]:
        yield from [student for student, keys in self._waiting.items() if not keys]
        while (one := ended.get()) is not None:
            if isinstance(one, BaseException):
                raise one
            key, reason = one
            self.count += not reason
            for student, keys in self._waiting.items():
                if key not in keys:
                    continue
                keys.remove(key)
                if reason and student not in self.failed:
                    self.done_with(student, reason)
                if not keys and student not in self.failed:
                    yield student


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

    def __init__(
        self, course: Course, assignment: str, ready: Iterator[str], pending: Pending, on_each: OnEach
    ) -> None:
        super().__init__(coursedir=course.directory, parent=course.app)
        self._course, self._assignment = course, assignment
        self._ready, self._pending, self._on_each = ready, pending, on_each
        self._problem = ""

    def init_notebooks(self) -> None:
        """Takes nobody's notebooks yet; nbgrader would look for everyone's."""
        self.notebooks: list[str] = []
        self.assignments: dict[str, list[str]] = {}

    def convert_notebooks(self) -> None:
        """Grades each submission by itself, so that nothing that one does stops another."""
        for student in self._ready:
            self._pending.make_room(student)
            folder = self._course.path("submitted", student, self._assignment)
            self.assignments = {str(folder): sorted(str(path) for path in folder.glob("*.ipynb"))}
            self._problem = ""
            with contextlib.suppress(NbGraderException):
                super().convert_notebooks()
            self._on_each(student, self._problem)

    def convert_single_notebook(self, notebook_filename: str) -> None:
        """Grades one notebook; keeps in words what went wrong before nbgrader writes it into its log."""
        self._problem = "nbgrader could not grade it; its log says why."
        try:
            super().convert_single_notebook(notebook_filename)
        except WorkshopError as error:
            self._problem = str(error)
            raise
        self._problem = ""


def _record(course: Course, assignment: str, ready: Iterator[str], pending: Pending, class_: _Class) -> None:
    def after(student: str, problem: str) -> None:
        pending.cross_off(student)
        class_.done_with(student, problem)

    with _results_from(course):
        _Recording(course, assignment, ready, pending, after).start()


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
