"""Bar charts: how many images a class has, softmax, and the probabilities of one prediction."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from helpers.plotting.figure import Figure, PlottingError, canvas
from helpers.plotting.images import _numbers, as_labels
from helpers.plotting.style import BLUE, ORANGE, PALE, SERIES, VERMILION, percent, thousands

HATCHES = ("", "//", "..", "xx")


def class_balance(y: Any, class_names: Sequence[str], title: str = "Images in each class") -> Figure:
    """How many images each class has.

    Args:
        y: (n,) class indices; or a mapping from a split's name to its class indices, such as
            {"training": y_train, "test": y_test}. Several splits are drawn as shares, to be comparable.
        class_names: a name for each index.
    """
    import numpy as np

    splits = {name: as_labels(labels, class_names) for name, labels in (y if isinstance(y, Mapping) else {"": y}).items()}
    if not splits or not all(len(labels) for labels in splits.values()):
        raise PlottingError("There are no labels to count. Give at least one for each split.")
    counts = {name: np.bincount(labels, minlength=len(class_names)) for name, labels in splits.items()}
    several = len(splits) > 1
    place = np.arange(len(class_names))
    wide = 0.8 / len(splits)
    with canvas(max(5.5, 0.34 * len(class_names) * len(splits) + 2), 3.4) as (figure, axes):
        for number, (name, count) in enumerate(counts.items()):
            height = 100 * count / count.sum() if several else count
            axes.bar(
                place + (number - (len(splits) - 1) / 2) * wide,
                height,
                wide,
                color=SERIES[number % len(SERIES)],
                edgecolor="white",
                hatch=HATCHES[number % len(HATCHES)],
                label=f"{name} ({thousands(int(count.sum()))} images)" if name else None,
            )
        axes.set_xticks(place, class_names)
        axes.set(xlabel="class", ylabel="share of the images (%)" if several else "number of images", title=title)
        axes.axhline(100 / len(class_names) if several else len(splits.popitem()[1]) / len(class_names),
                     color="0.3", linestyle=":", linewidth=1.2, label="all classes alike")
        figure.legend(*axes.get_legend_handles_labels(), loc="outside lower center", ncols=3)
    told = " ".join(_range_of(name, count, class_names) for name, count in counts.items())
    return Figure(figure, f"{title}. A bar for each of {len(class_names)} classes. {told}")


def softmax(scores: Any, class_names: Sequence[str] | None = None, title: str = "Softmax: from scores to probabilities") -> Figure:
    """A network's last scores, and the probabilities that softmax makes of them.

    Args:
        scores: (classes,) any numbers, negative ones too.
        class_names: a name for each; by default 0, 1, 2, …
    """
    import numpy as np

    values = _vector(scores, "scores")
    names = _names(class_names, len(values))
    shares = np.exp(values - values.max())
    shares /= shares.sum()
    with canvas(9, 3.4, 1, 2) as (figure, (left, right)):
        place = np.arange(len(values))
        left.bar(place, values, color=BLUE)
        left.axhline(0, color="black", linewidth=0.8)
        left.set(xlabel="class", ylabel="score (no unit)", title="scores: any numbers")
        right.bar(place, 100 * shares, color=ORANGE, edgecolor="black", linewidth=0.6)
        right.set(xlabel="class", ylabel="probability (%)", ylim=(0, 108), title="softmax: positive, sum 100 %")
        for spot, share in zip(place, shares, strict=True):
            right.text(spot, 100 * share + 1.5, f"{100 * share:.0f}", ha="center", fontsize=8.5)
        for axes in (left, right):
            axes.set_xticks(place, names)
        figure.suptitle(title)
    best = int(values.argmax())
    alt = (
        f"{title}. Left: scores from {values.min():.2g} to {values.max():.2g}, the highest for class {names[best]}. "
        f"Right: the probabilities; {names[best]} has {percent(shares[best])}, the others share the remaining "
        f"{percent(1 - shares[best])}."
    )
    return Figure(figure, alt)


def probabilities(
    p: Any, class_names: Sequence[str], truth: int | None = None, image: Any = None, title: str = "How sure the model is"
) -> Figure:
    """One prediction: a bar for the probability of each class.

    Args:
        p: (classes,) probabilities with sum 1.
        class_names: a name for each.
        truth: index of the true class, where it is known.
        image: (height, width) or (height, width, 1), drawn beside the bars.
    """
    import numpy as np

    from helpers.plotting.images import _show, as_image

    shares = _vector(p, "probabilities")
    names = _names(class_names, len(shares))
    if shares.min() < -1e-6 or abs(shares.sum() - 1) > 1e-3:
        raise PlottingError(
            f"Probabilities are not negative and their sum is 1; these go from {shares.min():.3g} to {shares.max():.3g} "
            f"with the sum {shares.sum():.3g}. For a network's scores use plotting.softmax(scores)."
        )
    if truth is not None and not 0 <= truth < len(names):
        raise PlottingError(f"The true class {truth} has no name; it must be from 0 to {len(names) - 1}.")
    best = int(shares.argmax())
    picture = None if image is None else as_image(image)
    height = 0.27 * len(names) + 1.2
    with canvas(8.4 if picture is not None else 6, height, 1, 1 if picture is None else 2,
                width_ratios=[1] if picture is None else [1, 1.9], squeeze=False) as (figure, grid):
        if picture is not None:
            _show(grid[0][0], picture, "the image")
        axes = grid[0][-1]
        bars = axes.barh(np.arange(len(names)), 100 * shares, color=PALE, edgecolor="0.4", linewidth=0.6)
        right = truth is None or truth == best
        bars[best].set(facecolor=BLUE if right else VERMILION, hatch="" if right else "//", edgecolor="black")
        for index, share in enumerate(shares):
            notes = [percent(share)]
            notes += ["✓ predicted, and true" if truth == best else "predicted" if right else "✗ predicted"] if index == best else []
            notes += ["true"] if index == truth and index != best else []
            axes.text(100 * share + 1, index, "  ".join(notes), va="center", fontsize=8.5)
        axes.set_yticks(np.arange(len(names)), names)
        axes.invert_yaxis()
        axes.set(xlim=(0, 135), xlabel="probability (%)", ylabel="class")
        axes.set_xticks(range(0, 101, 20))
        figure.suptitle(title)
    order = np.argsort(-shares, kind="stable")[:3]
    told = ", ".join(f"{names[i]} {percent(shares[i])}" for i in order)
    verdict = "" if truth is None else f" The true class is {names[truth]}: the prediction is {'right' if truth == best else 'wrong'}."
    return Figure(figure, f"{title}. Bars of the probability of {len(names)} classes, the highest being {told}.{verdict}")


def _vector(values: Any, what: str) -> Any:
    import numpy as np

    array = _numbers(values, what)
    if array.ndim == 2 and len(array) == 1:
        array = array[0]
    if array.ndim != 1 or len(array) < 2 or not np.all(np.isfinite(array)):
        raise PlottingError(
            f"A row of {what} for one image, of shape (classes,) and finite, is needed; this has shape {array.shape}. "
            f"Of several predictions take one, such as p[0]."
        )
    return array


def _names(class_names: Sequence[str] | None, count: int) -> list[str]:
    names = [str(n) for n in range(count)] if class_names is None else [str(name) for name in class_names]
    if len(names) != count:
        raise PlottingError(f"{count} values, but {len(names)} class names: give one for each.")
    return names


def _range_of(name: str, count: Any, class_names: Sequence[str]) -> str:
    low, high = int(count.argmin()), int(count.argmax())
    who = f"{name}: " if name else ""
    total = thousands(int(count.sum()))
    if count[low] == count[high]:
        return f"{who}{total} images, {thousands(int(count[low]))} in every class."
    return (
        f"{who}{total} images; fewest in {class_names[low]} ({thousands(int(count[low]))}), "
        f"most in {class_names[high]} ({thousands(int(count[high]))})."
    )
