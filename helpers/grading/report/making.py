"""Making a class report out of a course: what the gradebook and the graded notebooks hold."""

from __future__ import annotations

from pathlib import Path

from helpers.checks.specification import FILE_NAME, read
from helpers.grading.course import Course
from helpers.grading.errors import GradingError
from helpers.grading.report.page import ClassReport, page
from helpers.grading.report.similarity import near_identical
from helpers.grading.standing import items_of, standings

FOLDER = "reports"


def write_report(course: Course, assignment: str, path: Path | None = None) -> Path:
    """Writes the report on an assignment, by default to reports/ in the course; gives its path.

    Raises GradingError where nothing is graded, or it can't be written.
    """
    class_ = standings(course, assignment)
    if not class_:
        raise GradingError(
            f"Nothing of {assignment} is graded yet. Grade it first: workshop grade {assignment}"
        )
    answers = {one.student: _answers(course, one.student, assignment) for one in class_}
    without = [one.student for one in class_ if all(score is None for score in one.scores.values())]
    known = {one.student for one in class_}
    report = ClassReport(
        title=_title(course, assignment),
        class_=class_,
        points=items_of(course, assignment),
        answers=answers,
        pairs=near_identical({student: code for student, code in answers.items() if code}),
        absent=sorted({*without, *(one for one in course.submitters(assignment) if one not in known)}),
    )
    target = path or course.root / FOLDER / f"{assignment}.html"
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(page(report), encoding="utf-8")
    except OSError as error:
        raise GradingError(
            f"{target} can't be written ({error.strerror}). Name another: --to PATH"
        ) from error
    return target


def _title(course: Course, assignment: str) -> str:
    path = course.path("source", ".", assignment) / FILE_NAME
    return read(path).title if path.is_file() else assignment


def _answers(course: Course, student: str, assignment: str) -> str:
    """What a student wrote into the cells for answers, untouched ones left out."""
    import nbformat
    from nbgrader.utils import compute_checksum

    written = []
    for path in sorted(course.path("autograded", student, assignment).glob("*.ipynb")):
        for cell in nbformat.read(path, as_version=4).cells:
            role = cell.metadata.get("nbgrader", {})
            is_answer = cell.cell_type == "code" and role.get("solution")
            if is_answer and role.get("checksum") != compute_checksum(cell):
                written.append(cell.source)
    return "\n\n".join(written)
