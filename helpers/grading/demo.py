"""An instructor's whole cycle on a simulated class, through nbgrader's own commands.

generate → hand in → collect → grade → feedback → report → export, in a course folder of its own.
"""

from __future__ import annotations

import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from helpers.grading.classroom import Answer, Student, hand_in, make_class, read_bank
from helpers.grading.cluster import local_workers
from helpers.grading.course import open_course
from helpers.grading.errors import GradingError
from helpers.grading.giving_back import give_back
from helpers.grading.grade import grade
from helpers.grading.isolation.processes import ROOT
from helpers.grading.nbgrader_runs import must_run_nbgrader
from helpers.grading.progress import Display
from helpers.grading.report.making import write_report

MARKER = ".workshop-demo"
_SOME = 8
_MARKER_TEXT = "This folder was made by `workshop demo`, which replaces it as a whole when it runs again.\n"


@dataclass(frozen=True)
class Graded:
    """What became of one student's submission.

    scores:   by item, as recorded in the gradebook; None where there is no score.
    feedback: the page for the student, if there is one.
    """

    student: Student
    assignment: str
    scores: Mapping[str, float | None]
    feedback: Path | None

    @property
    def total(self) -> float:
        """The points of all items."""
        return sum(score or 0.0 for score in self.scores.values())

    @property
    def as_expected(self) -> bool:
        """Whether each item has the score that its answer deserves, and feedback is there."""
        expected = self.student.answer.expected
        scores_hold = all(expected[item].holds(self.scores.get(item)) for item in expected)
        return scores_hold and self.scores.keys() == expected.keys() and self.feedback is not None


def run(
    folder: Path, assignments: Sequence[str], students: int | None, jobs: int, display: Display
) -> list[Graded]:
    """Runs the cycle in a new course in `folder`; what became of each submission, in the class's order.

    Without a number of students, a single assignment's answers are each handed in once; of several, some.

    Raises GradingError where a step fails as a whole; a submission that fails costs only itself.
    """
    banks = {name: read_bank(name) for name in assignments}
    if students is None and len(banks) > 1:
        banks = {name: some_of(answers) for name, answers in banks.items()}
    classes = {name: make_class(answers, students) for name, answers in banks.items()}
    course = make_course(folder, assignments)
    log = course / "demo.log"
    for name, those in classes.items():
        display.phase(f"{name}: generate, hand in, collect")
        must_run_nbgrader(course, log, "generate_assignment", name)
        _enrol(course, those)
        for minute, student in enumerate(those):
            archive = course / "downloaded" / name / "archive"
            hand_in(student, course / "release" / name, archive, minute)
        must_run_nbgrader(course, log, "zip_collect", name)
        with open_course(course) as opened:
            grade(opened, name, lambda: local_workers(jobs), display)
            give_back(opened, name, jobs, display)
            display.phase(f"{name}: report")
            write_report(opened, name)
    display.phase("export")
    must_run_nbgrader(course, log, "export", "--to", "grades.csv")
    return [graded for name, those in classes.items() for graded in _read(course, name, those)]


def some_of(answers: Sequence[Answer]) -> list[Answer]:
    """A few answers from all over a bank, of every kind: they are sorted by kind."""
    steps = np.linspace(0, len(answers) - 1, min(_SOME, len(answers)))
    return [answers[int(step)] for step in steps.round()]


def make_course(folder: Path, assignments: Sequence[str]) -> Path:
    """A new course: the sources of these assignments and the settings. An old demo in its place is removed.

    Raises GradingError where something else is in that place, or it can't be written.
    """
    course = folder.absolute()
    try:
        if course.exists():
            if not (course / MARKER).is_file() and any(course.iterdir()):
                raise GradingError(
                    f"{course} exists and isn't a demo, so it is left as it is. Name another folder: "
                    "workshop demo --folder PATH"
                )
            shutil.rmtree(course)
        course.mkdir(parents=True)
        (course / MARKER).write_text(_MARKER_TEXT, encoding="utf-8")
        for name in assignments:
            shutil.copytree(ROOT / "source" / name, course / "source" / name)
        shutil.copy(ROOT / "nbgrader_config.py", course)
    except OSError as error:
        raise GradingError(
            f"{error.filename or course} can't be written ({error.strerror}). Name another folder: "
            "workshop demo --folder PATH"
        ) from error
    return course


def _enrol(course: Path, students: Sequence[Student]) -> None:
    from nbgrader.api import Gradebook

    with Gradebook(_gradebook(course)) as gradebook:
        for one in students:
            gradebook.update_or_create_student(one.name, first_name=one.first_name, last_name=one.last_name)


def _gradebook(course: Path) -> str:
    return f"sqlite:///{course / 'gradebook.db'}"


def _read(course: Path, assignment: str, students: Sequence[Student]) -> list[Graded]:
    return [
        Graded(
            student,
            assignment,
            scores_of(course, assignment, student.name),
            _feedback(course, assignment, student.name),
        )
        for student in students
    ]


def scores_of(course: Path, assignment: str, student: str) -> dict[str, float | None]:
    """A student's scores by item, as the course's gradebook has them; {} for no submission."""
    from nbgrader.api import Gradebook, MissingEntry

    with Gradebook(_gradebook(course)) as gradebook:
        try:
            submission = gradebook.find_submission(assignment, student)
        except MissingEntry:
            return {}
        return {grade.name: grade.auto_score for part in submission.notebooks for grade in part.grades}


def _feedback(course: Path, assignment: str, student: str) -> Path | None:
    path = course / "feedback" / student / assignment / f"{assignment}.html"
    return path if path.is_file() else None
