"""Executing a submission so that it leaves evidence, in nbgrader's place for executing."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from nbgrader.preprocessors import Execute
from traitlets import Type

from helpers.checks.evidence import printable
from helpers.checks.specification import FILE_NAME, Limits
from helpers.grading.cached import execute, store_in_use
from helpers.grading.errors import GradingError
from helpers.grading.execution import ExecutionResult, Executor, LocalExecutor, Submission
from helpers.grading.files import read_plain_file
from helpers.grading.handed_in import TIMESTAMP
from helpers.grading.preprocessors.course import source_folder, submitted_folder
from helpers.grading.preprocessors.restore_cells import RESTORED
from helpers.grading.secret import load_secret
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
        about = resources["nbgrader"]
        exam = examination_of(self, about["assignment"])
        if exam is None:
            self.log.warning(
                "%s has no %s: its cells' outputs decide its grades", about["assignment"], FILE_NAME
            )
        linked = linked_files(self, about["assignment"], about["student"])
        folder = Path(resources["metadata"]["path"] or ".")
        submission = submission_of(nb, folder, exam, linked)
        for name in linked:  # what they lead to would go on to the feedback
            (folder / name).unlink(missing_ok=True)
        executor: Executor = self.executor_class()
        execution = execute(submission, executor, store_in_use())
        if execution.result.problem:
            self.log.warning("%s: %s", about["student"], execution.result.problem)
        _show(nb, execution.result.outputs)
        nb.metadata[RESTORED] = {
            **nb.metadata.get(RESTORED, {}),
            "seconds": round(execution.seconds, 2),
            "problem": execution.result.problem,
        }
        resources[HANDED_ON] = (exam, execution.result)
        return nb, resources


def examination_of(configurable: Any, assignment: str) -> Examination | None:
    """What an assignment is graded on; None where it has no assignment.toml.

    Raises SpecificationError, DataError or GradingError.
    """
    folder = source_folder(configurable, assignment)
    return examination(folder, load_secret()) if (folder / FILE_NAME).is_file() else None


def linked_files(configurable: Any, assignment: str, student: str) -> frozenset[str]:
    """The files of a submission that are links: nbgrader copies what they lead to, which may be anything."""
    folder = submitted_folder(configurable, student, assignment)
    own = source_folder(configurable, assignment)
    links = (path.relative_to(folder) for path in folder.rglob("*") if path.is_symlink())
    return frozenset(path.as_posix() for path in links if not (own / path).is_file())


def submission_of(
    notebook: Any, folder: Path, exam: Examination | None, left_out: frozenset[str] = frozenset()
) -> Submission:
    """What is executed: a sanitised notebook, and the files in the folder that it lies in but for some.

    Raises GradingError where these are too large, or not plain files.
    """
    return Submission(
        notebook=json.dumps(notebook, sort_keys=True),
        files=_files(folder, left_out),
        inputs=exam.inputs if exam else {},
        limits=exam.specification.limits if exam else Limits(),
        data=exam.data if exam else None,
    )


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


def _files(folder: Path, left_out: frozenset[str]) -> dict[str, bytes]:
    """The files beside the notebook; links, notebooks and nbgrader's own file are left out."""
    files: dict[str, bytes] = {}
    left = _FILES_LIMIT
    for parent, _, names in os.walk(folder):
        for name in sorted(names):
            path = Path(parent, name)
            relative = path.relative_to(folder).as_posix()
            if path.suffix == ".ipynb" or path.is_symlink() or relative in (TIMESTAMP, *left_out):
                continue
            content = read_plain_file(path, left)
            if content is None:
                raise GradingError(
                    f"{printable(relative)} can't be read, or the files of this submission are larger "
                    f"than {_FILES_LIMIT // 2**20} MB together. Delete from the submission what isn't needed."
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
        well_formed = shown if _are_outputs(shown) else [one for one in shown if _are_outputs([one])]
        cell.outputs = [nbformat.from_dict(output) for output in well_formed]


def _are_outputs(outputs: Sequence[Any]) -> bool:
    from nbformat import v4, validate
    from nbformat.validator import NotebookValidationError

    try:
        plain = json.loads(json.dumps(outputs))
        cell: dict[str, Any] = {"id": "any", "cell_type": "code", "metadata": {}, "source": ""}
        head: dict[str, Any] = {"nbformat": v4.nbformat, "nbformat_minor": v4.nbformat_minor, "metadata": {}}
        cell |= {"execution_count": None, "outputs": plain}
        validate(head | {"cells": [cell]})  # a whole notebook, for nbformat is slow with parts
    except (NotebookValidationError, RecursionError, ValueError):
        return False
    return True
