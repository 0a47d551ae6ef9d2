"""What `workshop demo` shows: how far it is, then the class in a table and where everything lies."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)
from rich.table import Table

from helpers.grading.demo import Graded


class ProgressBars:
    """A bar for each phase, for terminals. A context manager."""

    def __init__(self, console: Console) -> None:
        self._progress = Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
            TextColumn("left:"),
            TimeRemainingColumn(),
            console=console,
        )
        self._finish: Callable[[], None] = lambda: None

    def __enter__(self) -> ProgressBars:
        self._progress.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._finish()
        self._progress.stop()

    def phase(self, name: str, submissions: int) -> Callable[[], None]:
        """Begins a phase; the one before is over."""
        self._finish()
        total = submissions or 1
        task = self._progress.add_task(name, total=total)
        self._finish = lambda: self._progress.update(task, completed=total)
        return lambda: self._progress.advance(task)


class ProgressLines:
    """A line now and then, for files and CI. A context manager."""

    def __init__(self, console: Console) -> None:
        self._console = console

    def __enter__(self) -> ProgressLines:
        return self

    def __exit__(self, *_: object) -> None:
        return None

    def phase(self, name: str, submissions: int) -> Callable[[], None]:
        """Begins a phase."""
        started = time.monotonic()
        done = 0
        self._console.print(name)

        def advance() -> None:
            nonlocal done
            done += 1
            if done % 5 == 0 or done == submissions:
                spent = time.monotonic() - started
                left = spent / done * max(submissions - done, 0)
                self._console.print(
                    f"{name}: {done} of {submissions} submissions, {spent:.0f} s, about {left:.0f} s left"
                )

        return advance


def table(graded: Sequence[Graded]) -> Table:
    """The class: who handed in what, the score of each item, and whether it is as expected."""
    items = list(graded[0].student.answer.expected)
    result = Table(title=graded[0].assignment, caption="“–” is no score; a range is where training decides.")
    result.add_column("student", no_wrap=True)
    result.add_column("answer", no_wrap=True)
    for item in items:
        result.add_column(item, justify="right")
    result.add_column("total", justify="right")
    result.add_column("expected", no_wrap=True)
    result.add_column("")
    for one in graded:
        expected = one.student.answer.expected
        result.add_row(
            one.student.name,
            one.student.answer.name,
            *(_points(one.scores.get(item)) for item in items),
            f"{one.total:.2f}",
            " ".join(str(expected[item]) for item in items),
            "✓" if one.as_expected else "✗",
            style="" if one.as_expected else "bold red",
        )
    return result


def _points(score: float | None) -> str:
    return "–" if score is None else f"{score:.2f}"


def closing_words(course: Path, graded: Sequence[Graded], seconds: float) -> str:
    """How it ended, where everything lies, and how to look at it."""
    right = sum(one.as_expected for one in graded)
    pages = sum(one.feedback is not None for one in graded)
    return (
        f"{right} of {len(graded)} submissions have the scores that they deserve. It took {seconds:.0f} s.\n"
        f"Feedback: {pages} pages, {course / 'feedback'}/STUDENT/ASSIGNMENT/\n"
        f"Grades:   {course / 'grades.csv'}\n"
        f"Log:      {course / 'demo.log'}\n"
        f"To see the class in formgrader: cd {course} && {Path(sys.executable).with_name('jupyter')} lab\n"
        "Then open Nbgrader → Formgrader in the menu."
    )


def display_for(console: Console) -> Any:
    """Bars in a terminal, lines elsewhere."""
    return ProgressBars(console) if console.is_terminal else ProgressLines(console)
