"""Verdicts in the place of what check cells displayed, so that nbgrader records them."""

from __future__ import annotations

from typing import Any

from nbgrader.preprocessors import NbGraderPreprocessor
from traitlets import Type

from helpers.checks.verdict import Verdict
from helpers.grading.errors import GradingError
from helpers.grading.observing import CleanProcess, Observer
from helpers.grading.preprocessors.execute_for_evidence import handed_on
from helpers.grading.store import KeepingObserver, results_folder
from helpers.grading.verification import verify


class VerifyEvidence(NbGraderPreprocessor):
    """Judges the evidence and writes each verdict into the cell of its item, for SaveAutoGrades to read."""

    observer_class = Type(
        CleanProcess,
        klass=object,
        help="What observes models: a class whose instances are called with exhibits.",
    ).tag(config=True)

    def preprocess(self, nb: Any, resources: Any) -> tuple[Any, Any]:
        exam, result = handed_on(resources)
        if exam is None:
            return nb, resources
        nb.metadata["title"] = exam.specification.title
        verdicts = verify(exam, result, self._observer())
        for cell in nb.cells:
            role = cell.metadata.get("nbgrader", {})
            verdict = verdicts.get(role.get("grade_id", ""))
            if verdict and role.get("grade"):
                _check_points(verdict, float(role["points"]))
                cell.outputs = [shown(verdict, cell.execution_count)]
                cell.metadata["workshop"] = {"title": verdict.title, "state": str(verdict.state)}
                self.log.info("%s: %g of %g", verdict.item, verdict.score, verdict.possible)
        return nb, resources

    def _observer(self) -> Observer:
        observer: Observer = self.observer_class()
        folder = results_folder()
        return KeepingObserver(observer, folder) if folder else observer


def shown(verdict: Verdict, execution_count: int | None) -> Any:
    """The one output of a graded cell: the verdict as people see it, and the score as nbgrader reads it.

    nbgrader takes the text of an execute_result for points where it is a number; every page that shows the
    notebook prefers the HTML.
    """
    from nbformat.v4 import new_output

    data = {"text/plain": f"{min(verdict.score, verdict.possible):g}", "text/html": verdict.rich()}
    return new_output("execute_result", data=data, execution_count=execution_count)


def _check_points(verdict: Verdict, points: float) -> None:
    if points != verdict.possible:
        raise GradingError(
            f"The cell {verdict.item!r} gives {points:g} points in the gradebook, but its item gives "
            f"{verdict.possible:g} in assignment.toml. Correct one of them, then run "
            "nbgrader generate_assignment."
        )
