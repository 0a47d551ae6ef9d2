"""What `workshop grade` shows at its end: the class in a table, and what an instructor should look at."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from rich.markup import escape
from rich.table import Table

from helpers.grading.grade import Outcome
from helpers.grading.standing import Standing

_LONGEST_NAME = 40  # a longer one would leave no room for anybody's points


def table(assignment: str, items: Mapping[str, float], class_: Sequence[Standing], outcome: Outcome) -> Table:
    """Students, scores, and what to look at."""
    result = Table(title=assignment, title_justify="left")
    result.add_column("student", no_wrap=True, max_width=_LONGEST_NAME)
    for item, points in items.items():
        result.add_column(f"{escape(item)}\n[dim]{points:g}[/dim]", justify="right")
    result.add_column(f"total\n[dim]{sum(items.values()):g}[/dim]", justify="right")
    result.add_column("to look at", overflow="fold", ratio=1)
    known = {one.student for one in class_}
    absent = [Standing(student, {}, 0.0) for student in outcome.failed if student not in known]
    for one in sorted([*class_, *absent], key=lambda one: one.student):
        notes = list(one.notes)
        if one.student in outcome.failed:
            notes = [f"not graded: {outcome.failed[one.student]}"]
        scored = any(score is not None for score in one.scores.values())
        result.add_row(
            escape(one.student),
            *(points_of(one.scores.get(item)) for item in items),
            f"{one.total:.2f}" if scored else "–",
            escape("\n".join(notes)),
            style="red" if one.student in outcome.failed else "",
        )
    return result


def points_of(score: float | None) -> str:
    """A score, or that there is none."""
    return "–" if score is None else f"{score:.2f}"


def closing_words(outcome: Outcome, seconds: float) -> str:
    """How it ended and what comes next."""
    graded, failed = len(outcome.graded), len(outcome.failed)
    count = _counted(graded, "submission")
    lines = [f"{count} graded in {seconds:.0f} s. New executions: {outcome.executed}."]
    if outcome.untouched:
        count = _counted(len(outcome.untouched), "submission")
        lines.append(f"{count} graded before, and not handed in anew (--regrade grades them again).")
    if failed:
        count = _counted(failed, "submission")
        lines.append(f"{count} could not be graded: see the table. nbgrader's log: {outcome.log}")
    return "\n".join(lines)


def _counted(count: int, noun: str) -> str:
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"
