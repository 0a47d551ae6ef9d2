"""Figures that look into one image: its pixels as numbers, and what flattening does to them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from helpers.plotting.arrays import as_image
from helpers.plotting.figure import Figure, PlottingError, canvas
from helpers.plotting.style import ORANGE, VERMILION, counted, listing

if TYPE_CHECKING:
    import numpy as np

LARGEST_PART = 14  # more numbers than that side by side cannot be read


def pixel_values(
    image: Any,
    top: int | None = None,
    left: int | None = None,
    size: int = 9,
    title: str = "An image is a table of numbers: 0 is black, 1 is white",
) -> Figure:
    """An image, and a part of it with the number that stands in each pixel.

    Args:
        image: (height, width) or (height, width, 1), values from 0 to 1.
        top, left: first row and column of the part; by default the part with most contrast.
        size: rows and columns of the part.
    """
    picture = as_image(image)
    row, column = _part(picture, top, left, size)
    part = picture[row : row + size, column : column + size]
    with canvas(9, 4.4, 1, 2, width_ratios=(1, 1.1)) as (figure, (whole, close)):
        show_image(whole, picture, "The image")
        _frame(whole, column, row, size, size)
        close.imshow(part, vmin=0, vmax=1, cmap="gray", extent=(column, column + size, row + size, row))
        close.set_title(f"The framed part: {size} × {size} numbers")
        for down in range(size):
            for across in range(size):
                value = float(part[down, across])
                spot = (column + across + 0.5, row + down + 0.5)
                shade = "black" if value > 0.5 else "white"
                close.text(*spot, f"{value:.2f}", ha="center", va="center", fontsize=8, color=shade)
        _label_pixels(close, range(column, column + size), range(row, row + size))
        figure.suptitle(title)
    alt = (
        f"{title}. Left: an image of {picture.shape[0]} by {picture.shape[1]} pixels with a frame around "
        f"rows {row} "
        f"to {row + size - 1} and columns {column} to {column + size - 1}. Right: the framed part "
        "enlarged, with "
        f"the value written in each pixel, from {part.min():.2f} (darkest) to {part.max():.2f} (brightest)."
    )
    return Figure(figure, alt)


def flattening(
    image: Any, rows: Sequence[int] | None = None, title: str = "The same pixels in two shapes"
) -> Figure:
    """An image and the vector that flattening makes of it, with some rows marked in both.

    Args:
        image: (height, width) or (height, width, 1), values from 0 to 1.
        rows: neighbouring rows to mark; by default three with much ink near the top, such as a 5's top bar.
    """
    picture = as_image(image)
    height, width = picture.shape
    marked = top_stroke(picture) if rows is None else _neighbours(rows, height)
    with canvas(10, 3.9, 1, 2, width_ratios=(1, 2.1)) as (figure, (square, line)):
        show_image(square, picture, f"{height} × {width} pixels")
        _frame(square, 0, marked[0], width, len(marked))
        _draw_vector(line, picture, marked)
        figure.legend(*line.get_legend_handles_labels(), loc="outside lower right", ncols=2)
        figure.suptitle(title)
    bright = [int((picture[row] > 0.5).sum()) for row in marked]
    alt = (
        f"{title}. Left: an image of {height} by {width} pixels. A frame marks {_row_names(marked)}, where "
        f"{listing(bright)} bright pixels lie one above the other. Right: the same {height * width:,} "
        "values as one "
        f"line. The marked pixels are now {counted(len(marked), 'separate peak')}, {width} positions "
        "apart, between "
        f"positions {marked[0] * width} and {(marked[-1] + 1) * width - 1}."
    )
    return Figure(figure, alt)


def show_image(axes: Any, picture: np.ndarray, title: str) -> None:
    """An image with rows and columns numbered as in its array."""
    height, width = picture.shape
    axes.imshow(picture, vmin=0, vmax=1, cmap="gray", extent=(0, width, height, 0))
    axes.set_title(title)
    step = max(1, max(height, width) // 7)
    _label_pixels(axes, range(0, width, step), range(0, height, step))


def top_stroke(picture: np.ndarray, count: int = 3) -> list[int]:
    """The `count` neighbouring rows with most ink within the upper third of what is drawn."""
    import numpy as np

    inked = np.flatnonzero((picture > 0.5).any(axis=1))
    top, bottom = (int(inked[0]), int(inked[-1])) if len(inked) else (0, picture.shape[0] - 1)
    count = min(count, bottom - top + 1)
    ink = picture.sum(axis=1)
    starts = range(top, top + max(1, (bottom - top + 1) // 3 - count + 2))
    first = max(starts, key=lambda row: float(ink[row : row + count].sum()))
    return list(range(first, first + count))


def _draw_vector(axes: Any, picture: np.ndarray, marked: Sequence[int]) -> None:
    """All pixels in a line; the stretches of the marked rows framed and coloured."""
    import numpy as np

    height, width = picture.shape
    vector, position = picture.ravel(), np.arange(picture.size)
    axes.fill_between(position, vector, step="mid", color="0.45", linewidth=0, label="other rows")
    for row in marked:
        stretch = slice(row * width, (row + 1) * width)
        label = _row_names(marked) if row == marked[0] else None
        drawn = {"step": "mid", "color": VERMILION, "linewidth": 0, "label": label}
        axes.fill_between(position[stretch], vector[stretch], **drawn)
        axes.axvspan(
            stretch.start, stretch.stop, facecolor="none", edgecolor=ORANGE, linestyle=":", linewidth=1
        )
    axes.set(xlim=(0, vector.size), ylim=(0, 1.02), title=f"a vector of {vector.size:,} numbers")
    axes.set_xlabel(f"position in the vector = {width} × row + column")
    axes.set_ylabel("pixel value (0 black, 1 white)")
    axes.set_xticks(range(0, vector.size + 1, max(1, height // 7) * width))


def _part(picture: np.ndarray, top: int | None, left: int | None, size: int) -> tuple[int, int]:
    """First row and column of the part to enlarge."""
    height, width = picture.shape
    largest = min(height, width, LARGEST_PART)
    if not 2 <= size <= largest:
        raise PlottingError(f"size is {size}; for this image choose 2 to {largest} pixels.")
    busiest = _busiest(picture, size)
    row, column = busiest[0] if top is None else top, busiest[1] if left is None else left
    if not (0 <= row <= height - size and 0 <= column <= width - size):
        raise PlottingError(
            f"A part of {size} × {size} pixels from row {row} and column {column} leaves the image of "
            f"{height} × "
            f"{width} pixels. Choose top from 0 to {height - size} and left from 0 to {width - size}."
        )
    return row, column


def _busiest(picture: np.ndarray, size: int) -> tuple[int, int]:
    """Where the part with most contrast begins."""
    import numpy as np

    spread = np.lib.stride_tricks.sliding_window_view(picture, (size, size)).std(axis=(2, 3))
    row, column = np.unravel_index(int(spread.argmax()), spread.shape)
    return int(row), int(column)


def _neighbours(rows: Sequence[int], height: int) -> list[int]:
    marked = sorted(int(row) for row in rows)
    if (
        not marked
        or marked[0] < 0
        or marked[-1] >= height
        or marked != list(range(marked[0], marked[-1] + 1))
    ):
        raise PlottingError(
            f"rows is {list(rows)}; choose neighbouring rows from 0 to {height - 1}, such as (6, 7, 8)."
        )
    return marked


def _row_names(rows: Sequence[int]) -> str:
    return f"row {rows[0]}" if len(rows) == 1 else f"rows {rows[0]} to {rows[-1]}"


def _label_pixels(axes: Any, columns: range, rows: range) -> None:
    axes.set_xticks([column + 0.5 for column in columns], [str(column) for column in columns])
    axes.set_yticks([row + 0.5 for row in rows], [str(row) for row in rows])
    axes.set(xlabel="column (pixels)", ylabel="row (pixels)")
    axes.spines[:].set_visible(False)


def _frame(axes: Any, x: float, y: float, width: float, height: float) -> None:
    from matplotlib.patches import Rectangle

    frame = Rectangle((x, y), width, height, facecolor="none", clip_on=False)
    frame.set(edgecolor=ORANGE, linewidth=2.5)
    axes.add_patch(frame)
