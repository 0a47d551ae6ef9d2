"""How far a long command has got: bars in a terminal, a line now and then elsewhere."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Protocol

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)

_SECONDS_BETWEEN_LINES = 10


class Advance(Protocol):
    """Called when submissions are done, with how many are running and how many have failed so far."""

    def __call__(self, *, done: int = 1, running: int = 0, failed: int = 0) -> None: ...


class Display(AbstractContextManager["Display"], Protocol):
    """Shows how far a command is."""

    def phase(self, name: str, submissions: int = 0) -> Advance:
        """Begins a phase of so many submissions (0 if it has none); the one before is over."""


class ProgressBars:
    """A bar for each phase, for terminals. A context manager."""

    def __init__(self, console: Console) -> None:
        self._progress = Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TextColumn("{task.fields[note]}"),
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
        self._progress.stop()

    def phase(self, name: str, submissions: int = 0) -> Advance:
        """Begins a phase; the one before is over."""
        self._finish()
        total = submissions or 1
        task = self._progress.add_task(name, total=total, note="")
        self._finish = lambda: self._progress.update(task, completed=total, note="")

        def advance(*, done: int = 1, running: int = 0, failed: int = 0) -> None:
            self._progress.update(task, advance=done, note=_note(running, failed))

        return advance


class ProgressLines:
    """A line for each phase, and one every few seconds, for files and CI. A context manager."""

    def __init__(self, console: Console) -> None:
        self._console = console

    def __enter__(self) -> ProgressLines:
        return self

    def __exit__(self, *_: object) -> None:
        return None

    def phase(self, name: str, submissions: int = 0) -> Advance:
        """Begins a phase."""
        started = last = time.monotonic()
        total = 0
        self._console.print(f"{name} ({submissions})" if submissions else name, highlight=False)

        def advance(*, done: int = 1, running: int = 0, failed: int = 0) -> None:
            nonlocal total, last
            total += done
            now = time.monotonic()
            if now - last < _SECONDS_BETWEEN_LINES or not done:
                return
            last = now
            left = (now - started) / total * max(submissions - total, 0)
            note = ", ".join(filter(None, (f"{total} of {submissions} done", _note(running, failed))))
            words = f"  {note}, {now - started:.0f} s, about {left:.0f} s left"
            self._console.print(words, highlight=False)

        return advance


def _note(running: int, failed: int) -> str:
    words = ((running, "running"), (failed, "failed"))
    return ", ".join(f"{count} {word}" for count, word in words if count)


def display_for(console: Console) -> ProgressBars | ProgressLines:
    """Bars in a terminal, lines elsewhere."""
    return ProgressBars(console) if console.is_terminal else ProgressLines(console)


def console_for_people() -> Console:
    """The terminal; where there is none, lines of 120 letters."""
    console = Console()
    return console if console.is_terminal else Console(width=120)
