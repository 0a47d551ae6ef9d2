"""What is to be seen while a model trains: one output that changes in place, or one line in a terminal."""

from __future__ import annotations

import sys
import time
from html import escape
from typing import TYPE_CHECKING, Protocol

from helpers.environment.graphics import in_notebook
from helpers.training.run import Row, in_words, tidy

if TYPE_CHECKING:
    from helpers.training.run import TrainingRun

PAUSE_SECONDS = 1.0  # between two changes of the display, at least …
SHARE_OF_TIME = 0.05  # … and longer where drawing would take more than this share of the time


class Progress(Protocol):
    """What a display can be told."""

    def show(self, done: float, rows: list[Row]) -> None:
        """Called after every step, with the epochs that are done (2.5 is half-way through the third)."""

    def finish(self, run: TrainingRun) -> None:
        """Called once, after the training, however it ended."""


def progress_for(title: str, epochs: int) -> Progress:
    """The display that suits this place; a silent one where output goes into a file."""
    if in_notebook():
        return NotebookProgress(title, epochs)
    return TerminalProgress(title, epochs) if sys.stderr.isatty() else NoProgress()


class NoProgress:
    """Shows nothing."""

    def show(self, done: float, rows: list[Row]) -> None:
        """Nothing."""

    def finish(self, run: TrainingRun) -> None:
        """Nothing."""


class NotebookProgress:
    """One output: at first a bar, a line of numbers and the curves so far; in the end the curves alone."""

    def __init__(self, title: str, epochs: int) -> None:
        from IPython.display import display

        self.title, self.epochs = title, epochs
        self.started = time.perf_counter()
        self.next_change = 0.0
        self.curves, self.curves_epoch = "", 0
        self.handle = display({"text/plain": title}, raw=True, display_id=True)

    def show(self, done: float, rows: list[Row]) -> None:
        now = time.perf_counter()
        if now < self.next_change:
            return
        self._draw_new_epochs(rows)
        words = progress_in_words(done, self.epochs, now - self.started, rows)
        bar = f'<progress aria-label="epochs done" max="{self.epochs}" value="{done:.3f}"></progress>'
        html = f"<div>{escape(self.title)} {bar} {escape(words)}</div>{self.curves}"
        self.handle.update({"text/html": html, "text/plain": f"{self.title}: {words}"}, raw=True)
        spent = time.perf_counter() - now
        self.next_change = now + max(PAUSE_SECONDS, spent / SHARE_OF_TIME)

    def _draw_new_epochs(self, rows: list[Row]) -> None:
        from helpers.plotting import curves

        if rows and rows[-1][0] > self.curves_epoch:
            self.curves_epoch = rows[-1][0]
            self.curves = curves(tidy(rows), title="", planned_epochs=self.epochs).html

    def finish(self, run: TrainingRun) -> None:
        from helpers.plotting import curves

        title = f"{self.title}: {run.ending}"
        if run.epochs_done:
            data, metadata = curves(run, title=title)._repr_mimebundle_()
            self.handle.update(data, metadata=metadata, raw=True)
        else:
            self.handle.update({"text/plain": title}, raw=True)
        if run.interrupted:
            print("Stopped. The model keeps what it has learned, and the run what was measured.")


class TerminalProgress:
    """One line with a bar."""

    def __init__(self, title: str, epochs: int) -> None:
        from tqdm import tqdm

        shape = "{desc}: {bar} epoch {n:.1f} of {total}, {remaining} left{postfix}"
        self.bar = tqdm(desc=title, total=epochs, bar_format=shape, dynamic_ncols=True, mininterval=0.25)

    def show(self, done: float, rows: list[Row]) -> None:
        self.bar.set_postfix_str(measures_in_words(rows), refresh=False)
        self.bar.update(done - self.bar.n)

    def finish(self, run: TrainingRun) -> None:
        self.bar.close()
        if run.interrupted:
            print(
                "Stopped. The model keeps what it has learned, and the run what was measured.",
                file=sys.stderr,
            )


def progress_in_words(done: float, epochs: int, seconds: float, rows: list[Row]) -> str:
    """How far it is: "epoch 3 of 10, about 8 s left, validation accuracy 96.1 %"."""
    parts = [f"epoch {min(int(done) + 1, epochs)} of {epochs}"]
    if done > 0.05:
        parts.append(f"about {in_words(seconds / done * (epochs - done))} left")
    return ", ".join(filter(None, [*parts, measures_in_words(rows)]))


def measures_in_words(rows: list[Row]) -> str:
    """The last epoch's accuracies; its losses where no accuracy is measured."""
    last = [row for row in rows if row[0] == rows[-1][0]]
    accuracies = [
        f"{split} accuracy {100 * value:.1f} %" for _, split, metric, value in last if "accuracy" in metric
    ]
    losses = [f"{split} loss {value:.4g}" for _, split, metric, value in last if metric == "loss"]
    return ", ".join(accuracies or losses)
