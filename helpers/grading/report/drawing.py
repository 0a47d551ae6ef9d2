"""The plots of a class report."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from helpers.grading.report.measuring import ItemFigures, Kind, Measured
from helpers.plotting.figure import Figure, canvas
from helpers.plotting.style import BLACK, BLUE, GREEN, ORANGE, PALE, SKY, VERMILION, counted, percent

_COLOURS = {
    Kind.FULL: GREEN,
    Kind.PARTLY: SKY,
    Kind.WRONG: ORANGE,
    Kind.NOTHING: VERMILION,
    Kind.CUT: BLACK,
    Kind.UNTOUCHED: PALE,
}
_HATCHES = {Kind.PARTLY: "//", Kind.NOTHING: "..", Kind.CUT: "xx"}


def scores(totals: Sequence[float], possible: float) -> Figure:
    """How many submissions have which score."""
    with canvas(7, 2.8) as (figure, axes):
        axes.hist(
            np.clip(totals, 0, possible), bins=np.linspace(0, possible, 11), color=BLUE, edgecolor="white"
        )
        median = float(np.median(totals))
        axes.axvline(median, color=BLACK, linestyle=":", label=f"median {median:.2f}")
        axes.set(xlabel=f"points of {possible:g}", ylabel="submissions", xlim=(0, possible))
        axes.yaxis.get_major_locator().set_params(integer=True)
        figure.legend(loc="outside upper right")
    middle = np.percentile(totals, [25, 75])
    return Figure(
        figure,
        f"Scores of {counted(len(totals), 'submission')}: median {median:.2f} of {possible:g} points, "
        f"the middle half from {middle[0]:.2f} to {middle[1]:.2f}.",
    )


def kinds(items: Sequence[ItemFigures]) -> Figure:
    """What became of each item, as a bar of shares."""
    with canvas(7.5, 0.45 * len(items) + 1.3) as (figure, axes):
        left = np.zeros(len(items))
        for kind in Kind:
            shares = np.array([item.kinds[kind] / max(sum(item.kinds.values()), 1) for item in items])
            axes.barh(
                range(len(items)),
                100 * shares,
                left=100 * left,
                color=_COLOURS[kind],
                hatch=_HATCHES.get(kind, ""),
                edgecolor="white",
                label=str(kind),
            )
            left += shares
        axes.set_yticks(range(len(items)), [item.name for item in items])
        axes.invert_yaxis()
        axes.set(xlabel="% of submissions", xlim=(0, 100))
        figure.legend(loc="outside lower center", ncols=3)
    told = [f"{item.name}: full marks {percent(_full(item), 0)}" for item in items]
    return Figure(figure, f"What became of each item. {'; '.join(told)}.")


def against_thresholds(one: Measured) -> Figure:
    """Every submission's measured value, and the thresholds."""
    values = np.sort(np.array(list(one.values.values())))
    with canvas(7, 2.2) as (figure, axes):
        axes.axvspan(one.zero, one.full, color=PALE, label="partial credit")
        axes.axvline(one.full, color=GREEN, label=f"full marks from {one.full:g}")
        axes.plot(values, np.arange(1, len(values) + 1), "o", color=BLUE)
        low, high = min(values.min(), one.zero), max(values.max(), one.full)
        margin = 0.05 * (high - low)
        axes.set(
            xlabel=f"{one.item}: {one.part}", ylabel="submissions up to", xlim=(low - margin, high + margin)
        )
        axes.yaxis.get_major_locator().set_params(integer=True)
        figure.legend(loc="outside upper center", ncols=2)
    return Figure(
        figure,
        f"{one.part} of {one.item} in {counted(len(values), 'submission')}, from {values[0]:.3f} to "
        f"{values[-1]:.3f}: {int((values >= one.full).sum())} reach {one.full:g} for full marks, "
        f"{int((values <= one.zero).sum())} don't get beyond {one.zero:g}.",
    )


def _full(item: ItemFigures) -> float:
    return item.kinds[Kind.FULL] / max(sum(item.kinds.values()), 1)
