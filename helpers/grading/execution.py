"""Executing a submission: a notebook and files go in, outputs and evidence come out, all of them plain data.

An `Executor` is what the preprocessors ask for. The one here runs on this computer, in a sandbox. Another may
run on another computer, or look the result up: it is decided by the `Submission` alone.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, Protocol

from helpers.checks import evidence as evidence_files
from helpers.checks.evidence import Arrays, Evidence, EvidenceError, printable
from helpers.checks.specification import Limits
from helpers.datasets.folder import data_folder
from helpers.grading.errors import GradingError
from helpers.grading.files import read_json, read_plain_file
from helpers.grading.images import StudentData
from helpers.grading.isolation.notebook_process import EVIDENCE, FILES, LIMITS, NOTEBOOK, RESULT, STARTED
from helpers.grading.isolation.processes import Allowance, Ending, Run, Task
from helpers.grading.isolation.sandbox import chosen_run

_RESULT_LIMIT = 64 * 2**20
_MOST_OUTPUTS = 5000
_GRACE_SECONDS = 60  # to start the kernel, stop a cell and end, beyond the submission's own limit


@dataclass(frozen=True)
class Submission:
    """All that decides what an execution gives.

    notebook: the sanitised notebook, as JSON.
    files:    the other files of the submission, by their path relative to its folder.
    inputs:   the challenges' inputs, by item.
    limits:   how long it may take, and how much evidence it may leave.
    data:     what `datasets.load` finds; None leaves that to the grader's own environment.
    """

    notebook: str
    files: Mapping[str, bytes]
    inputs: Mapping[str, Arrays]
    limits: Limits
    data: StudentData | None = None


@dataclass(frozen=True)
class ExecutionResult:
    """What came out of an execution, whatever became of it.

    outputs:  the outputs of each cell, in the notebook's order; () where nothing came back.
    evidence: by item; an item whose check didn't get to its end has none.
    problem:  what stopped or cut the execution, in words for the student; "" where it ran to its end.

    The student's code may have had a hand in each of them.
    """

    outputs: tuple[list[dict[str, Any]], ...]
    evidence: Mapping[str, Evidence]
    problem: str = ""


class Executor(Protocol):
    """Executes a submission. Whatever a student's code does is in the result; nothing is raised for it."""

    def __call__(self, submission: Submission) -> ExecutionResult: ...


class LocalExecutor:
    """Executes on this computer, in a scratch folder that is gone afterwards.

    run: how; in the sandbox, unless the instructor has chosen to do without
        (helpers.grading.isolation.sandbox).
    """

    def __init__(self, run: Run | None = None) -> None:
        self._run = run

    def __call__(self, submission: Submission) -> ExecutionResult:
        """Raises GradingError where no notebook could be executed here at all."""
        run = self._run or chosen_run()
        with tempfile.TemporaryDirectory(prefix="grading-", ignore_cleanup_errors=True) as folder:
            scratch = Path(folder)
            _lay_out(scratch, submission)
            ending = run(task_of(submission), scratch)
            if not (scratch / STARTED).exists() and not ending.problem:
                raise GradingError(f"No notebook can be executed on this computer:\n{ending.log}")
            return _with_problem(read_result(scratch, submission), ending)


def task_of(submission: Submission) -> Task:
    """What is run for a submission."""
    limits = submission.limits
    # One byte more than is read tells that there is too much.
    evidence = evidence_files.files(limits.evidence_megabytes * 2**20 + 1)
    handed_over = {
        f"{EVIDENCE}/{item}/{name}": most for item in submission.inputs for name, most in evidence.items()
    }
    return Task(
        module="helpers.grading.isolation.notebook_process",
        wanted={STARTED: 0, RESULT: _RESULT_LIMIT + 1, **handed_over},
        allowance=Allowance(
            seconds=limits.seconds + _GRACE_SECONDS,
            cpu_seconds=limits.cpu_seconds,
            memory_megabytes=limits.memory_megabytes,
            processes=limits.processes,
            file_megabytes=limits.file_megabytes,
            scratch_megabytes=limits.scratch_megabytes,
        ),
        variables={"WORKSHOP_DATA": submission.data.variant} if submission.data else {},
        data=submission.data.folder if submission.data else _own_data(),
    )


def _own_data() -> Path | None:
    """The grader's own data folder, for an assignment that says nothing of data."""
    folder = data_folder()
    return folder if folder.is_dir() else None


def _with_problem(result: ExecutionResult, ending: Ending) -> ExecutionResult:
    return replace(result, problem=" ".join(filter(None, (ending.problem, result.problem))))


def _lay_out(scratch: Path, submission: Submission) -> None:
    (scratch / NOTEBOOK).write_text(submission.notebook, encoding="utf-8")
    (scratch / LIMITS).write_text(json.dumps(asdict(submission.limits)))
    for name, content in submission.files.items():
        path = scratch / FILES / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    (scratch / FILES).mkdir(exist_ok=True)
    for item, inputs in submission.inputs.items():
        folder = scratch / EVIDENCE / item
        folder.mkdir(parents=True)
        if inputs:
            (folder / "inputs.npz").write_bytes(evidence_files.pack(inputs))


def read_result(folder: Path, submission: Submission) -> ExecutionResult:
    """What an execution of the submission left in a folder, read with bounds."""
    outputs, problem = _outputs(folder / RESULT, submission.limits)
    limit = submission.limits.evidence_megabytes * 2**20
    evidence = {}
    for item in submission.inputs:
        try:
            found = evidence_files.read(folder / EVIDENCE / item, limit)
        except EvidenceError as error:
            found = Evidence(problem=str(error))
        if found is not None:
            evidence[item] = found
    return ExecutionResult(outputs, evidence, problem)


def write_result(folder: Path, result: ExecutionResult) -> None:
    """Writes a result so that `read_result` gives it again."""
    for item, evidence in result.evidence.items():
        evidence_files.write(folder / EVIDENCE / item, evidence)
    content = json.dumps({"outputs": result.outputs, "problem": result.problem})
    (folder / RESULT).write_text(content, encoding="utf-8")


def _outputs(path: Path, limits: Limits) -> tuple[tuple[list[dict[str, Any]], ...], str]:
    content = read_plain_file(path, _RESULT_LIMIT)
    if content is None:
        return (), (
            f"The notebook did not come to an end: it took longer than {limits.seconds} seconds, or stopped "
            "the process that executes it."
        )
    try:
        result = read_json(content)
        if sum(map(len, result["outputs"])) > _MOST_OUTPUTS:
            return (), f"The notebook displayed more than {_MOST_OUTPUTS:,} things; they are left out."
        return tuple(list(outputs) for outputs in result["outputs"]), printable(str(result["problem"]))
    except (ValueError, KeyError, TypeError, RecursionError):
        return (), "What the notebook displayed can't be read."
