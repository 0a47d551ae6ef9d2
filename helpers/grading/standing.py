"""Where a class stands: everyone's scores, and what an instructor should look at."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from helpers.grading.course import Course
from helpers.grading.preprocessors.restore_cells import RESTORED, names_in


@dataclass(frozen=True)
class Standing:
    """One submission.

    scores:   by item, in the assignment's order; None where there is none.
    total:    all of them, after a penalty for being late.
    notes:    what an instructor should look at, in words.
    accounts: by item, what VerifyEvidence left of its verdict (see verify_evidence.account).
    seconds:  how long the execution took; None where there was none.
    cut:      what cut the execution short, in words for the student; "" where nothing did.
    """

    student: str
    scores: Mapping[str, float | None]
    total: float
    notes: tuple[str, ...] = ()
    accounts: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    seconds: float | None = None
    cut: str = ""


def standings(course: Course, assignment: str) -> list[Standing]:
    """Everyone with a submission in the gradebook, by name."""
    items = items_of(course, assignment)
    with course.gradebook() as gradebook:
        found = [_of(submission, items) for submission in gradebook.assignment_submissions(assignment)]
    return [_looked_at(course, assignment, one) for one in sorted(found, key=lambda one: one.student)]


def items_of(course: Course, assignment: str) -> dict[str, float]:
    """The points of each graded cell, in the order of the source notebooks; without these, by name."""
    with course.gradebook() as gradebook:
        notebooks = sorted(gradebook.find_assignment(assignment).notebooks, key=lambda one: one.name)
        points = {
            cell.name: float(cell.max_score)
            for notebook in notebooks
            for cell in sorted((*notebook.grade_cells, *notebook.task_cells), key=lambda cell: cell.name)
        }
        names = [notebook.name for notebook in notebooks]
    folder = course.path("source", ".", assignment)
    places = [cell for name in names for cell in names_in(folder / f"{name}.ipynb")]
    return dict(sorted(points.items(), key=lambda item: places.index(item[0]) if item[0] in places else 0))


def _of(submission: Any, items: Iterable[str]) -> Standing:
    places = {name: place for place, name in enumerate(items)}
    grades = [grade for notebook in submission.notebooks for grade in notebook.grades]
    grades.sort(key=lambda grade: places.get(grade.name, len(places)))  # a database has them in any order
    scores = {grade.name: _score(grade) for grade in grades}
    notes = []
    was_graded = any(score is not None for score in scores.values())
    by_hand = [grade.name for grade in grades if was_graded and grade.needs_manual_grade]
    if by_hand:
        notes.append(f"to be graded by hand: {', '.join(by_hand)}")
    penalty = submission.late_submission_penalty or 0.0
    if penalty:
        notes.append(f"late: {penalty:g} points off")
    total = max(0.0, sum(score or 0.0 for score in scores.values()) - penalty)
    return Standing(submission.student_id, scores, round(total, 2), tuple(notes))


def _score(grade: Any) -> float | None:
    score = grade.manual_score if grade.manual_score is not None else grade.auto_score
    return None if score is None else float(score) + float(grade.extra_credit or 0.0)


def _looked_at(course: Course, assignment: str, one: Standing) -> Standing:
    """With what the graded notebooks say."""
    notes, accounts, seconds, cut = list(one.notes), {}, None, ""
    for path in sorted(course.path("autograded", one.student, assignment).glob("*.ipynb")):
        notebook = _read(path)
        about = notebook.get("metadata", {}).get(RESTORED, {})
        seconds = (seconds or 0.0) + about["seconds"] if "seconds" in about else seconds
        if about.get("problem"):
            cut = about["problem"]
            notes.append(cut)
        notes += about.get("restored", [])
        for cell in notebook.get("cells", []):
            account = cell["metadata"].get("workshop")
            if account and cell["metadata"].get("nbgrader", {}).get("grade"):
                accounts[cell["metadata"]["nbgrader"]["grade_id"]] = account
    return replace(one, notes=tuple(notes), accounts=accounts, seconds=seconds, cut=cut)


def _read(path: Path) -> dict[str, Any]:
    import json

    try:
        notebook: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        return notebook
    except (OSError, ValueError):
        return {}
