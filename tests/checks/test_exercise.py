"""What a student's notebook calls: verdicts shown, hints in order, and evidence where a grader waits."""

from __future__ import annotations

import shutil
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from helpers.checks import Assignment, evidence
from helpers.checks.exercise import CheckNotPassed, UnknownItem
from helpers.checks.specification import SpecificationError

SOURCE = Path(__file__).resolve().parents[2] / "source" / "01_dense_mnist"


@pytest.fixture
def exercise(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Assignment:
    """Assignment 01 in a folder of its own, with bundled data, and nobody who counts."""
    folder = tmp_path / "01_dense_mnist"
    folder.mkdir()
    shutil.copy(SOURCE / "assignment.toml", folder)
    monkeypatch.setenv("WORKSHOP_DATA", "bundled")
    for variable in ("WORKSHOP_STRICT", "WORKSHOP_EVIDENCE", "NBGRADER_EXECUTION"):
        monkeypatch.delenv(variable, raising=False)
    monkeypatch.chdir(folder)
    return Assignment()


def right(sizes: list[int]) -> int:
    return sum((a + 1) * b for a, b in pairwise(sizes))


def wrong(sizes: list[int]) -> int:
    return sizes[0]


def stub(sizes: list[int]) -> int: ...  # type: ignore[empty-body]


def shown(capsys: pytest.CaptureFixture[str]) -> str:
    return capsys.readouterr().out


@pytest.mark.parametrize(("answer", "state"), [(right, "right"), (wrong, "wrong"), (stub, "not attempted")])
def test_a_check_says_one_of_three_things_and_raises_nothing(
    exercise: Assignment, capsys: pytest.CaptureFixture[str], answer: Any, state: str
) -> None:
    exercise.check("count", answer)
    assert shown(capsys).splitlines()[0].endswith(f"Weights and biases: {state}")


@pytest.mark.parametrize(
    ("variable", "value"), [("WORKSHOP_STRICT", "1"), ("NBGRADER_EXECUTION", "validate")]
)
def test_where_somebody_counts_what_isnt_right_stops(
    exercise: Assignment, monkeypatch: pytest.MonkeyPatch, variable: str, value: str
) -> None:
    monkeypatch.setenv(variable, value)
    exercise.check("count", right)
    for answer, state in ((wrong, "wrong"), (stub, "not attempted")):
        with pytest.raises(CheckNotPassed, match=f"Weights and biases: {state}"):
            exercise.check("count", answer)


def test_a_stopped_check_is_shown_without_a_traceback(
    exercise: Assignment, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WORKSHOP_STRICT", "1")
    with pytest.raises(CheckNotPassed) as raised:
        exercise.check("count", wrong)
    assert raised.value._render_traceback_()[0].startswith(
        "CheckNotPassed: ✗ 2 · Weights and biases: wrong\n"
    )


def test_checking_twice_says_the_same(exercise: Assignment, capsys: pytest.CaptureFixture[str]) -> None:
    exercise.check("count", wrong)
    first = shown(capsys)
    exercise.check("count", wrong)
    assert shown(capsys) == first


def test_hints_come_one_by_one_and_then_all_together(
    exercise: Assignment, capsys: pytest.CaptureFixture[str]
) -> None:
    hints = exercise.specification.items["count"].hints
    said = [f"Hint {number} of {len(hints)}: {hint}" for number, hint in enumerate(hints, start=1)]
    for one in said:
        exercise.hint("count")
        assert " ".join(shown(capsys).split()) == one
    exercise.hint("count")
    assert " ".join(shown(capsys).split()) == " ".join(said)


def test_a_long_hint_comes_in_lines_that_end_between_words(
    exercise: Assignment, capsys: pytest.CaptureFixture[str]
) -> None:
    exercise.hint("model")
    first, *further = shown(capsys).splitlines()
    assert first.startswith("Hint 1 of 3: ")
    assert further
    assert all(line.startswith("  ") and len(line) <= 80 for line in further)


def test_each_item_counts_its_own_hints(exercise: Assignment, capsys: pytest.CaptureFixture[str]) -> None:
    exercise.hint("count")
    shown(capsys)
    exercise.hint("prepare")
    assert shown(capsys).startswith("Hint 1 of 3: Take the two arrays one at a time.")


@pytest.mark.parametrize("call", ["check", "hint"])
def test_an_unknown_name_is_answered_with_the_known_ones(exercise: Assignment, call: str) -> None:
    with pytest.raises(UnknownItem, match=r"no item 'prepair'. Its items are: prepare, count,"):
        getattr(exercise, call)("prepair")


def test_the_summary_adds_up_what_was_checked(
    exercise: Assignment, capsys: pytest.CaptureFixture[str]
) -> None:
    exercise.check("count", right)
    exercise.check("prepare", lambda images, labels: (images, np.eye(10)[labels]))
    exercise.check("shift", stub)
    shown(capsys)
    exercise.summary()
    lines = shown(capsys).splitlines()
    assert [" ".join(line.split()) for line in lines[:5]] == [
        "1 · Arrays to train on wrong 1.00 of 2",
        "2 · Weights and biases right 1.00 of 1",
        "3 · A network that reads digits not checked yet 0.00 of 5",
        "4 · One step aside not attempted 0.00 of 2",
        "Together 2.00 of 10",
    ]
    assert len({line.rindex(" of ") for line in lines[:5]}) == 1


def test_the_last_verdict_counts(exercise: Assignment, capsys: pytest.CaptureFixture[str]) -> None:
    exercise.check("count", right)
    exercise.check("count", wrong)
    shown(capsys)
    exercise.summary()
    assert "wrong             0.00 of 1" in shown(capsys)


def test_opened_in_another_folder_it_says_where_to_go(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(SpecificationError, match="Open the notebook from its own folder"):
        Assignment()


# --- where a grader waits


def test_the_summary_leaves_the_points_to_the_grader(
    exercise: Assignment, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("WORKSHOP_EVIDENCE", str(tmp_path))
    exercise.check("count", right)
    shown(capsys)
    exercise.summary()
    assert shown(capsys) == "Graded: the points stand beside each check.\n"


def test_evidence_is_handed_over_instead_of_a_verdict(
    exercise: Assignment, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "evidence" / "count"
    folder.mkdir(parents=True)
    inputs = {"networks": np.array([[3, 2, 0], [2, 3, 1]])}
    (folder / "inputs.npz").write_bytes(evidence.pack(inputs))
    monkeypatch.setenv("WORKSHOP_EVIDENCE", str(folder.parent))
    monkeypatch.setenv("NBGRADER_EXECUTION", "autograde")
    exercise.check("count", right)
    assert shown(capsys) == "Handed over for grading.\n"
    found = evidence.read(folder, 10_000)
    assert found is not None
    assert found.arrays["counts"].tolist() == [8, 13]


@pytest.mark.parametrize(
    ("answer", "attempted", "problem"), [(stub, False, ""), (lambda sizes: sizes[9], True, "IndexError")]
)
def test_stubs_and_errors_are_handed_over_too(
    exercise: Assignment,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    answer: Any,
    attempted: bool,
    problem: str,
) -> None:
    folder = tmp_path / "evidence" / "count"
    folder.mkdir(parents=True)
    (folder / "inputs.npz").write_bytes(evidence.pack({"networks": np.array([[3, 2]])}))
    monkeypatch.setenv("WORKSHOP_EVIDENCE", str(folder.parent))
    exercise.check("count", answer)
    found = evidence.read(folder, 10_000)
    assert found is not None
    assert (found.attempted, problem in found.problem) == (attempted, True)
