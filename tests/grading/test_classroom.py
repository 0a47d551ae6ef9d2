"""The simulated class: answers read from the bank, and handed in as students do."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path

import nbformat
import pytest

from helpers.grading.classroom import Expected, fill_in, hand_in, make_class, read_answer, read_bank
from helpers.grading.errors import GradingError
from helpers.grading.isolation.processes import ROOT
from tests.grading import tiny

ANSWER = '''"""Partly: arrays alone,
   the rest is a stub."""
# expected: prepare=2.5 count=0..0.5

# %% answer-prepare
def prepare(images, labels):

    return None

# %% scratch
print("done")
'''


@pytest.fixture
def bank(tmp_path: Path) -> Path:
    folder = tmp_path / "answers"
    (folder / tiny.NAME).mkdir(parents=True)
    (folder / tiny.NAME / "partly.py").write_text(ANSWER, encoding="utf-8")
    (folder / tiny.NAME / "another.py").write_text(ANSWER, encoding="utf-8")
    return folder


def test_an_answer_says_what_it_is_worth_and_holds_cells(bank: Path) -> None:
    answer = read_answer(bank / tiny.NAME / "partly.py")
    assert answer.about == "Partly: arrays alone, the rest is a stub."
    assert answer.expected == {"prepare": Expected(2.5, 2.5), "count": Expected(0, 0.5)}
    assert answer.cells["answer-prepare"] == "def prepare(images, labels):\n\n    return None"
    assert answer.cells["scratch"] == 'print("done")'


def test_expectations_hold_within_a_rounded_hundredth() -> None:
    assert Expected(1, 1).holds(1.004)
    assert not Expected(1, 1).holds(1.01)
    assert Expected(1.05, 4.9).holds(3)
    assert not Expected(0, 5).holds(None)
    assert (str(Expected(2, 2)), str(Expected(1.05, 4.9))) == ("2", "1.05–4.9")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("# expected: a=1\n", "a docstring and a line '# expected"),
        ('"""Right."""\n', "a docstring and a line '# expected"),
        ('"""Right."""\n# expected: a=much\n', "'a=much' should be ITEM=POINTS"),
    ],
)
def test_a_malformed_answer_is_named(tmp_path: Path, text: str, said: str) -> None:
    (tmp_path / "odd.py").write_text(text)
    with pytest.raises(GradingError, match=re.escape(said)):
        read_answer(tmp_path / "odd.py")


def test_an_assignment_without_answers_is_named(bank: Path) -> None:
    with pytest.raises(GradingError, match="no simulated answers to 09_nothing"):
        read_bank("09_nothing", bank)


def test_each_answer_has_a_student_and_more_students_take_turns(bank: Path) -> None:
    answers = read_bank(tiny.NAME, bank)
    assert [student.answer.name for student in make_class(answers)] == ["another", "partly"]
    crowd = make_class(answers, 300)
    assert len({student.name for student in crowd}) == 300
    assert [student.answer.name for student in crowd[:3]] == ["another", "partly", "another"]


def test_an_archive_holds_the_released_notebook_with_the_answer(bank: Path, tmp_path: Path) -> None:
    student = make_class(read_bank(tiny.NAME, bank))[1]
    release = tmp_path / tiny.NAME
    tiny.write_source(release)
    path = hand_in(student, release, tmp_path / "archive", minute=61)
    assert path.name == "alan_20250131T150100.zip"
    with zipfile.ZipFile(path) as archive:
        assert archive.namelist() == [f"{tiny.NAME}.ipynb"]
        notebook = nbformat.reads(archive.read(f"{tiny.NAME}.ipynb").decode(), as_version=4)
    assert "return None" in tiny.cell_named(notebook, "answer-prepare").source
    assert "SOLUTION" in tiny.cell_named(notebook, "answer-count").source
    assert notebook.cells[-1].source == 'print("done")'


def test_an_answer_to_a_cell_that_isnt_there_is_named(bank: Path) -> None:
    notebook = tiny.source_notebook()
    notebook.cells = [
        cell for cell in notebook.cells if cell is not tiny.cell_named(notebook, "answer-prepare")
    ]
    with pytest.raises(GradingError, match="fills a cell 'answer-prepare', which was not released"):
        fill_in(notebook, read_bank(tiny.NAME, bank)[0])


@pytest.mark.parametrize(
    "assignment", sorted(path.name for path in (ROOT / "source").iterdir() if path.is_dir())
)
def test_the_bank_has_a_class_for_each_assignment(assignment: str) -> None:
    kinds = [answer.about.partition(":")[0] for answer in read_bank(assignment)]
    assert set(kinds) <= {"Right", "Partly", "Wrong"}
    assert kinds.count("Right") >= 6
    assert kinds.count("Wrong") >= 12
