"""Figures of many small images: grids, samples of each class, predictions, a layer's weights."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from helpers.plotting.arrays import as_images, as_labels, as_numbers, check_same_length
from helpers.plotting.figure import Figure, PlottingError, canvas
from helpers.plotting.style import BLUE, VERMILION, counted, listing, percent

if TYPE_CHECKING:
    import numpy as np

GAP = 0.14  # between tiles, as a share of a tile's width
LINE = 0.15  # inches that a line of a tile's title takes
LETTER = 0.066  # inches that a letter of it takes, about
MOST_TILES = 400
_LEAST_WIDTH = 28  # pixels

Extent = tuple[float, float, float, float]
"""Left, right, bottom and top."""


def image_grid(
    images: Any,
    titles: Sequence[str] | None = None,
    columns: int | None = None,
    title: str = "",
) -> Figure:
    """Images side by side, each with its own title if there are any.

    Args:
        images: (n, height, width), (n, height, width, 1) or one image (height, width); 0 is black, 1 white.
        titles: n short texts.
        columns: images in a row; at most ten if not given.
    """
    pictures = as_images(images)
    names = [] if titles is None else [str(name) for name in titles]  # an array of names has no truth value
    if titles is not None:
        check_same_length(pictures, names, "images", "titles")
    columns = _columns(columns, len(pictures), 10)
    figure, axes, _ = _tiles(pictures, names, columns, title)
    axes.set_axis_off()
    rows = -(-len(pictures) // columns)
    grid = f" in {rows} rows of up to {columns}" if rows > 1 else ""
    named = f": {listing(names)}" if names else ""
    return Figure(figure, _told(title, f"{counted(len(pictures), 'image')}{grid}{named}."))


def samples(
    x: Any,
    y: Any,
    class_names: Sequence[str],
    per_class: int = 8,
    seed: int = 0,
    title: str = "Samples of each class",
) -> Figure:
    """A row of randomly chosen images for every class; a class that has fewer shows all it has.

    Args:
        x: (n, height, width) or (n, height, width, 1), values from 0 to 1.
        y: (n,) class indices from 0.
        class_names: a name for each index.
        per_class: images in a row.
        seed: another seed, other samples.
    """
    import numpy as np

    pictures, labels = as_images(x), as_labels(y, class_names)
    check_same_length(pictures, labels, "images", "labels")
    if not 1 <= per_class <= MOST_TILES // len(class_names):
        most = MOST_TILES // len(class_names)
        raise PlottingError(f"per_class is {per_class}; for {len(class_names)} classes choose 1 to {most}.")
    random = np.random.default_rng(seed)
    shown = np.full((len(class_names) * per_class, *pictures.shape[1:]), np.nan)  # not a number leaves a gap
    for index in range(len(class_names)):
        members = random.permutation(np.flatnonzero(labels == index))[:per_class]
        shown[index * per_class : index * per_class + len(members)] = pictures[members]
    figure, axes, extents = _tiles(shown, [], per_class, title, tile=0.62)
    axes.set_yticks([(bottom + top) / 2 for _, _, bottom, top in extents[::per_class]], class_names)
    axes.set(xticks=[], ylabel="class", xlabel=f"{per_class} images of each class, chosen at random")
    axes.tick_params(length=0)
    axes.spines[:].set_visible(False)
    rows = f"{len(class_names)} rows of up to {per_class} images, a row for each class"
    return Figure(figure, _told(title, f"{rows}: {listing(class_names)}."))


def predictions(
    images: Any,
    truth: Any,
    predicted: Any,
    probabilities: Any = None,
    class_names: Sequence[str] = tuple("0123456789"),
    columns: int | None = None,
    title: str = "Predictions",
) -> Figure:
    """Images with what a model takes them for; right and wrong differ by sign, words, frame and colour.

    Args:
        images: (n, height, width) or (n, height, width, 1), values from 0 to 1.
        truth, predicted: (n,) class indices.
        probabilities: (n, classes) or (n,): how sure the model is; optional.
        class_names: a name for each index.
        columns: images in a row; at most eight, fewer with long names, if not given.
    """
    pictures = as_images(images)
    true, said = as_labels(truth, class_names), as_labels(predicted, class_names)
    check_same_length(pictures, true, "images", "true labels")
    check_same_length(pictures, said, "images", "predictions")
    sure = _confidence(probabilities, said)
    texts = []
    for index, (actual, guess) in enumerate(zip(true, said, strict=True)):
        answer = class_names[guess] + ("" if sure is None else f", {percent(sure[index], 0)}")
        texts.append(f"✓ {answer}" if actual == guess else f"✗ {answer}\nis {class_names[actual]}")
    longest = max(len(line) for text in texts for line in text.split("\n"))
    tile = max(1.0, longest * LETTER)
    columns = _columns(columns, len(pictures), int(8 / tile))
    figure, axes, extents = _tiles(pictures, texts, columns, title, tile=tile)
    axes.set_axis_off()
    for extent, correct in zip(extents, true == said, strict=True):
        _mark(axes, extent, correct)
    wrong = [
        f"{class_names[a]} taken for {class_names[g]}" for a, g in zip(true, said, strict=True) if a != g
    ]
    told = f" Wrong: {listing(wrong)}." if wrong else ""
    right = len(pictures) - len(wrong)
    count = f"{counted(len(pictures), 'image')}, {right} predicted right and {len(wrong)} wrong."
    return Figure(figure, _told(title, count + told))


def mistakes(
    images: Any,
    truth: Any,
    probabilities: Any,
    class_names: Sequence[str] = tuple("0123456789"),
    count: int = 16,
    title: str = "",
) -> Figure:
    """The mistakes that a model was surest of, the surest first.

    Args:
        images: (n, height, width) or (n, height, width, 1), values from 0 to 1.
        truth: (n,) class indices.
        probabilities: (n, classes), as a network with softmax predicts them.
        class_names: a name for each index.
        count: how many to show at most.

    Raises:
        PlottingError: if there are no mistakes, or the arrays don't belong together.
    """
    import numpy as np

    pictures, true = as_images(images), as_labels(truth, class_names)
    table = as_numbers(probabilities, "probabilities")
    check_same_length(pictures, true, "images", "true labels")
    check_same_length(pictures, table, "images", "rows of probabilities")
    if table.ndim != 2 or table.shape[1] != len(class_names) or count < 1:
        raise PlottingError(
            f"Probabilities of the shape (n, {len(class_names)}) and a count of at least 1 are needed; these "
            f"have the shape {table.shape}, and count is {count}."
        )
    said = table.argmax(axis=1)
    wrong = np.flatnonzero(said != true)
    if not len(wrong):
        raise PlottingError("Every prediction is right: there is no mistake to show.")
    surest = wrong[np.argsort(-table[wrong].max(axis=1), kind="stable")][:count]
    title = title or f"The {len(surest)} surest of {counted(len(wrong), 'mistake')}"
    return predictions(pictures[surest], true[surest], said[surest], table[surest], class_names, title=title)


def weights_as_images(
    kernel: Any,
    units: int = 16,
    shape: tuple[int, int] = (28, 28),
    title: str = "Weights of the first units, seen as images",
) -> Figure:
    """The weights of a dense layer's first units, each as the image with which it multiplies the pixels.

    Args:
        kernel: (pixels, units), as `layer.kernel` has it.
        units: how many to show.
        shape: height and width of the images that the layer sees flattened.
    """
    import numpy as np

    weights = as_numbers(kernel, "weights")
    if weights.ndim != 2 or weights.shape[0] != shape[0] * shape[1]:
        raise PlottingError(
            f"For images of {shape[0]} × {shape[1]} pixels a kernel of the shape ({shape[0] * shape[1]}, "
            "units) is "
            f"needed; this has the shape {weights.shape}. Take the kernel of the first dense layer."
        )
    shown = weights[:, : max(units, 1)].T.reshape(-1, *shape)
    limit = float(np.abs(shown).max()) or 1.0
    names = [f"unit {number}" for number in range(len(shown))]
    look = {"cmap": "cividis", "vmin": -limit, "vmax": limit}
    figure, axes, _ = _tiles(shown, names, _columns(None, len(shown), 8), title, tile=0.95, **look)
    axes.set_axis_off()
    figure.colorbar(axes.images[0], ax=axes, label="weight (no unit)", shrink=0.8)
    alt = (
        f"{counted(len(shown), 'image')} of {shape[0]} by {shape[1]} weights, from {-limit:.2f} (dark blue) "
        f"through 0 (grey) to {limit:.2f} (yellow)."
    )
    return Figure(figure, _told(title, alt))


def _tiles(
    pictures: np.ndarray, titles: Sequence[str], columns: int, title: str, tile: float = 0.8, **look: Any
) -> tuple[Any, Any, list[Extent]]:
    """All images in one pair of axes, each a tile one unit wide: many times faster than axes for each.

    Args:
        tile: inches that a tile is wide.
        look: further options of imshow.

    Returns:
        The figure, its axes, and where each image is: left, right, bottom, top.
    """
    times = -(-_LEAST_WIDTH // pictures.shape[2])  # larger, the gap can have its width in whole pixels
    large = pictures.repeat(times, axis=1).repeat(times, axis=2)
    aspect, unit = large.shape[1] / large.shape[2], large.shape[2]
    space = round(GAP * unit)
    gap = space / unit
    lines = [_side_by_side(large[at : at + columns], space) for at in range(0, len(large), columns)]
    most = max((text.count("\n") + 1 for text in titles), default=0)
    head = (most * LINE + 0.05) / tile if most else 0.0
    across, down = 1 + gap, aspect + gap + head
    options = {"cmap": "gray", "vmin": 0, "vmax": 1, "interpolation": "nearest", **look}
    width = max(columns * across * tile + 0.3, 3.2)
    height = len(lines) * down * tile + (0.45 if title else 0.2)
    extents = []
    for index in range(len(pictures)):
        x, y = index % columns * across, index // columns * down + head
        extents.append((x, x + 1, y + aspect, y))
    with canvas(width, height) as (figure, axes):
        for row, line in enumerate(lines):
            _, _, bottom, top = extents[row * columns]
            axes.imshow(line, extent=(0, line.shape[1] / unit, bottom, top), **options)
        for text, (left, _, _, top) in zip(titles, extents, strict=False):
            axes.text(left + 0.5, top - 0.05, text, ha="center", va="bottom", fontsize=8.5, linespacing=1.05)
        axes.set(xlim=(-gap / 2, columns * across - gap / 2), ylim=(len(lines) * down - gap / 2, -gap / 2))
        axes.set_aspect("equal")
        if title:
            figure.suptitle(title)
    return figure, axes, extents


def _side_by_side(pictures: np.ndarray, space: int) -> np.ndarray:
    """Images (n, height, width) as one, which is drawn faster; gaps so many pixels wide hold no numbers."""
    import numpy as np

    gap = np.full((len(pictures), pictures.shape[1], space), np.nan)
    line = np.concatenate([pictures, gap], axis=2).transpose(1, 0, 2).reshape(pictures.shape[1], -1)
    return line[:, :-space]


def place_tiles(
    axes: Any,
    tiles: Sequence[np.ndarray],
    columns: int,
    first_row: int = 0,
    rows: int | None = None,
    **look: Any,
) -> None:
    """Images side by side in axes that are there already, with a y tick at the middle of each row.

    Args:
        tiles: one or more images of one aspect.
        first_row: where they begin; rows above it were placed by earlier calls.
        rows: of all tiles in these axes; by default as many as these take.
        look: options of imshow.
    """
    aspect = tiles[0].shape[0] / tiles[0].shape[1]
    across, down = 1 + GAP, aspect + GAP
    total = rows or -(-len(tiles) // columns)
    for index, tile in enumerate(tiles):
        x, y = index % columns * across, (first_row + index // columns) * down
        axes.imshow(tile, extent=(x, x + 1, y + aspect, y), interpolation="nearest", **look)
    axes.set(xlim=(-GAP, columns * across), ylim=(total * down, -GAP), xticks=[])
    axes.set_yticks([row * down + aspect / 2 for row in range(total)], [""] * total)
    axes.set_aspect("equal")
    axes.tick_params(length=0)
    axes.spines[:].set_visible(False)


def _mark(axes: Any, extent: Sequence[float], right: bool) -> None:
    """A thin frame around what is right, a thick dashed one around what is wrong."""
    from matplotlib.patches import Rectangle

    left, end, bottom, top = extent
    frame = Rectangle((left, top), end - left, bottom - top, facecolor="none", clip_on=False)
    if right:
        frame.set(edgecolor=BLUE, linewidth=1)
    else:
        frame.set(edgecolor=VERMILION, linewidth=3, linestyle="--")
    axes.add_patch(frame)


def _columns(columns: int | None, count: int, most: int) -> int:
    if count > MOST_TILES:
        raise PlottingError(
            f"{count} images are too many for a figure. Choose up to {MOST_TILES}, such as x[:50]."
        )
    if columns is not None and columns < 1:
        raise PlottingError(f"columns is {columns}; choose at least 1.")
    return min(columns or most, count)


def _confidence(probabilities: Any, predicted: np.ndarray) -> np.ndarray | None:
    """The probability of each predicted class, from (n, classes) or (n,)."""
    if probabilities is None:
        return None
    array = as_numbers(probabilities, "probabilities")
    check_same_length(predicted, array, "predictions", "rows of probabilities")
    return array if array.ndim == 1 else array[range(len(array)), predicted]


def _told(title: str, text: str) -> str:
    return f"{title}. {text}" if title else text
