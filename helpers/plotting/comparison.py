"""Several models compared on several sets of images."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from helpers.plotting.figure import Figure, PlottingError, canvas
from helpers.plotting.style import SERIES, listing, percent

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

HATCHES = ("", "//", "..", "xx")
MOST_SETS = 8


def compare_accuracy(
    table: pd.DataFrame, classes: int | None = 10, title: str = "Accuracy of each model on each set of images"
) -> Figure:
    """A group of bars for each set of images, with a bar for each model.

    Args:
        table: a row for each set of images, a column for each model; shares from 0 to 1.
        classes: draws the level of guessing among so many; None draws no such line.
    """
    sets, models, shares = _read(table)
    wide = 0.8 / len(models)
    with canvas(min(max(5.0, 0.55 * len(sets) * len(models) + 2.4), 9.5), 3.8) as (figure, axes):
        for number, name in enumerate(models):
            places = [place + (number - (len(models) - 1) / 2) * wide for place in range(len(sets))]
            look = {"color": SERIES[number], "hatch": HATCHES[number], "edgecolor": "white"}
            axes.bar(places, 100 * shares[:, number], wide, label=name, **look)
            for place, share in zip(places, shares[:, number], strict=True):
                axes.text(place, 100 * share + 1.2, f"{100 * share:.1f}", ha="center", fontsize=8)
        if classes:
            axes.axhline(100 / classes, color="0.3", linestyle=":", label=f"guessing ({100 / classes:.3g} %)")
        axes.set_xticks(range(len(sets)), sets)
        axes.set(xlabel="images", ylabel="accuracy (%)", ylim=(0, 108), yticks=range(0, 101, 20), title=title)
        figure.legend(*axes.get_legend_handles_labels(), loc="outside lower center", ncols=len(models) + 1)
    return Figure(figure, f"{title}. {_told(sets, models, shares)}")


def _read(table: Any) -> tuple[list[str], list[str], np.ndarray]:
    """The names of sets and models, and the shares (sets, models)."""
    import numpy as np

    if not hasattr(table, "columns") or not hasattr(table, "index"):
        raise PlottingError(
            "A table is needed: pandas.DataFrame({'a model': {'a set of images': 0.97, …}, …})."
        )
    sets, models = [str(name) for name in table.index], [str(name) for name in table.columns]
    if not 1 <= len(models) <= len(HATCHES) or not 1 <= len(sets) <= MOST_SETS:
        raise PlottingError(
            f"This table has {len(sets)} rows and {len(models)} columns; up to {MOST_SETS} sets of images "
            f"(rows) and {len(HATCHES)} models (columns) can be compared."
        )
    try:
        shares = np.asarray(table, dtype=float)
    except (TypeError, ValueError) as error:
        raise PlottingError(f"The table must hold numbers alone: {error}.") from error
    if not np.all((shares >= 0) & (shares <= 1)):
        raise PlottingError(
            "The accuracies must be shares from 0 to 1, such as 0.97 for 97 %, and none missing."
        )
    return sets, models, shares


def _told(sets: Sequence[str], models: Sequence[str], shares: np.ndarray) -> str:
    groups = [
        f"{name}: {listing([f'{model} {percent(share)}' for model, share in zip(models, row, strict=True)])}"
        for name, row in zip(sets, shares, strict=True)
    ]
    return "; ".join(groups) + "."
