"""Executing a submission: whatever a student's code does, what was handed over before is kept."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import nbformat
import numpy as np
import pytest
import zmq
from nbformat.v4 import new_code_cell, new_notebook

from helpers.checks.specification import Limits
from helpers.grading.execution import ExecutionResult, LocalExecutor, Submission
from helpers.grading.images import StudentData
from helpers.grading.isolation.kernel_client import PromptClient
from tests.grading import tiny

INPUTS = {"count": {"networks": np.array([[3, 2, 0], [4, 3, 1]])}, "prepare": {}}
START = "import os, sys, time\nfrom helpers.checks import Assignment\nexercise = Assignment()"
PROVEN = tiny.COUNT + 'exercise.check("count", count_parameters)'


def submission(*cells: str, **limits: int) -> Submission:
    notebook = new_notebook(cells=[new_code_cell(cell) for cell in (START, *cells)])
    return Submission(
        notebook=nbformat.writes(notebook),
        files={"assignment.toml": tiny.TOML.encode(), "notes/mine.txt": b"a note"},
        inputs=INPUTS,
        limits=dataclasses.replace(Limits(seconds=60, cell_seconds=20), **limits),
    )


def execute(*cells: str, **limits: int) -> ExecutionResult:
    return LocalExecutor()(submission(*cells, **limits))


def shown(result: ExecutionResult, cell: int) -> str:
    """The text that a cell displayed; cell 0 is the start."""
    return "".join(output.get("text", "") for output in result.outputs[cell])


def test_evidence_and_outputs_come_back() -> None:
    result = execute(PROVEN, "print(open('notes/mine.txt').read())")
    assert result.problem == ""
    assert list(result.evidence["count"].arrays["counts"]) == [8, 19]
    assert "prepare" not in result.evidence
    assert [shown(result, cell) for cell in range(3)] == ["", "Handed over for grading.\n", "a note\n"]


def test_an_error_stops_its_own_cell_only() -> None:
    result = execute("1 / 0", "def broken(:", PROVEN)
    assert result.problem == ""
    assert [result.outputs[cell][0]["ename"] for cell in (1, 2)] == ["ZeroDivisionError", "SyntaxError"]
    assert "count" in result.evidence


def test_the_students_code_sees_none_of_the_graders_variables(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("INSTRUCTORS_TOKEN", "very private")
    monkeypatch.setenv("WORKSHOP_STRICT", "1")
    monkeypatch.setenv("NBGRADER_EXECUTION", "autograde")
    (tmp_path / "theirs").mkdir()
    asked = dataclasses.replace(
        submission("print(sorted(name for name in os.environ if name[0] in 'INW'), os.environ['HOME'])"),
        data=StudentData("full", tmp_path / "theirs"),
    )
    said = shown(LocalExecutor()(asked), 1)
    assert "['NBFORMAT_VALIDATOR', 'WORKSHOP_DATA', 'WORKSHOP_DATA_DIR', 'WORKSHOP_EVIDENCE']" in said
    assert str(Path.home()) not in said.split()


@pytest.mark.slow
def test_a_cell_that_takes_too_long_is_stopped_and_the_rest_goes_on() -> None:
    result = execute("# waiting\ntime.sleep(600)", PROVEN, cell_seconds=8)
    assert "The cell that begins with “# waiting” was stopped: it took too long." in result.problem
    assert "it took too long" in shown(result, 1)
    assert "count" in result.evidence


@pytest.mark.slow
def test_a_submission_that_takes_too_long_keeps_what_it_proved() -> None:
    result = execute(PROVEN, "time.sleep(600)", "print('never')", seconds=12)
    assert "longer than the 12 seconds" in result.problem
    assert "count" in result.evidence
    assert "never\n" not in shown(result, 3)


@pytest.mark.slow
def test_a_cell_that_cant_be_interrupted_isnt_waited_for() -> None:
    stubborn = "while True:\n    try:\n        time.sleep(600)\n    except BaseException:\n        pass"
    result = execute(PROVEN, stubborn, "print('never')", cell_seconds=8)
    assert "could not be stopped when its time was up" in result.problem
    assert "count" in result.evidence


def test_a_kernel_that_ends_keeps_what_was_proved_and_says_where() -> None:
    result = execute(PROVEN, "os._exit(3)", "print('never')")
    assert "Python came to an end in the cell that begins with “os._exit(3)”" in result.problem
    assert "count" in result.evidence
    assert shown(result, 3) == ""


def test_ending_the_process_that_executes_the_notebook_gains_nothing() -> None:
    result = execute(PROVEN, "os.kill(os.getppid(), 9)", "time.sleep(600)")
    assert "stopped the process that executes it" in result.problem
    assert result.outputs == ()
    assert "count" in result.evidence


def test_evidence_that_isnt_what_it_should_be_is_a_problem_of_its_item() -> None:
    forged = "path = os.environ['WORKSHOP_EVIDENCE'] + '/count/'\n"
    forged += "open(path + 'facts.json', 'w').write('{\"attempted\": 1, \"problem\": \"\"}')\n"
    forged += "open(path + 'arrays.npz', 'w').write('no numbers')"
    result = execute(forged)
    assert "can't be read" in result.evidence["count"].problem


def test_what_a_progress_bar_overwrote_is_gone_and_pieces_are_one() -> None:
    bar = "for step in range(3):\n    print(f'\\b\\b\\r{step} of 3', end='', flush=True)\n"
    bar += "print('\\ndone')"
    assert execute(bar).outputs[1] == [{"output_type": "stream", "name": "stdout", "text": "2 of 3\ndone\n"}]


def test_output_is_bounded() -> None:
    result = execute("print('x' * 5_000_000)", PROVEN)
    assert "larger than 4 MB; it is left out" in shown(result, 1)
    assert "count" in result.evidence


def test_nothing_is_left_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "scratch"))
    (tmp_path / "scratch").mkdir()
    execute("open('file', 'w').write('x')", "import tempfile; tempfile.mkdtemp()")
    assert not list((tmp_path / "scratch").iterdir())


def test_a_client_that_connects_before_the_kernel_listens_tries_again_soon() -> None:
    client = PromptClient()
    socket = client.context.socket(zmq.DEALER)
    try:
        assert socket.reconnect_ivl < 10  # milliseconds; ZeroMQ's own are 100
    finally:
        client.context.destroy(linger=0)
