"""Line charts: how a training went, several trainings compared, accuracy on shifted images."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from helpers.plotting.figure import Figure, PlottingError, canvas
from helpers.plotting.style import BLUE, MARKERS, ORANGE, SERIES, percent

if TYPE_CHECKING:
    import pandas as pd

    from helpers.training import TrainingRun

SPLITS = {"training": (BLUE, "-", "o"), "validation": (ORANGE, "--", "s")}


def curves(run: TrainingRun | pd.DataFrame, title: str = "Training") -> Figure:
    """Loss and accuracy after each epoch, on the training and the validation images.

    Args:
        run: what `training.fit` returned, or its `history`.
    """
    history = _history(run)
    metrics = _metrics(history)
    with canvas(4.4 * len(metrics) + 0.6, 3.3, 1, len(metrics), squeeze=False) as (figure, grid):
        for axes, metric in zip(grid[0], metrics, strict=True):
            for split, (colour, line, marker) in SPLITS.items():
                epochs, values = _line(history, metric, split)
                if epochs:
                    axes.plot(epochs, _scaled(values, metric), line, color=colour, marker=marker, label=split)
            _epoch_axes(axes, metric, int(history["epoch"].max()))
        figure.legend(*grid[0][0].get_legend_handles_labels(), loc="outside lower center", ncols=2)
        figure.suptitle(title)
    told = " ".join(_course(history, metric) for metric in metrics)
    return Figure(figure, f"{title}. Line charts of {len(metrics)} measures over {_epochs(history)}. {told}")


def compare_curves(runs: Mapping[str, TrainingRun | pd.DataFrame], title: str = "Trainings compared") -> Figure:
    """Several trainings in one figure: a colour and marker each, dashed for the validation images.

    Args:
        runs: name → what `training.fit` returned; one to six.
    """
    if not 1 <= len(runs) <= len(SERIES):
        raise PlottingError(f"{len(runs)} trainings were given; compare 1 to {len(SERIES)}.")
    histories = {name: _history(run) for name, run in runs.items()}
    metrics = [m for m in _metrics(next(iter(histories.values()))) if all(m in _metrics(h) for h in histories.values())]
    if not metrics:
        raise PlottingError("These trainings have no measure in common. Compile the models with the same metrics.")
    longest = max(int(history["epoch"].max()) for history in histories.values())
    with canvas(4.4 * len(metrics) + 0.6, 3.7, 1, len(metrics), squeeze=False) as (figure, grid):
        for axes, metric in zip(grid[0], metrics, strict=True):
            for (name, history), colour, marker in zip(histories.items(), SERIES, MARKERS, strict=False):
                for split, (_, line, _) in SPLITS.items():
                    epochs, values = _line(history, metric, split)
                    if epochs:
                        label = f"{name}, {split}"
                        axes.plot(epochs, _scaled(values, metric), line, color=colour, marker=marker, label=label)
            _epoch_axes(axes, metric, longest)
        figure.legend(*grid[0][0].get_legend_handles_labels(), loc="outside lower center", ncols=2)
        figure.suptitle(title)
    told = " ".join(f"{name}: {_course(history, metrics[-1])}" for name, history in histories.items())
    return Figure(figure, f"{title}. Line charts of {' and '.join(metrics)} over up to {longest} epochs. {told}")


def shift_effect(
    shifts: Sequence[float],
    accuracy: Sequence[float] | Mapping[str, Sequence[float]],
    classes: int | None = 10,
    title: str = "Accuracy on shifted images",
) -> Figure:
    """How accuracy falls as images move.

    Args:
        shifts: by how many pixels, in ascending order; negative is left.
        accuracy: a share between 0 and 1 for each shift, or several such rows by name (of a model, a direction).
        classes: draws the level of guessing among so many; None for no such line.
    """
    rows = dict(accuracy) if isinstance(accuracy, Mapping) else {"": accuracy}
    places = [float(shift) for shift in shifts]
    for name, row in rows.items():
        if len(row) != len(places) or not places:
            raise PlottingError(f"{len(places)} shifts, but {len(row)} accuracies{_of(name)}: give one for each shift.")
        if not all(0 <= value <= 1 for value in row):
            raise PlottingError(f"The accuracies{_of(name)} must be shares from 0 to 1, such as 0.97 for 97 %.")
    if places != sorted(set(places)):
        raise PlottingError("Give the shifts in ascending order, each once.")
    with canvas(6.4, 3.6) as (figure, axes):
        for (name, row), colour, marker in zip(rows.items(), SERIES, MARKERS, strict=False):
            axes.plot(places, [100 * value for value in row], color=colour, marker=marker, label=name or None)
        if classes:
            axes.axhline(100 / classes, color="0.3", linestyle=":", label=f"guessing ({100 / classes:.0f} %)")
        axes.set(xlabel="shift (pixels)", ylabel="accuracy (%)", ylim=(0, 103), title=title)
        axes.set_xticks(places, [f"{place:g}" for place in places])
        axes.grid(axis="y", color="0.9")
        figure.legend(*axes.get_legend_handles_labels(), loc="outside lower center", ncols=3)
    return Figure(figure, f"{title}. " + " ".join(_fall(name, places, row) for name, row in rows.items()))


# --------------------------------------------------------------------------- reading a training


def _history(run: Any) -> pd.DataFrame:
    history = getattr(run, "history", run)
    needed = {"epoch", "split", "metric", "value"}
    if not needed <= set(getattr(history, "columns", ())):
        raise PlottingError(
            "Curves need what training.fit returned: write run = training.fit(…), then plotting.curves(run)."
        )
    if not len(history):
        raise PlottingError("This training has no finished epoch, so there is nothing to draw yet.")
    return history


def _metrics(history: pd.DataFrame) -> list[str]:
    """Loss first, then accuracy and what else was measured; a learning rate is no measure of success."""
    found = list(dict.fromkeys(history["metric"]))
    return sorted((m for m in found if m != "learning_rate"), key=lambda m: (m != "loss", m != "accuracy"))


def _line(history: pd.DataFrame, metric: str, split: str) -> tuple[list[int], list[float]]:
    rows = history[(history["metric"] == metric) & (history["split"] == split)]
    return rows["epoch"].tolist(), rows["value"].tolist()


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
    """From where to where a measure went, in words."""
    parts = []
    for split in SPLITS:
        _, values = _line(history, metric, split)
        if values:
            ends = [percent(v) if "accuracy" in metric else f"{v:.3f}" for v in (values[0], values[-1])]
            course = f"from {ends[0]} to {ends[1]}" if len(values) > 1 else ends[0]
            parts.append(f"{course} on the {split} images")
    return f"{metric.replace('_', ' ').capitalize()}: {', '.join(parts)}."


def _epochs(history: pd.DataFrame) -> str:
    last = int(history["epoch"].max())
    return f"{last} epoch{'' if last == 1 else 's'}"


def _of(name: str) -> str:
    return f" of {name!r}" if name else ""


def _fall(name: str, places: list[float], row: Sequence[float]) -> str:
    said = [f"{percent(value)} at {place:g}" for place, value in zip(places, row, strict=True)]
    shown = said if len(said) <= 9 else [said[0], said[len(said) // 2], said[-1]]
    return f"{name + ': ' if name else 'Accuracy by shift in pixels: '}{', '.join(shown)}."
