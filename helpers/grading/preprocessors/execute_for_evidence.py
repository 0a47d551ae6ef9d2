"""Executing a submission so that it leaves evidence, in nbgrader's place for executing."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from nbgrader.preprocessors import Execute
from traitlets import Type

from helpers.checks.specification import FILE_NAME, Limits
from helpers.grading.errors import GradingError
from helpers.grading.execution import ExecutionResult, Executor, LocalExecutor, Submission
from helpers.grading.preprocessors.course import source_folder
from helpers.grading.processes import read_plain_file
from helpers.grading.secret import load_secret
from helpers.grading.store import KeepingExecutor, results_folder
from helpers.grading.verification import Examination, examination

HANDED_ON = "workshop"
"""The entry of nbconvert's resources in which the examination and the result go on to VerifyEvidence."""

_FILES_LIMIT = 64 * 2**20  # bytes of a submission's files together


class ExecuteForEvidence(Execute):
    """Runs a submission in a process of its own, on inputs drawn from the grader's secret.

    An assignment without an assignment.toml in source/ is executed alike and graded by nbgrader alone, from
    what its cells display; a warning says so.
    """

    executor_class = Type(
        LocalExecutor,
        klass=object,
        help="What executes: a class whose instances are called with a Submission.",
    ).tag(config=True)

    def preprocess(self, nb: Any, resources: Any, km: Any = None) -> tuple[Any, Any]:
        assignment = resources["nbgrader"]["assignment"]
        folder = source_folder(self, assignment)
        exam = examination(folder, load_secret()) if (folder / FILE_NAME).is_file() else None
        if exam is None:
            self.log.warning("%s has no %s: its cells' outputs decide its grades", assignment, FILE_NAME)
        result = self._executor()(_submission(nb, resources, exam))
        if result.problem:
            self.log.warning("%s: %s", resources["nbgrader"]["student"], result.problem)
        _show(nb, result.outputs)
        resources[HANDED_ON] = (exam, result)
        return nb, resources

    def _executor(self) -> Executor:
        executor: Executor = self.executor_class()
        folder = results_folder()
        return KeepingExecutor(executor, folder) if folder else executor


def handed_on(resources: Any) -> tuple[Examination | None, ExecutionResult]:
    """What ExecuteForEvidence left for the steps after it.

    Raises GradingError where it didn't run: stored outputs prove nothing.
    """
    if HANDED_ON not in resources:
        raise GradingError(
            "The submission wasn't executed, so there is no evidence to grade. Leave out --no-execute, and "
            "keep ExecuteForEvidence before VerifyEvidence in Autograde.autograde_preprocessors."
        )
    exam, result = resources[HANDED_ON]
    return exam, result


def _submission(nb: Any, resources: Any, exam: Examination | None) -> Submission:
    import nbformat

    folder = Path(resources["metadata"]["path"] or ".")
    return Submission(
        notebook=nbformat.writes(nb),
        files=_files(folder, f"{resources['nbgrader']['notebook']}.ipynb"),
        inputs={name: challenge.inputs for name, challenge in exam.challenges.items()} if exam else {},
        limits=exam.specification.limits if exam else Limits(),
        data=exam.data if exam else None,
    )


def _files(folder: Path, notebook: str) -> dict[str, bytes]:
    """The files beside the notebook, links left out."""
    files: dict[str, bytes] = {}
    left = _FILES_LIMIT
    for parent, _, names in os.walk(folder):
        for name in names:
            path = Path(parent, name)
            relative = path.relative_to(folder).as_posix()
            if relative == notebook or path.is_symlink():
                continue
            content = read_plain_file(path, left)
            if content is None:
                raise GradingError(
                    f"{path} can't be read, or the files of this submission are larger than "
                    f"{_FILES_LIMIT // 2**20} MB together. Delete from the submission what isn't needed."
                )
            left -= len(content)
            files[relative] = content
    return files


def _show(nb: Any, outputs: Sequence[Sequence[Any]]) -> None:
    """Puts what the cells displayed into the notebook, as far as it is well-formed."""
    import nbformat

    count = 0
    for cell, shown in zip(nb.cells, outputs, strict=False):
        if cell.cell_type != "code":
            continue
        if cell.source.strip():
            count += 1
            cell.execution_count = count
        cell.outputs = [nbformat.from_dict(output) for output in shown if _is_output(output)]


def _is_output(output: Any) -> bool:
    from nbformat import v4, validate
    from nbformat.validator import NotebookValidationError

    try:
        validate(json.loads(json.dumps(output)), ref="output", version=v4.nbformat)
    except (NotebookValidationError, RecursionError, ValueError):
        return False
    return True
