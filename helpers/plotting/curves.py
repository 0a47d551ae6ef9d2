"""Line charts: how a training went, several trainings compared, accuracy on shifted images."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from helpers.plotting.figure import Figure, PlottingError, canvas
from helpers.plotting.style import BLUE, GREEN, MARKERS, ORANGE, SERIES, listing, percent

if TYPE_CHECKING:
    import pandas as pd

    from helpers.training.run import TrainingRun

SPLITS = {"training": (BLUE, "-", "o"), "validation": (ORANGE, "--", "s")}
MOST_POINTS_TOLD = 9


def curves(run: TrainingRun | pd.DataFrame, title: str = "Training", planned_epochs: int = 0) -> Figure:
    """Loss and accuracy after each epoch, on the training and the validation images.

    A dotted line marks the epoch with the lowest validation loss.

    Args:
        run: what `training.fit` returned, or its `history`.
        planned_epochs: how far the axis reaches at least, for a training that is still running.
    """
    history = _history(run)
    metrics = _metrics(history)
    last = max(int(history["epoch"].max()), planned_epochs)
    best = _best_epoch(history)
    with canvas(4.4 * len(metrics) + 0.6, 3.3, 1, len(metrics), squeeze=False) as (figure, grid):
        for axes, metric in zip(grid[0], metrics, strict=True):
            for split, (colour, line, marker) in SPLITS.items():
                epochs, values = _line(history, metric, split)
                if epochs:
                    axes.plot(epochs, _scaled(values, metric), line, color=colour, marker=marker, label=split)
            if best:
                label = f"lowest validation loss (epoch {best})"
                axes.axvline(best, color="0.45", linestyle=":", linewidth=1.3, zorder=0, label=label)
            _epoch_axes(axes, metric, last)
        figure.legend(*grid[0][0].get_legend_handles_labels(), loc="outside lower center", ncols=3)
        if title:
            figure.suptitle(title)
    told = [_course(history, metric) for metric in metrics]
    told += [f"The validation loss is lowest after epoch {best}."] if best else []
    return Figure(figure, " ".join([f"{title}." if title else "", *told]).strip())


def compare_curves(
    runs: Mapping[str, TrainingRun | pd.DataFrame], title: str = "Trainings compared"
) -> Figure:
    """Several trainings in one figure: a colour and a marker each, dashed lines for the validation images.

    Args:
        runs: a name for each of one to six runs, or of their histories.
    """
    if not 1 <= len(runs) <= len(SERIES):
        raise PlottingError(f"{len(runs)} trainings were given; one to {len(SERIES)} can be compared.")
    histories = {name: _history(run) for name, run in runs.items()}
    measured = [_metrics(history) for history in histories.values()]
    metrics = [metric for metric in measured[0] if all(metric in others for others in measured)]
    if not metrics:
        raise PlottingError(
            "These trainings have no measure in common. Compile the models with the same metrics."
        )
    with canvas(4.4 * len(metrics) + 0.6, 3.6, 1, len(metrics), squeeze=False) as (figure, grid):
        for axes, metric in zip(grid[0], metrics, strict=True):
            for (name, history), colour, marker in zip(histories.items(), SERIES, MARKERS, strict=False):
                for split, (_, line, _) in SPLITS.items():
                    epochs, values = _line(history, metric, split)
                    if epochs:
                        drawn = _scaled(values, metric)
                        axes.plot(epochs, drawn, line, color=colour, marker=marker, label=f"{name}, {split}")
            _epoch_axes(axes, metric, max(int(history["epoch"].max()) for history in histories.values()))
        labels = grid[0][0].get_legend_handles_labels()
        figure.legend(*labels, loc="outside lower center", ncols=min(len(histories), 3))
        figure.suptitle(title)
    told = [
        f"{name}: {' '.join(_course(history, metric) for metric in metrics)}"
        for name, history in histories.items()
    ]
    return Figure(figure, " ".join([f"{title}.", *told]))


def learning_rates(
    run: TrainingRun | pd.DataFrame, title: str = "The validation loss and the learning rate"
) -> Figure:
    """The validation loss after each epoch, above the learning rate that the epoch was trained with.

    A ring marks the lowest loss so far: the epochs at which ModelCheckpoint with save_best_only writes.

    Args:
        run: a training in which the rate was measured, as it is with the callback ReduceLROnPlateau.
    """
    history = _history(run)
    epochs, losses = _line(history, "loss", "validation")
    _, rates = _line(history, "learning_rate", "training")
    if not losses or len(rates) != len(losses):
        raise PlottingError(
            "This needs a training with validation images and a measured learning rate. Give training.fit "
            "validation_data=… and callbacks=[keras.callbacks.ReduceLROnPlateau(…)]."
        )
    records = [index for index, loss in enumerate(losses) if loss < min(losses[:index], default=math.inf)]
    cuts = [index for index in range(1, len(rates)) if rates[index] < 0.999 * rates[index - 1]]
    with canvas(7.6, 4.3, 2, 1, sharex=True, height_ratios=(1.5, 1)) as (figure, (above, below)):
        above.plot(epochs, losses, "--", color=ORANGE, marker="s", label="validation loss")
        ring = {"markersize": 11, "markerfacecolor": "none", "color": BLUE, "clip_on": False}
        best = [[values[index] for index in records] for values in (epochs, losses)]
        above.plot(*best, "o", label="lowest so far: a checkpoint is written", **ring)
        above.set(ylabel="loss", title="validation loss")
        below.step(epochs, rates, where="mid", color=GREEN, label="learning rate")
        below.set(xlabel="epoch", ylabel="learning rate", title="learning rate of the epoch", yscale="log")
        below.set_yticks(sorted(set(rates)), [f"{rate:.2g}" for rate in sorted(set(rates))])
        below.minorticks_off()
        for axes in (above, below):
            axes.set_xlim(0.7, max(epochs[-1], 2) + 0.3)
            axes.grid(axis="y", color="0.9")
            for number, index in enumerate(cuts):
                label = "learning rate reduced" if axes is above and not number else None
                axes.axvline(epochs[index] - 0.5, color="0.45", linestyle=":", linewidth=1.3, label=label)
        above.set_xlabel(" ", fontsize=1)
        above.margins(y=0.12)
        figure.legend(*above.get_legend_handles_labels(), loc="outside lower center", ncols=3)
        figure.suptitle(title)
    lowered = [f"{rates[index]:.2g} from epoch {epochs[index]}" for index in cuts] or ["never"]
    alt = (
        f"{title}. Loss: from {losses[0]:.3f} to {losses[-1]:.3f} in {len(losses)} epochs, lowest "
        f"({min(losses):.3f}) after epoch {epochs[records[-1]]}. Learning rate: {rates[0]:.2g} at first; "
        f"reduced: {listing(lowered)}."
    )
    return Figure(figure, alt)


def shift_effect(
    shifts: Sequence[float],
    accuracy: Sequence[float] | Mapping[str, Sequence[float]],
    classes: int | None = 10,
    title: str = "Accuracy on shifted images",
) -> Figure:
    """How accuracy changes as images move.

    Args:
        shifts: by how many pixels, in ascending order; negative ones are to the left or up.
        accuracy: a share from 0 to 1 for each shift; or several such rows by name (of a model, a direction).
        classes: draws the level of guessing among so many; None draws no such line.
    """
    places = [float(shift) for shift in shifts]
    if not places or places != sorted(set(places)):
        raise PlottingError(
            "Give at least one shift, in ascending order and each once, such as range(-4, 5)."
        )
    rows = {str(name): _shares(row, places, name) for name, row in _by_name(accuracy).items()}
    with canvas(6.4, 3.6) as (figure, axes):
        for (name, row), colour, marker in zip(rows.items(), SERIES, MARKERS, strict=False):
            axes.plot(
                places, [100 * share for share in row], color=colour, marker=marker, label=name or "model"
            )
        if classes:
            level = 100 / classes
            axes.axhline(level, color="0.3", linestyle=":", label=f"guessing ({level:.3g} %)")
        axes.set(xlabel="shift (pixels)", ylabel="accuracy (%)", ylim=(0, 103), title=title)
        axes.set_xticks(places, [f"{place:g}" for place in places])
        axes.grid(axis="y", color="0.9")
        figure.legend(*axes.get_legend_handles_labels(), loc="outside lower center", ncols=3)
    return Figure(figure, " ".join([f"{title}.", *(_fall(name, places, row) for name, row in rows.items())]))


# --------------------------------------------------------------------------- reading what was given


def _history(run: Any) -> pd.DataFrame:
    history = getattr(run, "history", run)
    if not {"epoch", "split", "metric", "value"} <= set(getattr(history, "columns", ())):
        raise PlottingError(
            "Curves need what training.fit returned. Write run = training.fit(…), then plotting.curves(run)."
        )
    if not len(history):
        raise PlottingError("This training has no epoch that was measured, so there is nothing to draw.")
    return history


def _metrics(history: pd.DataFrame) -> list[str]:
    """Loss first, then accuracy, then what else was measured; a learning rate measures no success."""
    found = [metric for metric in dict.fromkeys(history["metric"]) if metric != "learning_rate"]
    return sorted(found, key=lambda metric: (metric != "loss", metric != "accuracy"))


def _line(history: pd.DataFrame, metric: str, split: str) -> tuple[list[int], list[float]]:
    rows = history[(history["metric"] == metric) & (history["split"] == split)]
    return rows["epoch"].tolist(), rows["value"].tolist()


def _best_epoch(history: pd.DataFrame) -> int:
    """The epoch with the lowest validation loss; 0 where there is none, or only one epoch."""
    epochs, losses = _line(history, "loss", "validation")
    return epochs[losses.index(min(losses))] if len(losses) > 1 else 0


def _by_name(accuracy: Any) -> dict[str, Any]:
    return dict(accuracy) if isinstance(accuracy, Mapping) else {"": accuracy}


def _shares(row: Any, places: Sequence[float], name: str) -> list[float]:
    shares = [float(share) for share in row]
    whose = f" of {name!r}" if name else ""
    if len(shares) != len(places):
        raise PlottingError(
            f"{len(places)} shifts, but {len(shares)} accuracies{whose}: give one for each shift."
        )
    if not all(0 <= share <= 1 for share in shares):
        raise PlottingError(f"The accuracies{whose} must be shares from 0 to 1, such as 0.97 for 97 %.")
    return shares


# --------------------------------------------------------------------------- drawing and telling


def _scaled(values: list[float], metric: str) -> list[float]:
    return [100 * value for value in values] if "accuracy" in metric else values


def _epoch_axes(axes: Any, metric: str, last: int) -> None:
    from matplotlib.ticker import MaxNLocator

    name = metric.replace("_", " ")
    axes.set(xlabel="epoch", ylabel=f"{name} (%)" if "accuracy" in metric else name, title=name)
    axes.set_xlim(0.7, max(last, 2) + 0.3)
    axes.xaxis.set_major_locator(MaxNLocator(integer=True, nbins=8))
    axes.grid(axis="y", color="0.9")


def _course(history: pd.DataFrame, metric: str) -> str:
    """From where to where a measure went: "Loss: from 0.9 to 0.1 on the training images." """
    parts = []
    for split in SPLITS:
        _, values = _line(history, metric, split)
        if values:
            ends = [
                percent(value) if "accuracy" in metric else f"{value:.3f}"
                for value in (values[0], values[-1])
            ]
            course = f"from {ends[0]} to {ends[1]}" if len(values) > 1 else ends[0]
            parts.append(f"{course} on the {split} images")
    return f"{metric.replace('_', ' ').capitalize()}: {', '.join(parts)}."


def _fall(name: str, places: list[float], row: list[float]) -> str:
    points = [f"{percent(share)} at {place:g}" for place, share in zip(places, row, strict=True)]
    if len(points) > MOST_POINTS_TOLD:
        middle = min(range(len(places)), key=lambda index: abs(places[index]))
        points = [points[index] for index in sorted({0, middle, len(points) - 1})]
    return f"{f'Accuracy of {name}' if name else 'Accuracy'} by shift in pixels: {', '.join(points)}."
