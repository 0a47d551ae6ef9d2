"""Bar charts: how many images a class has, softmax, and the probabilities of one prediction."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from helpers.plotting.arrays import as_image, as_labels, as_names, as_row
from helpers.plotting.figure import Figure, PlottingError, canvas
from helpers.plotting.pixels import show_image
from helpers.plotting.style import BLUE, ORANGE, PALE, SERIES, VERMILION, listing, percent

if TYPE_CHECKING:
    import numpy as np

HATCHES = ("", "//", "..", "xx")


def class_balance(y: Any, class_names: Sequence[str], title: str = "Images in each class") -> Figure:
    """How many images each class has; for several splits, which share of each split.

    Args:
        y: (n,) class indices; or a mapping from the name of a split to its class indices, such as
            {"training": y_train, "test": y_test}.
        class_names: a name for each index.
    """
    import numpy as np

    given = y if isinstance(y, Mapping) else {"all": y}
    splits = {str(name): as_labels(labels, class_names) for name, labels in given.items()}
    if not 1 <= len(splits) <= len(HATCHES) or not all(len(labels) for labels in splits.values()):
        raise PlottingError(f"Give the labels of 1 to {len(HATCHES)} splits, none of them empty.")
    counts = {name: np.bincount(labels, minlength=len(class_names)) for name, labels in splits.items()}
    with canvas(min(max(6.0, 0.3 * len(class_names) * len(splits) + 2), 9.5), 3.5) as (figure, axes):
        level = _draw_counts(axes, counts)
        axes.axhline(level, color="0.3", linestyle=":", linewidth=1.3, label="if all classes were alike")
        axes.set_xticks(np.arange(len(class_names)), class_names)
        axes.set(xlabel="class", title=title)
        figure.legend(*axes.get_legend_handles_labels(), loc="outside lower center", ncols=3)
    told = [_extremes(name if len(counts) > 1 else "", count, class_names) for name, count in counts.items()]
    return Figure(figure, " ".join([f"{title}. A bar for each of {len(class_names)} classes.", *told]))


def softmax(
    scores: Any,
    class_names: Sequence[str] | None = None,
    title: str = "Softmax turns scores into probabilities",
) -> Figure:
    """A network's last scores, and the probabilities that softmax makes of them.

    Args:
        scores: (classes,) any numbers, negative ones too.
        class_names: a name for each; 0, 1, 2, … if not given.
    """
    import numpy as np

    values = as_row(scores, "scores")
    names = as_names(class_names, len(values))
    shares = np.exp(values - values.max())
    shares /= shares.sum()
    place = np.arange(len(values))
    with canvas(9, 3.4, 1, 2) as (figure, (left, right)):
        left.bar(place, values, color=BLUE)
        left.axhline(0, color="black", linewidth=0.8)
        left.set(xlabel="class", ylabel="score (no unit)", title="scores: any numbers")
        right.bar(place, 100 * shares, color=ORANGE, edgecolor="black", linewidth=0.6)
        right.set(
            xlabel="class", ylabel="probability (%)", ylim=(0, 108), title="probabilities: 100 % in all"
        )
        for index, share in enumerate(shares):
            right.text(index, 100 * share + 1.5, f"{100 * share:.0f}", ha="center", fontsize=8.5)
        for axes in (left, right):
            axes.set_xticks(place, names)
        figure.suptitle(title)
    best = int(values.argmax())
    alt = (
        f"{title}. Left: scores from {values.min():.3g} to {values.max():.3g}, the highest for class "
        f"{names[best]}. "
        f"Right: their probabilities. {names[best]} gets {percent(shares[best])}; all others together get "
        f"{percent(1 - shares[best])}."
    )
    return Figure(figure, alt)


def probabilities(
    p: Any,
    class_names: Sequence[str],
    truth: int | None = None,
    image: Any = None,
    title: str = "How sure the model is",
) -> Figure:
    """One prediction: a bar for the probability of each class.

    Args:
        p: (classes,) probabilities, 1 in all.
        class_names: a name for each.
        truth: index of the true class, where it is known.
        image: (height, width) or (height, width, 1), to be drawn beside the bars.
    """
    shares = as_row(p, "probabilities")
    names = as_names(class_names, len(shares))
    check_probabilities(shares)
    if truth is not None and not 0 <= truth < len(names):
        raise PlottingError(f"The true class is {truth}; it must be an index from 0 to {len(names) - 1}.")
    ratios = [1] if image is None else [1, 1.9]
    height = 0.27 * len(names) + 1.2
    size = (6.0, height) if image is None else (8.4, max(height, 3.0))  # the image needs room
    with canvas(*size, 1, len(ratios), width_ratios=ratios, squeeze=False) as (figure, grid):
        if image is not None:
            show_image(grid[0][0], as_image(image), "The image")
        draw_probabilities(grid[0][-1], shares, names, truth)
        figure.suptitle(title)
    best = int(shares.argmax())
    order = sorted(range(len(shares)), key=lambda index: -shares[index])[:3]
    told = listing([f"{names[index]} with {percent(shares[index])}" for index in order])
    verdict = (
        f" The true class is {names[truth]}: {'right' if truth == best else 'wrong'}."
        if truth is not None
        else ""
    )
    return Figure(figure, f"{title}. A bar for each of {len(names)} classes; the longest: {told}.{verdict}")


def _draw_counts(axes: Any, counts: Mapping[str, np.ndarray]) -> float:
    """Bars side by side for each class; returns the height that all would have if all classes were alike."""
    import numpy as np

    several = len(counts) > 1
    wide = 0.8 / len(counts)
    for number, (name, count) in enumerate(counts.items()):
        place = np.arange(len(count)) + (number - (len(counts) - 1) / 2) * wide
        height = 100 * count / count.sum() if several else count
        label = f"{name} ({count.sum():,} images)" if several else None
        look = {"color": SERIES[number], "hatch": HATCHES[number], "edgecolor": "white"}
        axes.bar(place, height, wide, label=label, **look)
    axes.set_ylabel("share of the images (%)" if several else "number of images")
    return float(np.mean(height))


def _extremes(name: str, count: np.ndarray, class_names: Sequence[str]) -> str:
    low, high = int(count.argmin()), int(count.argmax())
    who = f"{name.capitalize()}: " if name else ""
    if count[low] == count[high]:
        return f"{who}{count.sum():,} images, {count[low]:,} in every class."
    return (
        f"{who}{count.sum():,} images, fewest of class {class_names[low]} ({count[low]:,}), "
        f"most of class {class_names[high]} ({count[high]:,})."
    )


def check_probabilities(shares: np.ndarray) -> None:
    """Raises PlottingError where a row of numbers is no row of probabilities."""
    if shares.min() < -1e-6 or abs(shares.sum() - 1) > 1e-3:
        raise PlottingError(
            f"Probabilities are not negative and make 1 in all; these go from {shares.min():.3g} to "
            f"{shares.max():.3g} and make {shares.sum():.3g}. For a network's scores use "
            "plotting.softmax(scores)."
        )


def draw_probabilities(axes: Any, shares: np.ndarray, names: Sequence[str], truth: int | None) -> None:
    """A bar for each class; the longest says whether it is right, if the truth is known."""
    best = int(shares.argmax())
    right = truth is None or truth == best
    bars = axes.barh(range(len(names)), 100 * shares, color=PALE, edgecolor="0.4", linewidth=0.6)
    bars[best].set(facecolor=BLUE if right else VERMILION, hatch="" if right else "//", edgecolor="black")
    for index, share in enumerate(shares):
        words = percent(share)
        if index == best:
            words += (
                "  predicted" if truth is None else "  ✓ predicted, and true" if right else "  ✗ predicted"
            )
        elif index == truth:
            words += "  true"
        axes.text(100 * share + 1, index, words, va="center", fontsize=8.5)
    axes.set_yticks(range(len(names)), names)
    axes.invert_yaxis()
    axes.set(xlim=(0, 135), xlabel="probability (%)", ylabel="class", xticks=range(0, 101, 20))
    axes.spines["bottom"].set_bounds(0, 100)
