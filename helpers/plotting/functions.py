"""Functions that a network is made of, as lines: what goes in against what comes out."""

from __future__ import annotations

from helpers.plotting.figure import Figure, PlottingError, canvas
from helpers.plotting.style import BLUE, VERMILION


def activations(title: str = "ReLU: a line with a bend") -> Figure:
    """What ReLU makes of a unit's sum, beside a unit without any activation."""
    sums = [-3.0, 0.0, 3.0]
    with canvas(6, 3.3) as (figure, axes):
        axes.plot(sums, sums, "--", color="0.45", label="no activation")
        axes.plot(sums, [max(0.0, value) for value in sums], color=BLUE, linewidth=2.6, label="ReLU")
        axes.axhline(0, color="0.8", linewidth=0.8, zorder=0)
        axes.axvline(0, color="0.8", linewidth=0.8, zorder=0)
        axes.set(xlabel="the unit's sum z (no unit)", ylabel="what it passes on (no unit)")
        axes.legend(loc="upper left")
        figure.suptitle(title)
    alt = (
        f"{title}. Without activation, what goes in comes out: a straight line. With ReLU, sums below 0 come "
        "out as 0 and sums above 0 as they are: a flat line that turns upwards at 0."
    )
    return Figure(figure, alt)


def cross_entropy(classes: int = 10, title: str = "Cross-entropy of one image") -> Figure:
    """The loss against the probability that the right class was given.

    Args:
        classes: the point of an even guess among so many is marked.

    Raises:
        PlottingError: for fewer than two classes.
    """
    import numpy as np

    if classes < 2:
        raise PlottingError(f"classes is {classes}; choose 2 or more.")
    given = np.linspace(0.005, 1, 200)
    guess = 1 / classes
    loss = -np.log(guess)
    with canvas(6, 3.3) as (figure, axes):
        axes.plot(100 * given, -np.log(given), color=BLUE)
        axes.plot([100 * guess], [loss], "o", color=VERMILION, markersize=7)
        axes.annotate(
            f"no idea: {classes} classes alike, loss {loss:.2f}",
            (100 * guess, loss),
            xytext=(9, 5),
            textcoords="offset points",
        )
        axes.set(xlabel="probability of the right class (%)", ylabel="loss (no unit)", xlim=(0, 100))
        axes.set_ylim(0, 5.5)
        axes.grid(axis="y", color="0.9")
        figure.suptitle(title)
    alt = (
        f"{title}. A curve that falls from above 5 near 0 %, steeply at first, then ever more gently, to 0 "
        f"at 100 %. Marked: an even guess among {classes} classes, at {100 * guess:.0f} % and {loss:.2f}."
    )
    return Figure(figure, alt)
