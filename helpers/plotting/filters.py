"""Figures of kernels as tables of numbers, and of what they make of images."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from helpers.plotting.arrays import as_images, as_numbers, check_same_length
from helpers.plotting.figure import Figure, PlottingError, canvas
from helpers.plotting.style import counted, listing
from helpers.plotting.windows import SIGNED, draw_numbers, number_text, weight_text

if TYPE_CHECKING:
    import numpy as np

MOST_KERNELS = 12
KERNELS_IN_A_ROW = 5
MOST_COLUMNS, MOST_ROWS = 8, 6
GAP = 0.12  # between tiles, as a share of a tile's width
TILE = 1.15  # inches


def kernel_tables(kernels: Mapping[str, Any], title: str = "Kernels") -> Figure:
    """Kernels as tables of numbers, each in its own colours: dark blue below 0, grey at 0, yellow above.

    Args:
        kernels: by name, tables of (rows, columns) weights, all of one shape.
    """
    import numpy as np

    tables = {name: as_numbers(values, f"kernel {name!r}") for name, values in kernels.items()}
    shapes = {table.shape for table in tables.values()}
    if not 1 <= len(tables) <= MOST_KERNELS or len(shapes) != 1 or len(next(iter(shapes))) != 2:
        raise PlottingError(f"Give 1 to {MOST_KERNELS} kernels (rows, columns) of one shape.")
    high, wide = next(iter(shapes))
    columns = min(len(tables), KERNELS_IN_A_ROW)
    rows = -(-len(tables) // columns)
    with canvas(max(0.42 * columns * (wide + 1), _width_of(title)), 0.42 * rows * (high + 1.2) + 0.4) as (
        figure,
        axes,
    ):
        for index, (name, table) in enumerate(tables.items()):
            x, y = index % columns * (wide + 1), index // columns * (high + 1.2)
            draw_numbers(axes, table, float(np.abs(table).max()) or 1.0, x, y)
            axes.text(x + wide / 2, y - 0.2, name, ha="center", va="bottom", fontsize=9.5)
        axes.set(xlim=(-0.5, columns * (wide + 1) - 0.5), ylim=(rows * (high + 1.2) - 0.9, -1))
        axes.set_aspect("equal")
        axes.set_axis_off()
        figure.suptitle(title)
    told = [f"{name}: {_rows_in_words(table)}" for name, table in tables.items()]
    what = f"{counted(len(tables), 'table')} of {high} by {wide} weights"
    return Figure(figure, f"{title}. {what}. {'; '.join(told)}.")


def responses(images: Any, outputs: Mapping[str, Any], title: str = "What kernels make of images") -> Figure:
    """Images and, beside each, what was computed from it. Smaller outputs are drawn smaller.

    Outputs with negative values are drawn in dark blue (below 0), grey (0) and yellow (above), others from
    black (0) to white; each column has a scale of its own, which stands below it.

    Args:
        images: (n, height, width) or (n, height, width, 1), or one image; at most 6.
        outputs: by name, (n, rows, columns) for the same images, or (rows, columns) for one; at most 7.
    """
    pictures = as_images(images)
    given = {name: as_images(values) for name, values in outputs.items()}
    if not 1 <= len(given) < MOST_COLUMNS or len(pictures) > MOST_ROWS:
        raise PlottingError(f"1 to {MOST_COLUMNS - 1} outputs of at most {MOST_ROWS} images can be drawn.")
    for name, values in given.items():
        check_same_length(pictures, values, "images", f"outputs “{name}”")
    columns = {"image": pictures, **given}
    rows, pitch = len(pictures), 1 + GAP
    aspect = pictures.shape[1] / pictures.shape[2]
    width = max(TILE * pitch * len(columns) + 0.3, _width_of(title))
    height = TILE * (aspect + GAP) * rows + 1.15
    with canvas(width, height) as (figure, axes):
        for column, (name, values) in enumerate(columns.items()):
            _draw_column(axes, values, column * pitch, aspect, pictures.shape[2])
            axes.text(column * pitch + 0.5, -0.07, name, ha="center", va="bottom", fontsize=9.5)
            size = f"{values.shape[1]} × {values.shape[2]}\n{_scale_in_words(values)}"
            axes.text(column * pitch + 0.5, rows * (aspect + GAP), size, ha="center", va="top", fontsize=8.5)
        axes.set(xlim=(-GAP, len(columns) * pitch), ylim=(rows * (aspect + GAP) + 0.42, -0.3))
        axes.set_aspect("equal")
        axes.set_axis_off()
        figure.suptitle(title)
    told = [
        f"{name}: {values.shape[1]} by {values.shape[2]} pixels, {_scale_in_words(values)}"
        for name, values in given.items()
    ]
    beside = "it" if rows == 1 else "each"
    return Figure(figure, f"{title}. {counted(rows, 'image')}, and beside {beside}: {listing(told)}.")


def _draw_column(axes: Any, values: np.ndarray, x: float, aspect: float, full_width: int) -> None:
    """One below the other, each in the middle of its tile, as wide as its share of the image's pixels."""
    low, high = _limits(values)
    look = {"cmap": SIGNED if low < 0 else "gray", "vmin": low, "vmax": high, "interpolation": "nearest"}
    wide, tall = values.shape[2] / full_width, values.shape[1] / full_width
    for row, picture in enumerate(values):
        left, top = x + (1 - wide) / 2, row * (aspect + GAP) + (aspect - tall) / 2
        axes.imshow(picture, extent=(left, left + wide, top + tall, top), **look)


def _limits(values: np.ndarray) -> tuple[float, float]:
    """The scale of a column: from 0 if nothing is negative, else as far below 0 as above."""
    largest = max(abs(float(values.min())), abs(float(values.max()))) or 1.0
    return (-largest if values.min() < -1e-9 else 0.0), largest


def _scale_in_words(values: np.ndarray) -> str:
    low, high = _limits(values)
    return f"{number_text(low)} to {number_text(high)}"


def _rows_in_words(table: np.ndarray) -> str:
    return ", ".join(f"({', '.join(weight_text(value) for value in line)})" for line in table)


def _width_of(title: str) -> float:
    """Inches that a heading takes."""
    return 0.095 * len(title) + 0.4
