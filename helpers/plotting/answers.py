"""What became of each class's images, and the pairs of classes that a model confuses."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from helpers.plotting.arrays import as_images, as_labels, check_same_length
from helpers.plotting.figure import Figure, PlottingError, canvas
from helpers.plotting.style import BLUE, VERMILION, counted, listing, percent
from helpers.plotting.tiles import GAP, place_tiles

if TYPE_CHECKING:
    import numpy as np

MOST_PAIRS = 6
PITCH, TILE = 1 + GAP, 0.66  # from one tile to the next, in tiles; inches that a tile is wide
KINDS = ("the first, read rightly", "the first, taken for the second", "the second, read rightly")
Pair = tuple[int, int, int]
"""A true class, the class it was taken for, and how often."""


def right_and_wrong(
    truth: Any, predicted: Any, class_names: Sequence[str], title: str = "Right and wrong, by class"
) -> Figure:
    """For each class, how many of its images were predicted right and how many wrong; below, whose mistakes.

    The upper bars hold the images that *are* of the class (what is missing to recall 100 %), the lower ones,
    which hang down, the images of other classes that were *taken for* it (what is missing in precision).

    Args:
        truth, predicted: (n,) class indices.
        class_names: a name for each index.
    """
    import numpy as np

    from helpers.evaluation import confusion_counts

    counts = confusion_counts(truth, predicted, len(class_names))
    if not counts.sum():
        raise PlottingError("There are no predictions, so there is nothing to count.")
    right = np.diag(counts)
    missed, claimed = counts.sum(axis=1) - right, counts.sum(axis=0) - right
    with canvas(min(max(5.5, 0.3 * len(counts) + 2), 9.5), 4.0) as (figure, axes):
        place = np.arange(len(counts))
        wrong = {"color": VERMILION, "edgecolor": "black", "linewidth": 0.6}
        axes.bar(place, right, color=BLUE, label="right")
        axes.bar(place, missed, bottom=right, hatch="//", label="wrong: taken for another class", **wrong)
        axes.bar(place, -claimed, hatch="..", label="of other classes, taken for this one", **wrong)
        _write_counts(axes, right + missed, missed, above=True)
        _write_counts(axes, -claimed, claimed, above=False)
        axes.axhline(0, color="black", linewidth=0.8)
        turned = max(len(str(name)) for name in class_names) > 2 and len(class_names) > 6
        axes.set_xticks(place, class_names, rotation=45 if turned else 0)
        axes.set(xlabel="class", ylabel="number of images")
        axes.yaxis.set_major_formatter(lambda value, _: f"{abs(value):g}")
        axes.margins(y=0.08)
        figure.legend(*axes.get_legend_handles_labels(), loc="outside lower center", ncols=3)
        figure.suptitle(title)
    share = percent(right.sum() / counts.sum())
    alt = f"{title}. {counts.sum():,} images of {len(counts)} classes, {share} right."
    alt += _worst("Most often missed", missed, class_names) + _worst(
        "Most often named wrongly", claimed, class_names
    )
    return Figure(figure, alt)


def confused_pairs(
    images: Any,
    truth: Any,
    predicted: Any,
    class_names: Sequence[str],
    pairs: int = 4,
    per_pair: int = 4,
    title: str = "The most confusing pairs",
) -> Figure:
    """A row for each of the most frequent mistakes: between images of both classes, those that were confused.

    Args:
        images: (n, height, width) or (n, height, width, 1), values from 0 to 1.
        truth, predicted: (n,) class indices.
        class_names: a name for each index.
        pairs: how many mistakes, such as “M taken for N”, to show at most.
        per_pair: how many images of each kind at most.

    Raises:
        PlottingError: if there are no mistakes, or the arrays don't belong together.
    """
    pictures = as_images(images)
    true, said = as_labels(truth, class_names), as_labels(predicted, class_names)
    check_same_length(pictures, true, "images", "true labels")
    check_same_length(pictures, said, "images", "predictions")
    if not 1 <= pairs <= MOST_PAIRS or not 1 <= per_pair <= MOST_PAIRS:
        raise PlottingError(
            f"pairs is {pairs} and per_pair {per_pair}; choose 1 to {MOST_PAIRS} for each of the two."
        )
    shown = most_confused(true, said, len(class_names))[:pairs]
    if not shown:
        raise PlottingError("Every prediction is right: there is no pair to show.")
    size = (3 * per_pair * TILE * PITCH + 1.5, len(shown) * TILE * PITCH + 1.1)
    with canvas(*size, 1, 3, sharey=True) as (figure, grid):
        for row, (a, b, _) in enumerate(shown):
            kinds = [(true == a) & (said == a), (true == a) & (said == b), (true == b) & (said == b)]
            for axes, members in zip(grid, kinds, strict=True):
                tiles = _row(pictures[members], per_pair)
                place_tiles(axes, tiles, per_pair, row, len(shown), cmap="gray", vmin=0, vmax=1)
        names = [f"{class_names[a]} taken for {class_names[b]} ({counted(n, 'time')})" for a, b, n in shown]
        broken = [name.replace(" (", "\n(") for name in names]
        grid[0].set_yticks([row * PITCH + 0.5 for row in range(len(shown))], broken)
        for axes, kind in zip(grid, KINDS, strict=True):
            axes.set(xlabel=f"up to {counted(per_pair, 'image')}", ylabel=" ", title=kind)
        grid[0].set_ylabel("mistake")
        figure.suptitle(title)
    alt = (
        f"{title}. A row for each, with images of the first class, read rightly; those taken for the second; "
        f"and images of the second, read rightly: {listing(names)}."
    )
    return Figure(figure, alt)


def most_confused(truth: np.ndarray, predicted: np.ndarray, classes: int) -> list[Pair]:
    """All kinds of mistakes that occur, the most frequent first; where equal, in the order of the classes."""
    import numpy as np

    from helpers.evaluation import confusion_counts

    counts = confusion_counts(truth, predicted, classes)
    np.fill_diagonal(counts, 0)
    order = np.argsort(-counts, axis=None, kind="stable")[: np.count_nonzero(counts)]
    return [(int(i // classes), int(i % classes), int(counts.flat[i])) for i in order]


def _row(pictures: np.ndarray, count: int) -> list[np.ndarray]:
    """The first `count` images; what is missing is left empty."""
    import numpy as np

    tiles = list(pictures[:count])
    return tiles + [np.full(pictures.shape[1:], np.nan)] * (count - len(tiles))


def _write_counts(axes: Any, heights: np.ndarray, counts: np.ndarray, above: bool) -> None:
    """The number of mistakes at the end of each bar that has any."""
    for place, (height, count) in enumerate(zip(heights, counts, strict=True)):
        if count:
            axes.annotate(
                str(count),
                (place, height),
                xytext=(0, 2 if above else -2),
                textcoords="offset points",
                ha="center",
                va="bottom" if above else "top",
                fontsize=8,
            )


def _worst(words: str, counts: np.ndarray, class_names: Sequence[str]) -> str:
    order = [index for index in (-counts).argsort(kind="stable")[:3] if counts[index]]
    told = [f"{class_names[index]} ({counted(int(counts[index]), 'time')})" for index in order]
    return f" {words}: {listing(told)}." if told else ""
