"""`workshop feedback`: the pages of a class, made by nbgrader's own converter in several processes at a time.

A page is made in a folder of `workshop`'s own and put into its place when it is whole, so that a run that was
stopped leaves nothing half done: whoever has a page that is newer than the grading has it for good.
"""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from multiprocessing.connection import wait
from pathlib import Path
from typing import Any

from nbgrader.converters import GenerateFeedback
from nbgrader.converters.base import NbGraderException

from helpers.checks.evidence import printable
from helpers.errors import WorkshopError
from helpers.grading.course import OWN_FOLDER, Course, alone_in, chosen_students, open_course
from helpers.grading.progress import Display

_MAKING = f"{OWN_FOLDER}/feedback"
_WORTH_A_PROCESS = 25  # pages: starting a process takes 3.7 s of processor time, a page about 0.15


@dataclass(frozen=True)
class GivenBack:
    """What `workshop feedback` did.

    made:      students whose pages were made now.
    untouched: students whose pages are newer than their grading.
    failed:    by student, why there is no new page.
    place:     where the pages are.
    log:       where nbgrader's own words are.
    """

    made: tuple[str, ...]
    untouched: tuple[str, ...]
    failed: dict[str, str]
    place: Path
    log: Path


def give_back(
    course: Course,
    assignment: str,
    jobs: int,
    display: Display,
    *,
    students: Sequence[str] = (),
    anew: bool = False,
) -> GivenBack:
    """Makes the pages that aren't there yet or are older than the grading; all of those named, with `anew`.

    Raises GradingError where nothing is graded; one submission never stops the others.
    """
    chosen = chosen_students(course, assignment, list(students), step="autograded")
    with alone_in(course):
        log = course.log_to(_log(assignment))
        due = [one for one in chosen if anew or _is_due(course, assignment, one)]
        advance = display.phase("Feedback", len(due))
        failed: dict[str, str] = {}
        for student, problem in _made(course, assignment, due, jobs):
            if problem:
                failed[student] = problem
            advance(failed=len(failed))
    made = tuple(one for one in due if one not in failed)
    return GivenBack(
        made,
        tuple(one for one in chosen if one not in due),
        failed,
        course.path("feedback", "*", assignment),
        log,
    )


def _is_due(course: Course, assignment: str, student: str) -> bool:
    """Whether a notebook has no page that is newer."""
    pages = course.path("feedback", student, assignment)
    for notebook in course.path("autograded", student, assignment).glob("*.ipynb"):
        page = pages / f"{notebook.stem}.html"
        if not page.is_file() or page.stat().st_mtime_ns < notebook.stat().st_mtime_ns:
            return True
    return not pages.is_dir()


def _made(course: Course, assignment: str, students: Sequence[str], jobs: int) -> Iterator[tuple[str, str]]:
    """Each student with what went wrong, "" where nothing did, as they come."""
    jobs = min(jobs, len(students) // _WORTH_A_PROCESS)
    if jobs < 2:
        for student in students:
            yield student, make_page(course, assignment, student)
        return
    left = set(students)
    for student, problem in _made_by(jobs, course, assignment, students):
        left.discard(student)
        yield student, problem
    for student in sorted(left):  # one of them has ended its process, and nobody can tell which: each alone
        ending = [(student, "The process that made the page came to an end.")]
        yield from list(_made_by(1, course, assignment, [student])) or ending


def _made_by(
    jobs: int, course: Course, assignment: str, students: Sequence[str]
) -> Iterator[tuple[str, str]]:
    """Makes pages in so many processes; those whose process ended are left out."""
    settings = (course.root, course.directory.db_url, assignment)
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(jobs, context, _begin, settings) as pool:
        futures: dict[Future[str], str] = {pool.submit(_make, student): student for student in students}
        try:
            for future in as_completed(futures):
                with contextlib.suppress(BrokenProcessPool):
                    yield futures[future], future.result()
        finally:
            pool.shutdown(cancel_futures=True)


def make_page(course: Course, assignment: str, student: str) -> str:
    """Makes one student's page and puts it into its place; what went wrong in words, "" where nothing did."""
    page = _Page(course, assignment, student)
    with contextlib.suppress(NbGraderException):
        page.start()
    if not page.problem:
        _put(page.folder, course.path("feedback", student, assignment))
    return page.problem


class _Page(GenerateFeedback):
    """nbgrader's converter on one submission, into a folder that nobody looks into yet."""

    def __init__(self, course: Course, assignment: str, student: str) -> None:
        super().__init__(coursedir=course.directory, parent=course.app)
        self.force = True
        self.folder = Path(self._format_dest(assignment, student))
        self.problem = "nbgrader could not make the page; its log says why."
        self._source = course.path("autograded", student, assignment)

    @property
    def _output_directory(self) -> str:
        return _MAKING

    def init_notebooks(self) -> None:
        """Takes this submission alone; nbgrader would look for everyone's."""
        self.notebooks: list[str] = []
        self.assignments = {str(self._source): sorted(str(path) for path in self._source.glob("*.ipynb"))}

    def convert_single_notebook(self, notebook_filename: str) -> None:
        """Makes one page; keeps in words what went wrong before nbgrader writes it into its log."""
        try:
            super().convert_single_notebook(notebook_filename)
        except WorkshopError as error:
            self.problem = str(error)
            raise
        except Exception as error:
            self.problem = f"No page can be made of it ({type(error).__name__}: {printable(str(error))})."
            raise
        self.problem = ""


def _put(made: Path, place: Path) -> None:
    """Puts a folder in the place of an older one."""
    from nbgrader.utils import rmtree

    if place.exists():
        rmtree(str(place))
    place.parent.mkdir(parents=True, exist_ok=True)
    made.rename(place)


def _log(assignment: str) -> str:
    return f"{assignment}-feedback.log"


# ---- what follows runs in processes of its own ----


_OPENED = contextlib.ExitStack()
_HERE: list[Any] = []


def _begin(root: Path, gradebook: str, assignment: str) -> None:
    """Opens the course for as long as this process lives, which is no longer than the one that began it."""
    parent = multiprocessing.parent_process()
    assert parent is not None
    threading.Thread(target=lambda: (wait([parent.sentinel]), os._exit(1)), daemon=True).start()
    course = _OPENED.enter_context(open_course(root, gradebook))
    course.log_to(_log(assignment))
    _HERE[:] = [course, assignment]


def _make(student: str) -> str:
    course, assignment = _HERE
    return make_page(course, assignment, student)
