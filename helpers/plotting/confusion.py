"""Where a classifier is right and wrong: the confusion matrix, and measures of each class."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from helpers.plotting.figure import Figure, PlottingError, canvas
from helpers.plotting.style import BLUE, GREEN, ORANGE, listing, percent

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

MEASURES = {"precision": (BLUE, "o"), "recall": (ORANGE, "s"), "f1": (GREEN, "|")}
TOLD = 3  # cells that the alt text names


def confusion_matrix(
    truth: Any, predicted: Any, class_names: Sequence[str], title: str = "Confusion matrix"
) -> Figure:
    """How many images of each true class (rows) were taken for each class (columns).

    The right ones, on the diagonal, stay grey; the colour of the others says which share of their row they
    are. Cells without any image stay empty.

    Args:
        truth, predicted: (n,) class indices from 0.
        class_names: a name for each index.
    """
    import numpy as np

    from helpers.evaluation import confusion_counts

    counts = confusion_counts(truth, predicted, len(class_names))
    if not counts.sum():
        raise PlottingError("There are no predictions, so there is nothing to count.")
    shares = 100 * counts / np.maximum(counts.sum(axis=1, keepdims=True), 1)
    wrong = np.where(np.eye(len(counts), dtype=bool), np.nan, shares)
    most = float(np.nanmax(wrong)) or 1.0
    side = min(max(0.47 * len(counts), 3.0), 8.5)
    with canvas(side + 2.2, side + 1.2) as (figure, axes):
        axes.set_facecolor("0.85")
        picture = axes.imshow(wrong, cmap="Oranges", vmin=0, vmax=most)
        for row, column in zip(*np.nonzero(counts), strict=True):
            dark = wrong[row, column] > 0.6 * most
            look = {"color": "white" if dark else "black", "fontsize": 8.5 if len(counts) < 15 else 6.5}
            axes.text(column, row, str(counts[row, column]), ha="center", va="center", **look)
        turned = max(len(str(name)) for name in class_names) > 2
        axes.set_xticks(range(len(counts)), class_names)
        if turned:
            axes.tick_params("x", rotation=45)
            for label in axes.get_xticklabels():
                label.set(ha="right", rotation_mode="anchor")
        axes.set_yticks(range(len(counts)), class_names)
        axes.set(xlabel="predicted class", ylabel="true class")
        axes.tick_params(length=0)
        figure.colorbar(picture, ax=axes, label="mistakes: share of the true class (%)", shrink=0.8)
        figure.suptitle(title)
    right = np.trace(counts) / counts.sum()
    return Figure(
        figure, f"{title}. {counts.sum():,} images, {percent(right)} right.{_largest(counts, class_names)}"
    )


def class_report(report: pd.DataFrame, title: str = "Precision and recall of each class") -> Figure:
    """The measures of each class as points on a line, the class with the lowest F1 at the bottom.

    Args:
        report: what `evaluation.class_report` returned.
    """
    if not {"class", *MEASURES} <= set(getattr(report, "columns", ())) or not len(report):
        raise PlottingError(
            "This draws what evaluation.class_report(truth, predicted, class_names) returned."
        )
    rows = report.sort_values("f1", na_position="first").reset_index(drop=True)
    lowest = float(rows[list(MEASURES)].min().min())
    with canvas(7.2, 0.29 * len(rows) + 1.3) as (figure, axes):
        axes.hlines(
            range(len(rows)), 100 * rows["precision"], 100 * rows["recall"], color="0.6", linewidth=1.2
        )
        for measure, (colour, marker) in MEASURES.items():
            label = "F1" if measure == "f1" else measure
            size = {"markersize": 11, "markeredgewidth": 2} if marker == "|" else {"markersize": 7}
            axes.plot(100 * rows[measure], range(len(rows)), marker, color=colour, label=label, **size)
        axes.set_yticks(range(len(rows)), rows["class"])
        axes.set(xlim=(max(100 * lowest - 4, -2), 101), ylim=(-0.6, len(rows) - 0.4))
        axes.set(xlabel="per cent", ylabel="class")
        axes.grid(axis="x", color="0.9")
        figure.legend(*axes.get_legend_handles_labels(), loc="outside lower center", ncols=3)
        figure.suptitle(title)
    shares = zip(report["class"], report["precision"], report["recall"], strict=True)
    told = [f"{name} {_share(precision)} and {_share(recall)}" for name, precision, recall in shares]
    return Figure(figure, f"{title}. Precision and recall: {listing(told)}.")


def _share(share: float) -> str:
    return percent(share) if share == share else "undefined"


def _largest(counts: np.ndarray, class_names: Sequence[str]) -> str:
    """The cells with most mistakes, in words."""
    import numpy as np

    wrong = counts * ~np.eye(len(counts), dtype=bool)
    order = np.argsort(-wrong, axis=None, kind="stable")[:TOLD]
    cells = [np.unravel_index(index, wrong.shape) for index in order]
    told = [f"{class_names[a]} for {class_names[b]} ({wrong[a, b]} times)" for a, b in cells if wrong[a, b]]
    return f" Most often taken: {listing(told)}." if told else " No mistakes."
