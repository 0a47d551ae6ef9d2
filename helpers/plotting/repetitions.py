"""Several ways of training, each repeated from several seeds: means with error bars, and every single run."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from helpers.plotting.figure import Figure, PlottingError, canvas
from helpers.plotting.style import MARKERS, SERIES, counted, listing, percent

if TYPE_CHECKING:
    import pandas as pd

COLUMNS = ("method", "labels", "seed", "accuracy")
MOST_AMOUNTS = 8


def accuracy_by_labels(
    runs: pd.DataFrame,
    classes: int | None = None,
    title: str = "Accuracy by the number of labelled images",
) -> Figure:
    """The mean accuracy of each method for each number of labelled images, over its runs.

    A marker is a mean, its bar one standard deviation up and down (of the runs, with n − 1), and each small
    dot a single run. Numbers of labels stand side by side at even distances, whatever lies between them.

    Args:
        runs: a row for each run: its "method", "labels" (images of each class), "seed", and "accuracy", a
            share from 0 to 1.
        classes: draws the level of guessing among so many; None draws no such line.
    """
    methods, amounts = _check(runs)
    step = 0.16
    with canvas(7.2, 4.0) as (figure, axes):
        for number, method in enumerate(methods):
            places = [place + (number - (len(methods) - 1) / 2) * step for place in range(len(amounts))]
            shares = [_shares(runs, method, amount) for amount in amounts]
            colour = SERIES[number]
            for place, row in zip(places, shares, strict=True):
                axes.plot([place + 0.055] * len(row), [100 * share for share in row], ".", color="0.55", ms=3)
            axes.errorbar(
                places,
                [100 * _mean(row) for row in shares],
                [100 * _deviation(row) for row in shares],
                color=colour,
                marker=MARKERS[number],
                linestyle=("-", "--", ":", "-.")[number % 4],
                capsize=4,
                label=method,
            )
        if classes:
            axes.axhline(100 / classes, color="0.3", linestyle=":", label=f"guessing ({100 / classes:.3g} %)")
        axes.set_xticks(range(len(amounts)), [f"{amount:,}" for amount in amounts])
        axes.set(xlabel="labelled images of each class", ylabel="accuracy (%)", title=title)
        axes.set_ylim(top=102)
        axes.grid(axis="y", color="0.9")
        figure.legend(*axes.get_legend_handles_labels(), loc="outside lower center", ncols=len(methods) + 1)
    return Figure(figure, f"{title}. {_told(runs, methods, amounts)}")


def _check(runs: Any) -> tuple[list[str], list[int]]:
    """The methods in the table's order, and the numbers of labels in ascending order."""
    missing = [column for column in COLUMNS if column not in getattr(runs, "columns", ())]
    if missing:
        raise PlottingError(
            f"A pandas.DataFrame with the columns {listing(COLUMNS)} is needed, a row for each run; "
            f"missing here: {listing(missing)}."
        )
    methods, amounts = list(dict.fromkeys(runs["method"])), sorted(set(runs["labels"]))
    if not 1 <= len(methods) <= len(SERIES) or len(amounts) > MOST_AMOUNTS:
        raise PlottingError(
            f"This table has {len(methods)} methods and {len(amounts)} numbers of labels; one to "
            f"{len(SERIES)} methods and up to {MOST_AMOUNTS} numbers can be drawn."
        )
    if not runs["accuracy"].between(0, 1).all():
        raise PlottingError(
            "The accuracies must be shares from 0 to 1, such as 0.97 for 97 %, and none missing."
        )
    lacking = [(m, a) for m in methods for a in amounts if not _shares(runs, m, a)]
    if lacking:
        method, amount = lacking[0]
        raise PlottingError(
            f"There is no run of {method!r} with {amount} labels. Add one, or leave them out."
        )
    return [str(method) for method in methods], [int(amount) for amount in amounts]


def _shares(runs: Any, method: str, amount: int) -> list[float]:
    rows = runs[(runs["method"] == method) & (runs["labels"] == amount)]
    return [float(share) for share in rows["accuracy"]]


def _mean(shares: list[float]) -> float:
    return sum(shares) / len(shares)


def _deviation(shares: list[float]) -> float:
    """The standard deviation of the runs, with n − 1; 0 for a single one."""
    if len(shares) < 2:
        return 0.0
    mean = _mean(shares)
    return float((sum((share - mean) ** 2 for share in shares) / (len(shares) - 1)) ** 0.5)


def _told(runs: Any, methods: list[str], amounts: list[int]) -> str:
    """Every mean and deviation in words."""
    groups = []
    for amount in amounts:
        parts = []
        for method in methods:
            row = _shares(runs, method, amount)
            spread = f" ± {100 * _deviation(row):.1f}" if len(row) > 1 else ""
            parts.append(
                f"{method} {percent(_mean(row)).removesuffix(' %')}{spread} % ({counted(len(row), 'run')})"
            )
        groups.append(f"With {counted(amount, 'label')} a class: {listing(parts)}.")
    return " ".join(groups)
