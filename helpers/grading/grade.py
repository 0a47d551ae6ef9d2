"""Grading a class: submissions are executed in parallel, and nbgrader's own autograder follows behind.

    read      what nbgrader will execute, submission by submission (preparing.py)
    execute   what of it isn't in the store yet, on Dask's workers (cluster.py)
    record    nbgrader's autograder, which finds each execution in the store, one writer to one gradebook

All three go on at a time: the first are recorded while others are executed and the last ones aren't read yet.
Killed at any moment, it goes on where it was: results are in the store, and who isn't graded yet is written
down (pending.py).
"""

from __future__ import annotations

import contextlib
import os
import queue
import threading
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nbgrader.converters import Autograde
from nbgrader.converters.base import NbGraderException

from helpers.errors import WorkshopError
from helpers.grading.cached import STORE_VARIABLE
from helpers.grading.cluster import Kit, execute_on
from helpers.grading.course import Course, alone_in, chosen_students, named_assignment
from helpers.grading.execution import Submission
from helpers.grading.packing import DamagedError, unpack_execution
from helpers.grading.pending import Pending
from helpers.grading.preparing import Broken, Preparation
from helpers.grading.progress import Advance, Display
from helpers.grading.reuse import reuse_in_nbgrader

Workers = Callable[[], AbstractContextManager[Any]]
OnEach = Callable[[str, str], None]

_FEW, _MANY = 8, 64  # submissions that are read and wait: with fewer, reading goes before recording; the most


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
    assignment = named_assignment(course, assignment)
    chosen = chosen_students(course, assignment, list(students))
    with alone_in(course), reuse_in_nbgrader():
        log = course.log_to(f"{assignment}.log")
        pending = Pending(course, assignment)
        due = [one for one in chosen if regrade or pending.due(one)]
        pending.add(due)
        preparation = Preparation(course, assignment)
        class_ = _Class(course, preparation, due, display.phase("Grading", len(due)), anew=regrade)
        with class_.executed(workers) as ready:
            _record(course, assignment, ready, pending, class_)
        for student in class_.failed:
            pending.cross_off(student)
        course.store.trim()
    graded = tuple(one for one in due if one not in class_.failed)
    untouched = tuple(one for one in chosen if one not in due)
    return Outcome(graded, untouched, class_.failed, class_.count, log)


class _Class:
    """Reads submissions and has executed what isn't in the store, while whoever is through is recorded.

    failed: by student, why there is no grade.
    count:  how many submissions were executed.
    """

    def __init__(
        self, course: Course, preparation: Preparation, due: Sequence[str], advance: Advance, *, anew: bool
    ) -> None:
        self.failed: dict[str, str] = {}
        self.count = 0
        self._course, self._preparation = course, preparation
        self._unread = deque(due)
        self._advance, self._anew = advance, anew
        self._running = 0
        self._kit = Kit.of(preparation.exam, *_means(preparation))
        self._thread: threading.Thread | None = None
        self._waiting: dict[str, set[str]] = {}  # by student, the keys of what had to be executed
        self._given: dict[str, str | None] = {}  # by key, why it could not be executed; None: not known yet
        self._to_execute: queue.SimpleQueue[tuple[str, Submission] | None] = queue.SimpleQueue()
        self._executed: queue.SimpleQueue[tuple[str, str] | BaseException] = queue.SimpleQueue()

    @contextlib.contextmanager
    def executed(self, workers: Workers) -> Iterator[Iterator[str]]:
        """The students, each as soon as all that they handed in has been executed.

        Raises what `execute_on` does. Whatever goes wrong meanwhile, nothing runs any more afterwards.
        """
        with contextlib.ExitStack() as stack:
            yield self._ready(lambda: self._begin(stack, workers))
        if self._thread:
            self._thread.join()

    def done_with(self, student: str, problem: str) -> None:
        """A student is graded, or can't be, for a reason."""
        if problem:
            self.failed[student] = problem
        self._advance(done=1, running=self._running, failed=len(self.failed))

    def _ready(self, begin: Callable[[], None]) -> Iterator[str]:
        """Reads and takes back by turns: workers never wait for a submission, nor memory fills with them."""
        while self._unread:
            read_ahead = self._to_execute.qsize()
            if read_ahead < _FEW or (read_ahead < _MANY and self._executed.empty()):
                yield from self._read(self._unread.popleft(), begin)
            else:
                yield from self._take(self._executed.get())
        self._to_execute.put(None)
        while self._waiting:
            yield from self._take(self._executed.get())

    def _read(self, student: str, begin: Callable[[], None]) -> Iterator[str]:
        """Reads a submission and hands on what of it has to be executed; begins where it is the first."""
        try:
            prepared = self._preparation.prepare(student)
        except Broken as error:
            self.done_with(student, str(error))
            return
        missing = set()
        for one in prepared:
            key = self._kit.key_of(one.submission)
            if key not in self._given:
                if _kept(self._course, key, cut_ones=not self._anew):
                    continue
                if not self._given:
                    begin()
                self._given[key] = None
                self._to_execute.put((key, one.submission))
            missing.add(key)
        self._waiting[student] = missing
        yield from self._through(student)

    def _take(self, one: tuple[str, str] | BaseException) -> Iterator[str]:
        if isinstance(one, BaseException):
            raise one
        key, reason = one
        self._given[key] = reason
        self.count += not reason
        for student in [student for student, keys in self._waiting.items() if key in keys]:
            yield from self._through(student)

    def _through(self, student: str) -> Iterator[str]:
        """The student, if nothing of theirs is waited for any more, and nothing has failed."""
        reasons = [self._given[key] for key in self._waiting[student]]
        if None in reasons:
            return
        del self._waiting[student]
        if any(reasons):
            self.done_with(student, next(filter(None, reasons)))
        else:
            yield student

    def _begin(self, stack: contextlib.ExitStack, workers: Workers) -> None:
        client = stack.enter_context(workers())
        self._thread = threading.Thread(target=self._execute, args=(client,), daemon=True)
        self._thread.start()
        stack.callback(self._to_execute.put, None)  # whatever happens, nothing more is coming

    def _execute(self, client: Any) -> None:
        def progress(*, done: int = 1, running: int = 0, failed: int = 0) -> None:
            self._running = running
            self._advance(done=0, running=running, failed=len(self.failed))

        def on_end(key: str, reason: str) -> None:
            self._executed.put((key, reason))

        try:
            coming = iter(self._to_execute.get, None)
            execute_on(client, self._kit, coming, self._course.store, progress, on_end)
        except BaseException as error:  # raised again where it is waited for
            self._executed.put(error)


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
