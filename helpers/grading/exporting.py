"""Grades as tables for other programs: nbgrader's own CSV, and those that Canvas and Moodle import.

A spreadsheet takes a cell that begins with = for a formula, whoever wrote it. What people named themselves or
their files can begin like that, so such cells get an apostrophe in front, and are text.
"""

from __future__ import annotations

import csv
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nbgrader.plugins import ExportPlugin
from traitlets import Dict

_FORMULA = frozenset("=+-@|%")


@dataclass(frozen=True)
class Record:
    """One student and one assignment. score: None where there is nothing that was graded."""

    student: Any
    assignment: Any
    submission: Any | None
    score: float | None


class CsvExport(ExportPlugin):
    """nbgrader's table, a line for each student and assignment, in well-formed CSV without formulas."""

    columns = (
        *("assignment", "duedate", "timestamp", "student_id", "last_name", "first_name", "email"),
        *("raw_score", "late_submission_penalty", "score", "max_score"),
    )

    def export(self, gradebook: Any) -> None:
        """Called by `nbgrader export`; writes to `--to`, else grades.csv."""
        rows = [self._row(one) for one in records(gradebook, self.assignment, self.student)]
        _write(self, "grades.csv", [self.columns, *rows])

    def _row(self, one: Record) -> list[Any]:
        student, submission = one.student, one.submission
        penalty = (submission.late_submission_penalty or 0.0) if submission else 0.0
        return [
            one.assignment.name,
            one.assignment.duedate,
            submission.timestamp if submission else None,
            student.id,
            student.last_name,
            student.first_name,
            student.email,
            submission.score if submission else 0.0,
            penalty,
            one.score or 0.0,
            one.assignment.max_score,
        ]


class CanvasExport(ExportPlugin):
    """The table that Canvas's gradebook imports: a line for each student, a column for each assignment.

    Canvas knows students by an ID of its own, which is nbgrader's `lms_user_id`, or by their login, for
    which nbgrader's student id is taken. What has no grade stays empty, and Canvas leaves it as it is.
    """

    titles = Dict({}, help="Canvas's titles of assignments, e.g. {'01_dense_mnist': 'Week 1 (12345)'}.").tag(
        config=True
    )

    def export(self, gradebook: Any) -> None:
        """Called by `nbgrader export`; writes to `--to`, else canvas.csv."""
        assignments = chosen(gradebook.assignments, self.assignment)
        titles = [self.titles.get(one.name, one.name) for one in assignments]
        head = ["Student", "ID", "SIS User ID", "SIS Login ID", "Section", *titles]
        possible = ["    Points Possible", "", "", "", "", *(one.max_score for one in assignments)]
        rows = [
            [_full_name(student, "{last}, {first}"), student.lms_user_id, "", student.id, "", *scores]
            for student, scores in _by_student(gradebook, self.assignment, self.student)
        ]
        _write(self, "canvas.csv", [head, possible, *rows])


class MoodleExport(ExportPlugin):
    """A table for Moodle's gradebook import, which asks what each column means: a line for each student."""

    titles = Dict({}, help="Moodle's names of assignments, e.g. {'01_dense_mnist': 'Week 1'}.").tag(
        config=True
    )

    def export(self, gradebook: Any) -> None:
        """Called by `nbgrader export`; writes to `--to`, else moodle.csv."""
        assignments = chosen(gradebook.assignments, self.assignment)
        titles = [f"Assignment: {self.titles.get(one.name, one.name)}" for one in assignments]
        head = ["Username", "First name", "Last name", "Email address", *titles]
        rows = [
            [student.id, student.first_name, student.last_name, student.email, *scores]
            for student, scores in _by_student(gradebook, self.assignment, self.student)
        ]
        _write(self, "moodle.csv", [head, *rows])


def records(gradebook: Any, assignments: Sequence[Any], students: Sequence[Any]) -> Iterator[Record]:
    """Every student with every assignment, by their ids; those named, if any are."""
    people = sorted(chosen(gradebook.students, students), key=lambda student: str(student.id))
    for assignment in chosen(gradebook.assignments, assignments):
        submissions = {one.student_id: one for one in gradebook.assignment_submissions(assignment.name)}
        for student in people:
            submission = submissions.get(student.id)
            yield Record(student, assignment, submission, _score(submission))


def chosen(ones: Iterable[Any], names: Sequence[Any]) -> list[Any]:
    """Students or assignments of those names; all where none are given."""
    wanted = {str(name) for name in names}
    known = [(getattr(one, "name", None) or one.id, one) for one in ones]
    return [one for name, one in known if not wanted or name in wanted]


def text_cell(value: object) -> str:
    """A value as a cell that no spreadsheet takes for a formula."""
    text = "" if value is None else str(value)
    if isinstance(value, int | float):
        return text
    # A spreadsheet may see through spaces, control characters, and the wide forms of = and +.
    plain = unicodedata.normalize("NFKC", text)
    seen = plain.lstrip("".join(letter for letter in plain if letter.isspace() or not letter.isprintable()))
    return f"'{text}" if seen[:1] in _FORMULA else text


def _by_student(
    gradebook: Any, assignments: Sequence[Any], students: Sequence[Any]
) -> Iterator[tuple[Any, list[Any]]]:
    found: dict[str, tuple[Any, list[Any]]] = {}
    for one in records(gradebook, assignments, students):
        _, scores = found.setdefault(one.student.id, (one.student, []))
        scores.append("" if one.score is None else round(one.score, 2))
    yield from found.values()


def _score(submission: Any | None) -> float | None:
    """The score after a penalty; None where not one cell has a score."""
    if submission is None:
        return None
    grades = [grade for notebook in submission.notebooks for grade in notebook.grades]
    if all(grade.auto_score is None and grade.manual_score is None for grade in grades):
        return None
    return max(0.0, float(submission.score) - float(submission.late_submission_penalty or 0.0))


def _full_name(student: Any, form: str) -> str:
    if not student.first_name and not student.last_name:
        return str(student.id)
    return form.format(first=student.first_name or "", last=student.last_name or "").strip(", ")


def _write(plugin: ExportPlugin, name: str, rows: Iterable[Sequence[Any]]) -> None:
    path = Path(plugin.to or name)
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([text_cell(value) for value in row] for row in rows)
    plugin.log.info("Grades are in %s", path)
