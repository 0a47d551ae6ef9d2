"""What `workshop demo` shows at its end: the class in a table, and where everything lies."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

from rich.table import Table

from helpers.grading.demo import Graded
from helpers.grading.grade_display import points_of
from helpers.grading.report.making import FOLDER


def table(graded: Sequence[Graded]) -> Table:
    """The class: who handed in what, the score of each item, and whether it is as expected."""
    items = list(graded[0].student.answer.expected)
    result = Table(title=graded[0].assignment, caption="“–” is no score; a range is where training decides.")
    result.add_column("student", no_wrap=True)
    result.add_column("answer", no_wrap=True)
    for item in items:
        result.add_column(item, justify="right")
    result.add_column("total", justify="right")
    result.add_column("expected", no_wrap=True)
    result.add_column("")
    for one in graded:
        expected = one.student.answer.expected
        result.add_row(
            one.student.name,
            one.student.answer.name,
            *(points_of(one.scores.get(item)) for item in items),
            f"{one.total:.2f}",
            " ".join(str(expected[item]) for item in items),
            "✓" if one.as_expected else "✗",
            style="" if one.as_expected else "bold red",
        )
    return result


def closing_words(course: Path, graded: Sequence[Graded], seconds: float) -> str:
    """How it ended, where everything lies, and how to look at it."""
    right = sum(one.as_expected for one in graded)
    pages = sum(one.feedback is not None for one in graded)
    return (
        f"{right} of {len(graded)} submissions have the scores that they deserve. It took {seconds:.0f} s.\n"
        f"Feedback: {pages} pages, {course / 'feedback'}/STUDENT/ASSIGNMENT/\n"
        f"Report:   {course / FOLDER}/ASSIGNMENT.html\n"
        f"Grades:   {course / 'grades.csv'}\n"
        f"Log:      {course / 'demo.log'}\n"
        f"To see the class in formgrader: cd {course} && {Path(sys.executable).with_name('jupyter')} lab\n"
        "Then open Nbgrader → Formgrader in the menu."
    )
