"""What a training leaves behind: every measure of every epoch, the time it took, how it ended."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from helpers.errors import WorkshopError

if TYPE_CHECKING:
    import pandas as pd

Row = tuple[int, str, str, float]
"""Epoch from 1, split ("training" or "validation"), metric ("loss", "accuracy", …), value."""


class TrainingError(WorkshopError):
    """A model and its data do not fit together, or a setting makes no sense."""


def tidy(rows: Sequence[Row]) -> pd.DataFrame:
    """Measures as a table in tidy form: columns `epoch`, `split`, `metric` and `value`."""
    import pandas as pd

    return pd.DataFrame(rows, columns=["epoch", "split", "metric", "value"])


@dataclass(frozen=True, repr=False)
class TrainingRun:
    """What a training was and how it went.

    Attributes:
        history: a row for each number, with the columns `epoch` (from 1), `split` ("training" or
            "validation"), `metric` (such as "loss" or "accuracy") and `value`.
        epochs: how many epochs were asked for.
        seconds: time on the clock.
        cpu_seconds: computing time, summed over all cores.
        interrupted: whether somebody pressed the stop button. The last epoch's numbers then come from the
            part of it that was done.
    """

    history: pd.DataFrame
    epochs: int
    seconds: float
    cpu_seconds: float
    interrupted: bool = False

    @property
    def epochs_done(self) -> int:
        """How many epochs the history has."""
        return int(self.history["epoch"].max()) if len(self.history) else 0

    @property
    def stopped_early(self) -> bool:
        """Whether it ended before the last epoch: by a callback such as EarlyStopping, or by hand."""
        return self.interrupted or self.epochs_done < self.epochs

    @property
    def best_epoch(self) -> int:
        """The epoch with the lowest validation loss or, without validation, the lowest training loss.

        Raises:
            TrainingError: if no epoch was measured.
        """
        losses = self.history[self.history["metric"] == "loss"].dropna()
        validation = losses[losses["split"] == "validation"]
        rows = validation if len(validation) else losses
        if not len(rows):
            raise TrainingError(
                "No loss was measured, so no epoch is the best. Train for at least one epoch."
            )
        return int(rows.loc[rows["value"].idxmin(), "epoch"])

    def last(self, metric: str = "accuracy", split: str = "validation") -> float:
        """A measure after the last epoch, such as `run.last("loss", "training")`.

        Raises:
            TrainingError: if it was not measured.
        """
        rows = self.history[(self.history["metric"] == metric) & (self.history["split"] == split)]
        if not len(rows):
            measured = dict.fromkeys(
                f"{s} {m}" for s, m in zip(self.history["split"], self.history["metric"], strict=True)
            )
            raise TrainingError(
                f"No {split} {metric} was measured. There is: {', '.join(measured) or 'nothing yet'}."
            )
        return float(rows["value"].iloc[-1])

    def table(self) -> pd.DataFrame:
        """The history in wide form: a row for each epoch, a column for each measure ("validation loss")."""
        named = self.history.assign(measure=self.history["split"] + " " + self.history["metric"])
        wide = named.pivot(index="epoch", columns="measure", values="value")
        return wide[list(dict.fromkeys(named["measure"]))].rename_axis(columns=None)

    @property
    def ending(self) -> str:
        """How it ended, in a few words: "10 epochs in 12 s"."""
        done = f"{self.epochs_done} epoch{'' if self.epochs_done == 1 else 's'}"
        if self.interrupted:
            return f"stopped by you in epoch {max(self.epochs_done, 1)} of {self.epochs}"
        if self.stopped_early:
            return f"stopped early after {done} of {self.epochs}, in {in_words(self.seconds)}"
        return f"{done} in {in_words(self.seconds)}"

    def __repr__(self) -> str:
        numbers = self.table().iloc[-1].items() if self.epochs_done else ()
        return "; ".join([f"Training: {self.ending}", *(f"{name} {value:.4f}" for name, value in numbers)])


def in_words(seconds: float) -> str:
    """A duration to the precision that matters: "8 s", "3 min"."""
    return f"{max(seconds, 0):.0f} s" if seconds < 90 else f"{seconds / 60:.0f} min"
