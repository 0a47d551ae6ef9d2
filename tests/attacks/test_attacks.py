"""Each attack of the bank fails, beside honest students who lose nothing; the whole class is graded once.

`python -m tests.attacks` does the same with several secrets, and compares with a class without attackers.
"""

from __future__ import annotations

import csv
import sys

import pytest

from tests.attacks import hostile_course
from tests.attacks.bank import GROUPS, Entry, read_entries
from tests.attacks.class_run import Graded, grade_class, wrong_scores

pytestmark = [
    pytest.mark.slow,
    pytest.mark.timeout(1200),
    pytest.mark.skipif(sys.platform != "linux", reason="the sandbox is Linux's"),
]

ENTRIES = read_entries()


@pytest.fixture(scope="module")
def graded(tmp_path_factory: pytest.TempPathFactory) -> Graded:
    return grade_class(ENTRIES, tmp_path_factory.mktemp("attacked"))


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry.student)
def test_everyone_has_the_points_that_the_work_deserves(graded: Graded, entry: Entry) -> None:
    assert wrong_scores([entry], graded) == []


def test_nothing_outside_was_read_written_or_left_behind_and_the_run_finished(graded: Graded) -> None:
    assert graded.violations == []


def test_the_gradebook_is_intact(graded: Graded) -> None:
    name, cells = hostile_course.NAME, hostile_course.POINTS
    assert graded.gradebook["points"] == sorted((name, name, cell, points) for cell, points in cells.items())
    assert graded.gradebook["by hand"] == []
    rows = sorted((student, name, cell) for student in graded.scores for cell in cells)
    assert graded.gradebook["rows"] == rows


def test_only_those_who_handed_in_are_in_it(graded: Graded) -> None:
    known = {entry.student for entry in ENTRIES} | {"peer"}
    others = set(graded.gradebook["students"]) - known
    assert {entry.student for entry in ENTRIES if entry.is_honest} <= set(graded.scores)
    # Names that students gave their own archives, and what a platform's numbers become.
    assert others <= {"mallory-4711", "mal-lory-4711", "collection-odd-names.late", "peer", "x" * 200}


@pytest.mark.parametrize("page", ["feedback", "reports"])
def test_no_page_holds_anything_that_runs(graded: Graded, page: str) -> None:
    pages = [path for path in (graded.course / page).rglob("*.html") if path.is_file()]
    assert pages
    for path in pages:
        text = path.read_text(encoding="utf-8").lower()
        assert "<script" not in text or page == "reports", path
        assert "<script>alert" not in text, path
        assert 'onerror="' not in text.replace("&quot;", ""), path
        assert 'href="javascript' not in text, path


def test_no_cell_of_the_table_is_a_formula(graded: Graded) -> None:
    with (graded.course / "grades.csv").open(encoding="utf-8", newline="") as file:
        cells = [cell for row in csv.reader(file) for cell in row]
    assert '\'=HYPERLINK("http://127.0.0.1")' in cells
    assert not any(cell.startswith(("=", "+", "-", "@")) for cell in cells)


def test_what_an_instructor_reads_holds_no_control_characters(graded: Graded) -> None:
    assert all(letter.isprintable() or letter == "\n" for letter in graded.said)


@pytest.mark.parametrize("group", GROUPS)
def test_the_bank_has_several_of_each_kind(group: str) -> None:
    assert sum(entry.group == group for entry in ENTRIES) >= 4
