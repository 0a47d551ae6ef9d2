"""`workshop demo`: the whole cycle, through nbgrader's own commands, on a simulated class."""

from __future__ import annotations

import csv
import io
import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from rich.console import Console

from helpers.grading import demo
from helpers.grading.classroom import BANK, Answer, Expected, Student, read_bank
from helpers.grading.demo import MARKER, Graded, make_course, run, some_of
from helpers.grading.demo_display import table
from helpers.grading.errors import GradingError
from helpers.grading.isolation.processes import default_jobs
from helpers.grading.progress import ProgressLines

ASSIGNMENT = "01_dense_mnist"
# Whose networks are trained here. What those of the others earn: tests/checks/test_dense_mnist_bank.py.
TRAINED = {
    "right_batch_norm", "right_but_loud", "right_one_hot", "right_plain", "right_step_by_step",
    "right_tensorflow", "wrong_constant", "wrong_no_activation",
}  # fmt: skip


def test_a_folder_that_isnt_a_demo_is_left_as_it_is(tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("mine")
    with pytest.raises(GradingError, match="isn't a demo, so it is left as it is"):
        make_course(tmp_path, [ASSIGNMENT])
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.txt"]


def test_an_old_demo_is_replaced(tmp_path: Path) -> None:
    make_course(tmp_path / "demo", [ASSIGNMENT])
    (tmp_path / "demo" / "old.txt").touch()
    course = make_course(tmp_path / "demo", [ASSIGNMENT])
    assert not (course / "old.txt").exists()
    assert {path.name for path in course.iterdir()} == {MARKER, "nbgrader_config.py", "source"}


def test_a_folder_that_cant_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(GradingError, match="--folder"):
        make_course(tmp_path / "file" / "demo", [ASSIGNMENT])


def test_a_score_that_isnt_as_expected_is_marked() -> None:
    answer = Answer("wrong_left", "Wrong.", {"count": Expected(1, 1)}, {})
    good = Graded(Student("ada", "Ada", "Lovelace", answer), ASSIGNMENT, {"count": 1.0}, Path("page.html"))
    for scores, feedback in (
        ({"count": 0.0}, Path("page.html")),
        ({}, Path("page.html")),
        ({"count": 1.0}, None),
    ):
        bad = Graded(Student("alan", "Alan", "Turing", answer), ASSIGNMENT, scores, feedback)
        assert good.as_expected
        assert not bad.as_expected
        console = Console(width=100, file=io.StringIO())
        with console.capture() as shown:
            console.print(table([good, bad]))
        rows = [line for line in shown.get().splitlines() if "wrong_left" in line]
        assert ["✓" in row for row in rows] == [True, False]


@pytest.mark.parametrize("name", sorted(path.name for path in BANK.iterdir()))
def test_a_demo_of_the_whole_course_has_answers_of_every_kind(name: str) -> None:
    some = some_of(read_bank(name))
    assert len({answer.name for answer in some}) == len(some) <= 8
    assert {answer.about.partition(":")[0] for answer in some} >= {"Right", "Wrong"}


def students() -> list[Answer]:
    """A class with every kind of answer, in which few have to wait for a network to learn."""
    bank = read_bank(ASSIGNMENT)
    whole = [one for one in bank if one.name in TRAINED or one.expected["model"].most == 0]
    other_tasks = [one for one in bank if one.name.startswith("wrong") and one.expected["model"].least == 5]
    return whole + [without_network(one) for one in other_tasks[::2]]


def without_network(answer: Answer) -> Answer:
    """An answer whose network is right, before that task was begun."""
    cells = {name: cell for name, cell in answer.cells.items() if name != "answer-model"}
    return replace(answer, cells=cells, expected={**answer.expected, "model": Expected(0, 0)})


@pytest.fixture(scope="module")
def graded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, list[Graded]]]:
    """A class through generate, collect, autograde, feedback and export."""
    folder = tmp_path_factory.mktemp("demo")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("WORKSHOP_SECRET_FILE", str(folder / "secret"))
        patch.setenv("WORKSHOP_CACHE_DIR", str(folder / "cache"))
        patch.setenv("WORKSHOP_DATA", "bundled")
        patch.setattr(demo, "read_bank", {ASSIGNMENT: students()}.get)
        display = ProgressLines(Console())
        made = run(folder / "course", [ASSIGNMENT], None, default_jobs(), display)
    yield folder / "course", made
    shutil.rmtree(folder, ignore_errors=True)


@pytest.mark.slow
@pytest.mark.timeout(1800)
class TestAClass:
    def test_every_item_of_everyone_has_the_points_that_the_answer_deserves(
        self, graded: tuple[Path, list[Graded]]
    ) -> None:
        _, students = graded
        wrong = {
            one.student.answer.name: {
                item: (one.scores.get(item), str(expected))
                for item, expected in one.student.answer.expected.items()
                if not expected.holds(one.scores.get(item))
            }
            for one in students
            if not one.as_expected
        }
        assert wrong == {}

    def test_there_are_enough_right_and_wrong_answers(self, graded: tuple[Path, list[Graded]]) -> None:
        assert sum(one.total == 10 for one in graded[1]) >= 6
        kinds = [one.student.answer.about.partition(":")[0] for one in graded[1]]
        assert kinds.count("Wrong") >= 12

    def test_a_right_answer_that_writes_warnings_keeps_its_marks(
        self, graded: tuple[Path, list[Graded]]
    ) -> None:
        _, students = graded
        loud = next(one for one in students if one.student.answer.name == "right_but_loud")
        assert loud.total == 10

    def test_everyone_gets_a_page_with_all_verdicts(self, graded: tuple[Path, list[Graded]]) -> None:
        for one in graded[1]:
            assert one.feedback is not None
            page = one.feedback.read_text(encoding="utf-8")
            for title in ("1 · Arrays to train on", "2 · Weights and biases", "4 · One step aside"):
                assert any(f"{title}: {state}" in page for state in ("right", "wrong", "not attempted"))

    def test_grades_csv_holds_the_totals(self, graded: tuple[Path, list[Graded]]) -> None:
        course, students = graded
        with (course / "grades.csv").open(newline="", encoding="utf-8") as file:
            rows = {row["student_id"]: row for row in csv.DictReader(file)}
        assert rows.keys() == {one.student.name for one in students}
        for one in students:
            assert float(rows[one.student.name]["score"]) == pytest.approx(one.total)
            assert float(rows[one.student.name]["max_score"]) == 10


@pytest.mark.slow
@pytest.mark.timeout(1800)
def test_functions_written_by_hand_are_graded_behaviour_by_behaviour(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A few answers of the bank, partly right ones among them; all of them have tests in tests/checks."""
    monkeypatch.setenv("WORKSHOP_SECRET_FILE", str(tmp_path / "secret"))
    monkeypatch.setenv("WORKSHOP_CACHE_DIR", str(tmp_path / "cache"))
    monkeypatch.setenv("WORKSHOP_DATA", "bundled")
    display = ProgressLines(Console())
    students = run(tmp_path / "course", ["02_convolution_by_hand"], 5, default_jobs(), display)
    assert [one.student.answer.name for one in students if not one.as_expected] == []
    assert {one.total for one in students} == {3, 6.5, 7.5, 10}
