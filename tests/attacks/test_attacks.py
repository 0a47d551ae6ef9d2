"""Each attack of the bank fails, beside honest students who lose nothing; the whole class is graded once.

`python -m tests.attacks` does the same with several secrets, and compares with a class without attackers.
"""

from __future__ import annotations

import csv
import sys
from html.parser import HTMLParser

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


class Reader(HTMLParser):
    """Reads a page as a browser does, and keeps what of it would run or be fetched."""

    def __init__(self) -> None:
        super().__init__()
        self.running: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            address = (value or "").strip().lower()
            fetched = name == "src" and not address.startswith("data:image/")
            if name.startswith("on") or fetched or (name == "href" and "script:" in address):
                self.running.append(f"<{tag} {name}={address[:50]}>")
        if tag in ("script", "iframe", "object", "embed", "link", "base", "form"):
            self.running.append(f"<{tag}>")


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
        reader = Reader()
        reader.feed(path.read_text(encoding="utf-8"))
        assert reader.running == [], path


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
