"""Figures made of images: grids, samples of each class, pixels as numbers, flattening, predictions, weights."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from helpers.plotting.figure import Figure, PlottingError, canvas
from helpers.plotting.style import BLUE, ORANGE, VERMILION, listing, percent

if TYPE_CHECKING:
    import numpy as np

GAP = 0.14  # between tiles, as a share of a tile's width
MOST_TILES = 400


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
        columns: images in a row; by default at most ten.
        title: heading of the whole figure.
    """
    pictures = as_images(images)
    names = _titles(titles, len(pictures))
    columns = _columns(columns, len(pictures))
    figure, axes = _tiles(pictures, names, columns, title)
    axes.set_axis_off()
    rows = -(-len(pictures) // columns)
    shown = f": {listing(names)}" if titles else ""
    many = f"{len(pictures)} images in {rows} rows of {columns}" if rows > 1 else _counted(len(pictures), "image")
    return Figure(figure, _sentence(title, f"{many}{shown}."))


def samples(
    x: Any, y: Any, class_names: Sequence[str], per_class: int = 8, seed: int = 0, title: str = "Samples of each class"
) -> Figure:
    """A row of randomly chosen images for every class.

    Args:
        x: (n, height, width) or (n, height, width, 1), values from 0 to 1.
        y: (n,) class indices from 0.
        class_names: a name for each index.
        per_class: images in a row; a class that has fewer shows all it has.
        seed: another seed, other samples.
    """
    import numpy as np

    pictures, labels = as_images(x), as_labels(y, class_names)
    _same_length(pictures, labels, "images", "labels")
    if per_class < 1:
        raise PlottingError(f"per_class is {per_class}; ask for at least 1 image of each class.")
    random = np.random.default_rng(seed)
    chosen: list[int | None] = []
    for index in range(len(class_names)):
        members = np.flatnonzero(labels == index)
        picked = random.permutation(members)[:per_class].tolist()
        chosen += picked + [None] * (per_class - len(picked))
    blank = np.full(pictures.shape[1:], np.nan)
    shown = np.stack([blank if index is None else pictures[index] for index in chosen])
    figure, axes = _tiles(shown, [""] * len(shown), per_class, title, tile=0.62)
    pitch = 1 + GAP
    axes.set_yticks([(row + 0.5) * pitch - GAP / 2 for row in range(len(class_names))], class_names)
    axes.set_ylabel("class")
    axes.set_xlabel(f"{per_class} images of each, chosen at random")
    axes.set_xticks([])
    axes.tick_params(length=0)
    axes.spines[:].set_visible(False)
    return Figure(
        figure,
        _sentence(title, f"{len(class_names)} rows of {per_class} images, one row a class: {listing(class_names)}."),
    )


def pixel_values(image: Any, top: int | None = None, left: int | None = None, size: int = 9) -> Figure:
    """An image, and a part of it with the number that stands in each pixel.

    Args:
        image: (height, width) or (height, width, 1), values from 0 to 1.
        top, left: first row and column of the part; by default the part with most contrast.
        size: rows and columns of the part.
    """
    picture = as_image(image)
    height, width = picture.shape
    if not 2 <= size <= min(height, width, 14):
        raise PlottingError(f"size is {size}; choose 2 to {min(height, width, 14)} pixels for this image.")
    row, column = _busiest(picture, size)
    row, column = row if top is None else top, column if left is None else left
    if not (0 <= row <= height - size and 0 <= column <= width - size):
        raise PlottingError(
            f"A part of {size} × {size} pixels from row {row}, column {column} leaves the image of "
            f"{height} × {width} pixels. Choose top up to {height - size} and left up to {width - size}."
        )
    part = picture[row : row + size, column : column + size]
    with canvas(9, 4.4, 1, 2, width_ratios=(1, 1.25)) as (figure, (whole, close)):
        _show(whole, picture, "The image")
        _outline(whole, column, row, size, size)
        close.imshow(part, vmin=0, vmax=1, cmap="gray", extent=(column, column + size, row + size, row))
        close.set_title(f"The framed part: {size} × {size} numbers")
        for (down, across), value in _cells(part):
            shade = "black" if value > 0.5 else "white"
            spot = (column + across + 0.5, row + down + 0.5)
            close.text(*spot, f"{value:.2f}", ha="center", va="center", fontsize=8, color=shade)
        _pixel_axes(close, [column + n + 0.5 for n in range(size)], [row + n + 0.5 for n in range(size)])
        figure.suptitle("An image is a table of numbers: 0 is black, 1 is white")
    alt = (
        f"Left: an image of {height} by {width} pixels with a frame around rows {row} to {row + size - 1} and columns "
        f"{column} to {column + size - 1}. Right: the framed part enlarged, with its value written in each pixel, "
        f"from {part.min():.2f} (darkest) to {part.max():.2f} (brightest)."
    )
    return Figure(figure, alt)


def flattening(image: Any, rows: Sequence[int] | None = None, title: str = "The same pixels in two shapes") -> Figure:
    """An image and the vector that flattening makes of it, with some rows marked in both.

    Args:
        image: (height, width) or (height, width, 1), values from 0 to 1.
        rows: neighbouring rows to mark, by default the three in the upper half with most ink, such as the
            top bar of a 5.
    """
    import numpy as np

    picture = as_image(image)
    height, width = picture.shape
    marked = _marked_rows(picture, rows)
    vector = picture.ravel()
    position = np.arange(vector.size)
    with canvas(10, 3.9, 1, 2, width_ratios=(1, 2.1)) as (figure, (square, line)):
        _show(square, picture, f"{height} × {width} pixels")
        _outline(square, 0, marked[0], width, len(marked))
        line.fill_between(position, vector, step="mid", color="0.45", linewidth=0, label="other rows")
        for row in marked:
            stretch = slice(row * width, (row + 1) * width)
            line.axvspan(stretch.start, stretch.stop, facecolor="none", edgecolor=ORANGE, linestyle=":", linewidth=1)
            line.fill_between(position[stretch], vector[stretch], step="mid", color=VERMILION, linewidth=0)
        line.fill_between([], [], color=VERMILION, label=f"rows {_span(marked)}")
        line.set(xlim=(0, vector.size), ylim=(0, 1.02), title=f"a vector of {vector.size:,} numbers")
        line.set_xlabel(f"position in the vector = {width} × row + column")
        line.set_ylabel("pixel value (0 black, 1 white)")
        line.set_xticks(range(0, vector.size + 1, 4 * width))
        figure.legend(*line.get_legend_handles_labels(), loc="outside lower right", ncols=2)
        figure.suptitle(title)
    first, last = marked[0] * width, (marked[-1] + 1) * width - 1
    inked = [int((picture[row] > 0.5).sum()) for row in marked]
    alt = (
        f"Left: the image, {height} by {width} pixels, with rows {_span(marked)} framed; they touch each other and hold "
        f"{listing(inked)} bright pixels. Right: the same {vector.size} values in one line. The framed rows lie at positions "
        f"{first} to {last}, as {_counted(len(marked), 'separate bump')} {width} places apart with dark gaps between "
        "them: that they were neighbours is no longer to be seen."
    )
    return Figure(figure, _sentence(title, alt))


def predictions(
    images: Any,
    truth: Any,
    predicted: Any,
    probabilities: Any = None,
    class_names: Sequence[str] = tuple("0123456789"),
    columns: int | None = None,
    title: str = "Predictions",
) -> Figure:
    """Images with what a model takes them for; right and wrong differ by sign, words, line and colour.

    Args:
        images: (n, height, width) or (n, height, width, 1), values from 0 to 1.
        truth, predicted: (n,) class indices.
        probabilities: (n, classes) or (n,): how sure the model is; optional.
        class_names: a name for each index.
    """
    from matplotlib.patches import Rectangle

    pictures = as_images(images)
    true, said = as_labels(truth, class_names), as_labels(predicted, class_names)
    _same_length(pictures, true, "images", "true labels")
    _same_length(pictures, said, "images", "predictions")
    sure = _confidence(probabilities, said)
    texts = []
    for index, (actual, guess) in enumerate(zip(true, said, strict=True)):
        how_sure = "" if sure is None else f" {percent(sure[index], 0)}"
        right = actual == guess
        texts.append(
            f"✓ {class_names[guess]}{how_sure}" if right else f"✗ {class_names[guess]}{how_sure}\nis {class_names[actual]}"
        )
    columns = _columns(columns, len(pictures), most=8)
    figure, axes = _tiles(pictures, texts, columns, title, tile=1.0, lines=2)
    axes.set_axis_off()
    for image, actual, guess in zip(axes.images, true, said, strict=True):
        x0, x1, y1, y0 = image.get_extent()
        good = actual == guess
        frame = {"edgecolor": BLUE, "linewidth": 1.0} if good else {"edgecolor": VERMILION, "linewidth": 3, "linestyle": "--"}
        axes.add_patch(Rectangle((x0, y0), x1 - x0, y1 - y0, facecolor="none", clip_on=False, **frame))
    wrong = [(class_names[a], class_names[g]) for a, g in zip(true, said, strict=True) if a != g]
    told = f" Wrong: {listing([f'a {a} taken for {g}' for a, g in wrong])}." if wrong else ""
    alt = f"{_counted(len(pictures), 'image')} with their predictions, {len(pictures) - len(wrong)} right and {len(wrong)} wrong.{told}"
    return Figure(figure, _sentence(title, alt))


def weights_as_images(
    kernel: Any, units: int = 16, shape: tuple[int, int] = (28, 28), title: str = "What the first units look at"
) -> Figure:
    """The weights of a dense layer's first units, each seen as the image that it is multiplied with.

    Args:
        kernel: (pixels, units), as `layer.kernel` has it.
        units: how many to show.
        shape: height and width of the images that the layer sees, flattened.
    """
    import numpy as np

    weights = np.asarray(kernel, dtype=float)
    if weights.ndim != 2 or weights.shape[0] != shape[0] * shape[1]:
        raise PlottingError(
            f"A kernel of shape ({shape[0] * shape[1]}, units) is needed for images of {shape[0]} × {shape[1]} pixels; "
            f"this one has shape {weights.shape}. Take the kernel of the first dense layer."
        )
    shown = weights[:, :units].T.reshape(-1, *shape)
    limit = float(np.abs(shown).max()) or 1.0
    columns = _columns(None, len(shown), most=8)
    names = [f"unit {n}" for n in range(len(shown))]
    figure, axes = _tiles(shown, names, columns, title, tile=0.95, limits=(-limit, limit), cmap="cividis")
    axes.set_axis_off()
    figure.colorbar(axes.images[0], ax=axes, label="weight", shrink=0.8)
    alt = (
        f"The weights of {_counted(len(shown), 'unit')} as images of {shape[0]} by {shape[1]} pixels, from "
        f"{-limit:.2f} (dark blue) through 0 (grey) to {limit:.2f} (yellow)."
    )
    return Figure(figure, _sentence(title, alt))


# --------------------------------------------------------------------------- what may be drawn


def as_images(images: Any) -> np.ndarray:
    """Images as a float array (n, height, width), or a PlottingError that says what came instead."""
    import numpy as np

    array = _numbers(images, "images")
    if array.ndim in (3, 4) and array.shape[-1] == 1:
        array = array[..., 0]
    if array.ndim == 2:
        array = array[np.newaxis]
    if array.ndim != 3 or 0 in array.shape:
        raise PlottingError(
            f"Images of shape (n, height, width) or (n, height, width, 1) are needed; these have shape {array.shape}."
        )
    return array


def as_image(image: Any) -> np.ndarray:
    """One image as a float array (height, width)."""
    array = _numbers(image, "image")
    if array.ndim == 3 and array.shape[-1] == 1:
        array = array[..., 0]
    if array.ndim != 2 or 0 in array.shape:
        raise PlottingError(
            f"One image of shape (height, width) or (height, width, 1) is needed; this has shape {array.shape}. "
            "To take the first of many, write x[0]."
        )
    return array


def as_labels(labels: Any, class_names: Sequence[str]) -> np.ndarray:
    """Class indices as an integer array (n,), each of which has a name."""
    import numpy as np

    array = _numbers(labels, "labels")
    if array.ndim != 1:
        raise PlottingError(
            f"Labels of shape (n,) are needed, one class index for each image; these have shape {array.shape}. "
            "From one-hot labels or probabilities, take labels.argmax(axis=1)."
        )
    whole = array.astype(np.int64)
    if array.size and (np.any(whole != array) or whole.min() < 0 or whole.max() >= len(class_names)):
        raise PlottingError(
            f"Labels must be whole numbers from 0 to {len(class_names) - 1} for {len(class_names)} class names; "
            f"these go from {array.min():g} to {array.max():g}."
        )
    return whole


def _numbers(values: Any, what: str) -> np.ndarray:
    import numpy as np

    try:
        return np.asarray(values, dtype=float)
    except (TypeError, ValueError) as error:
        raise PlottingError(f"The {what} cannot be read as an array of numbers: {error}.") from error


def _same_length(a: Any, b: Any, what_a: str, what_b: str) -> None:
    if len(a) != len(b):
        raise PlottingError(f"{len(a)} {what_a}, but {len(b)} {what_b}: give one for each image.")


def _titles(titles: Sequence[str] | None, count: int) -> list[str]:
    if titles is None:
        return [""] * count
    if len(titles) != count:
        raise PlottingError(f"{count} images, but {len(titles)} titles: give one for each image.")
    return [str(title) for title in titles]


def _columns(columns: int | None, count: int, most: int = 10) -> int:
    if count > MOST_TILES:
        raise PlottingError(f"{count} images are too many for one figure; choose up to {MOST_TILES}, such as images[:50].")
    if columns is None:
        return min(count, most)
    if columns < 1:
        raise PlottingError(f"columns is {columns}; choose at least 1.")
    return min(columns, count)


def _confidence(probabilities: Any, predicted: np.ndarray) -> np.ndarray | None:
    """The probability of each predicted class, from (n, classes) or (n,)."""
    if probabilities is None:
        return None
    array = _numbers(probabilities, "probabilities")
    _same_length(predicted, array, "predictions", "rows of probabilities")
    return array if array.ndim == 1 else array[range(len(array)), predicted]


def _marked_rows(picture: np.ndarray, rows: Sequence[int] | None) -> list[int]:
    height = picture.shape[0]
    if rows is None:
        count = min(3, height)
        ink = picture.sum(axis=1)
        starts = range(max(1, height // 2 - count + 1))
        first = max(starts, key=lambda row: float(ink[row : row + count].sum()))
        return list(range(first, first + count))
    marked = sorted(int(row) for row in rows)
    if not marked or marked[0] < 0 or marked[-1] >= height or marked != list(range(marked[0], marked[-1] + 1)):
        raise PlottingError(f"rows is {list(rows)}; choose neighbouring rows from 0 to {height - 1}, such as (6, 7, 8).")
    return marked


def _busiest(picture: np.ndarray, size: int) -> tuple[int, int]:
    """Top left corner of the part with most contrast."""
    spots = [
        (row, column) for row in range(picture.shape[0] - size + 1) for column in range(picture.shape[1] - size + 1)
    ]
    return max(spots, key=lambda spot: float(picture[spot[0] : spot[0] + size, spot[1] : spot[1] + size].std()))


# --------------------------------------------------------------------------- drawing


def _tiles(
    pictures: np.ndarray,
    titles: Sequence[str],
    columns: int,
    title: str,
    tile: float = 0.8,
    lines: int = 1,
    limits: tuple[float, float] = (0, 1),
    cmap: str = "gray",
) -> tuple[Any, Any]:
    """All images in one pair of axes, each a tile one unit wide: many times faster than axes for each."""
    titled = any(titles)
    aspect = pictures.shape[1] / pictures.shape[2]
    head = (0.3 * lines / tile) * 0.62 if titled else 0.0
    across, down = 1 + GAP, aspect + GAP + head
    rows = -(-len(pictures) // columns)
    width = max(columns * across * tile + 0.3, 3.2)
    with canvas(width, rows * down * tile + (0.45 if title else 0.1) + 0.1) as (figure, axes):
        for index, (picture, text) in enumerate(zip(pictures, titles, strict=True)):
            row, column = divmod(index, columns)
            x, y = column * across, row * down + head
            extent = (x, x + 1, y + aspect, y)
            axes.imshow(picture, extent=extent, cmap=cmap, vmin=limits[0], vmax=limits[1], interpolation="nearest")
            if text:
                axes.text(x + 0.5, y - 0.05, text, ha="center", va="bottom", fontsize=8.5, linespacing=1.05)
        axes.set(xlim=(-GAP / 2, columns * across - GAP / 2), ylim=(rows * down - GAP / 2, -GAP / 2))
        axes.set_aspect("equal")
        if title:
            figure.suptitle(title)
    return figure, axes


def _show(axes: Any, picture: np.ndarray, title: str) -> None:
    height, width = picture.shape
    axes.imshow(picture, vmin=0, vmax=1, cmap="gray", extent=(0, width, height, 0))
    axes.set_title(title)
    step = max(1, height // 7)
    _pixel_axes(axes, [n + 0.5 for n in range(0, width, step)], [n + 0.5 for n in range(0, height, step)])


def _pixel_axes(axes: Any, xs: Sequence[float], ys: Sequence[float]) -> None:
    axes.set_xticks(xs, [f"{int(x)}" for x in xs])
    axes.set_yticks(ys, [f"{int(y)}" for y in ys])
    axes.set(xlabel="column (pixels)", ylabel="row (pixels)")
    axes.spines[:].set_visible(False)


def _outline(axes: Any, x: float, y: float, width: float, height: float) -> None:
    from matplotlib.patches import Rectangle

    frame = Rectangle((x, y), width, height, facecolor="none", edgecolor=ORANGE, linewidth=2.5, clip_on=False)
    axes.add_patch(frame)


def _cells(part: np.ndarray) -> list[tuple[tuple[int, int], float]]:
    return [((row, column), float(part[row, column])) for row in range(part.shape[0]) for column in range(part.shape[1])]


def _span(rows: Sequence[int]) -> str:
    return f"{rows[0]}" if len(rows) == 1 else f"{rows[0]} to {rows[-1]}"


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"


def _sentence(title: str, text: str) -> str:
    return f"{title.rstrip('.')}. {text}" if title else text
