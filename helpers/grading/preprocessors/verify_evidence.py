"""Verdicts in the place of what check cells displayed, so that nbgrader records them."""

from __future__ import annotations

import math
from typing import Any

from nbgrader.preprocessors import NbGraderPreprocessor
from traitlets import Type

from helpers.checks.specification import ItemSpecification
from helpers.checks.verdict import State, Verdict
from helpers.grading.cached import observe, store_in_use
from helpers.grading.errors import GradingError
from helpers.grading.observing import CleanProcess, Observer
from helpers.grading.preprocessors.execute_for_evidence import handed_on
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
        observer: Observer = self.observer_class()
        verdicts = verify(exam, result, lambda exhibits: observe(exhibits, observer, store_in_use()))
        for cell in nb.cells:
            role = cell.metadata.get("nbgrader", {})
            verdict = verdicts.get(role.get("grade_id", ""))
            if verdict and role.get("grade"):
                _check_points(verdict, float(role["points"]))
                cell.outputs = [shown(verdict, cell.execution_count)]
                cell.metadata["workshop"] = account(verdict, exam.specification.items[verdict.item])
                self.log.info("%s: %g of %g", verdict.item, verdict.score, verdict.possible)
        return nb, resources


def shown(verdict: Verdict, execution_count: int | None) -> Any:
    """The one output of a graded cell: the verdict as people see it, and the score as nbgrader reads it.

    nbgrader takes the text of an execute_result for points where it is a number; every page that shows the
    notebook prefers the HTML.
    """
    from nbformat.v4 import new_output

    data = {"text/plain": f"{min(verdict.score, verdict.possible):g}", "text/html": verdict.rich()}
    return new_output("execute_result", data=data, execution_count=execution_count)


def account(verdict: Verdict, item: ItemSpecification) -> dict[str, Any]:
    """A verdict as JSON, for the pages that are made of graded notebooks: feedback and the class report."""
    return {
        "title": verdict.title,
        "state": str(verdict.state),
        "reason": verdict.reason,
        "hints": list(item.hints) if verdict.state != State.RIGHT else [],
        "parts": [
            {
                "part": finding.part,
                "earned": round(finding.earned * verdict.points[finding.part], 2),
                "possible": verdict.points[finding.part],
                "message": finding.message,
                "measured": _number(finding.measured),
                "full": item.ramps[finding.part].full if finding.part in item.ramps else None,
                "zero": item.ramps[finding.part].zero if finding.part in item.ramps else None,
            }
            for finding in verdict.findings
        ],
    }


def _number(value: float | None) -> float | None:
    return float(value) if value is not None and math.isfinite(value) else None


def _check_points(verdict: Verdict, points: float) -> None:
    if points != verdict.possible:
        raise GradingError(
            f"The cell {verdict.item!r} gives {points:g} points in the gradebook, but its item gives "
            f"{verdict.possible:g} in assignment.toml. Correct one of them, then run "
            "nbgrader generate_assignment."
        )
