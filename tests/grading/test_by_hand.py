"""What nbgrader does besides goes on to work: grading by hand, comments, and penalties for being late."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

import nbformat
import pytest

from helpers.grading.course import open_course
from helpers.grading.exporting import CsvExport
from helpers.grading.giving_back import give_back
from helpers.grading.nbgrader_runs import must_run_nbgrader
from helpers.grading.progress import ProgressLines, console_for_people
from helpers.grading.standing import standings
from tests.grading import tiny
from tests.grading.small_class import answered, never, run

pytestmark = pytest.mark.slow

DUE = datetime(2025, 2, 1, 14)
LATE = "2025-02-01 14:00:01 UTC"
SETTINGS = '\nc.LateSubmissionPlugin.penalty_method = "zero"\n'


@pytest.fixture
def graded(course: Path, tmp_path: Path) -> Path:
    """A class of two, one of them late, with an item that is graded by hand; `workshop grade` has run."""
    source = tiny.source_notebook()
    essay = tiny.cell("essay", "Your words.", kind="markdown", grade=True, solution=True, points=3)
    source.cells.append(essay)
    nbformat.write(source, course / "source" / tiny.NAME / f"{tiny.NAME}.ipynb")
    with (course / "nbgrader_config.py").open("a") as settings:
        settings.write(SETTINGS)
    must_run_nbgrader(course, tmp_path / "log.txt", "generate_assignment", tiny.NAME)
    for student in ("ada", "alan"):
        notebook = answered(course)
        tiny.cell_named(notebook, "essay").source = f"An essay of {student}."
        tiny.submit(course, student, notebook)
    (course / "submitted" / "alan" / tiny.NAME / "timestamp.txt").write_text(LATE)
    with open_course(course) as opened, opened.gradebook() as gradebook:
        gradebook.update_or_create_assignment(tiny.NAME, duedate=DUE)
    run(course)
    return course


def test_scores_by_hand_comments_and_penalties_stay_when_all_is_graded_again(
    graded: Path, tmp_path: Path
) -> None:
    ada, alan = standing(graded)
    assert ada.scores == {"count": 1, "prepare": 2.5, "essay": None}
    assert ada.notes == ("to be graded by hand: essay",)
    assert (alan.total, alan.notes[-1]) == (0, "late: 3.5 points off")
    with open_course(graded) as opened, opened.gradebook() as gradebook:
        cell = ("essay", tiny.NAME, tiny.NAME, "ada")
        gradebook.find_grade(*cell).manual_score = 2.5
        gradebook.find_grade(*cell).needs_manual_grade = False
        gradebook.find_comment(*cell).manual_comment = "Well <b>said</b>."
        gradebook.db.commit()
    run(graded, workers=never, regrade=True)
    ada, alan = standing(graded)
    assert (ada.scores["essay"], ada.total) == (2.5, 6)
    with open_course(graded) as opened, ProgressLines(console_for_people()) as display:
        give_back(opened, tiny.NAME, 1, display)
        with opened.gradebook() as gradebook:
            CsvExport(to=str(tmp_path / "grades.csv")).export(gradebook)
    page = (graded / "feedback" / "ada" / tiny.NAME / f"{tiny.NAME}.html").read_text(encoding="utf-8")
    assert "An essay of ada." in page
    assert "Well &lt;b&gt;said&lt;/b&gt;." in page
    rows = (tmp_path / "grades.csv").read_text().splitlines()
    assert [row.split(",")[-4:] for row in rows[1:]] == [
        ["6.0", "0.0", "6.0", "6.5"],
        ["3.5", "3.5", "0.0", "6.5"],
    ]


def standing(course: Path) -> list[Any]:
    with open_course(course) as opened:
        return standings(opened, tiny.NAME)
