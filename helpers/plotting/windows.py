"""Figures of a window that moves over an image: one step of a convolution, the places it has, pooling."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from helpers.plotting.arrays import as_image, as_numbers
from helpers.plotting.figure import Figure, PlottingError, canvas
from helpers.plotting.style import ORANGE, SKY, counted, listing

if TYPE_CHECKING:
    import numpy as np

LARGEST_WITH_NUMBERS = 9  # rows or columns of a table whose numbers can be read beside two others
LARGEST_DENOMINATOR = 64
MOST_PIXELS = 16  # in a row of window_places
HATCH = "////"
SIGNED = "cividis"  # dark blue below zero, grey at zero, yellow above
WINDOW_COLOURS = (SKY, ORANGE)  # in turn; black numbers can be read on both


def convolution_step(
    image: Any,
    kernel: Any,
    row: int = 0,
    column: int = 0,
    padding: str = "valid",
    stride: int = 1,
    turned: bool = False,
    title: str = "",
) -> Figure:
    """One step of a convolution: the window on the image, its products and their sum, the output so far.

    Args:
        image: (height, width) or (height, width, 1).
        kernel: 3 × 3 weights.
        row, column: the output pixel that the window is at; those before it, in reading order, are filled in.
        padding: "valid" or "same".
        stride: pixels from one place of the window to the next.
        turned: whether the kernel is turned by 180° first (convolution) or not (correlation).
        title: a heading; says the place if not given.
    """
    import numpy as np

    from helpers.convolution import convolve2d, correlate2d

    picture, weights = as_image(image), as_numbers(kernel, "kernel")
    if weights.shape != (3, 3):
        raise PlottingError(f"A kernel of 3 × 3 weights is needed; this one's shape is {weights.shape}.")
    output = (convolve2d if turned else correlate2d)(picture, weights, padding, stride)
    if not (0 <= row < output.shape[0] and 0 <= column < output.shape[1]):
        raise PlottingError(
            f"The output has {output.shape[0]} × {output.shape[1]} pixels, so there is none in row {row}, "
            f"column {column}. Rows and columns count from 0."
        )
    used = weights[::-1, ::-1] if turned else weights
    padded, (top, left) = _padded(picture, padding, stride)
    window = padded[row * stride : row * stride + 3, column * stride : column * stride + 3]
    done = np.arange(output.size).reshape(output.shape) <= row * output.shape[1] + column
    words = {
        "image": f"image, {picture.shape[0]} × {picture.shape[1]}",
        "kernel": "kernel, turned" if turned else "kernel",
        "output": f"output, {output.shape[0]} × {output.shape[1]}",
    }
    with canvas(10, 3.7, 1, 3, width_ratios=(1, 1.5, 1)) as (figure, (left_axes, middle, right_axes)):
        _draw_padded(left_axes, padded, (top, left), picture.shape)
        grown = f", padded to {len(padded)} × {padded.shape[1]}" if padded.size > picture.size else ""
        left_axes.set_title(words["image"] + grown)
        _frame(left_axes, column * stride, row * stride, 3)
        _draw_work(middle, window, used, words["kernel"], (row, column))
        limit = float(np.abs(output).max()) or 1.0
        _draw_signed(right_axes, np.where(done, output, np.nan), limit)
        right_axes.set_title(words["output"])
        _frame(right_axes, column, row, 1)
        figure.suptitle(title or f"One step: row {row}, column {column} of the output")
    return Figure(figure, _step_in_words(title, words, window, used, output, done, (row, column)))


def window_places(
    size: int, kernel: int = 3, padding: str = "valid", stride: int = 1, title: str = ""
) -> Figure:
    """All places that a window has along one row of an image, drawn below each other.

    Args:
        size: pixels in the row, 2 to 16.
        kernel: pixels that the window covers.
        padding: "valid" or "same".
        stride: pixels from one place to the next.
    """
    from matplotlib.patches import Rectangle

    from helpers.convolution import output_size, same_padding

    if not 2 <= size <= MOST_PIXELS:
        raise PlottingError(f"size is {size}; a row of 2 to {MOST_PIXELS} pixels can be drawn.")
    count = output_size(size, kernel, padding, stride)
    before, after = same_padding(size, kernel, stride) if padding == "same" else (0, 0)
    first, last = -before, size + after
    with canvas(8.5, 1.5 + 0.27 * count) as (figure, axes):
        for pixel in range(first, last):
            outside = not 0 <= pixel < size
            cell = Rectangle((pixel, -1), 1, 0.8, edgecolor="0.35", linewidth=0.8)
            cell.set(facecolor="none" if outside else "0.85", hatch=HATCH if outside else None)
            axes.add_patch(cell)
            _write(axes, pixel, -1.1, "0" if outside else str(pixel), "black")
        for place in range(count):
            colour = WINDOW_COLOURS[place % len(WINDOW_COLOURS)]
            start = place * stride - before
            bar = Rectangle((start + 0.08, place + 0.1), kernel - 0.16, 0.68, facecolor=colour)
            bar.set(edgecolor="black", linewidth=0.8)
            axes.add_patch(bar)
            middle = (start + kernel / 2, place + 0.45)
            axes.text(*middle, str(place), ha="center", va="center", fontsize=9, weight="bold")
        axes.set(xlim=(first - 0.6, last + 0.6), ylim=(count + 0.1, -1.2), yticks=[], xticks=[])
        axes.set_xlabel("pixels of one row (grey)" + ("; hatched: padding" if before + after else ""))
        axes.set_ylabel("output pixel")
        axes.spines[:].set_visible(False)
        heading = title or (
            f"{size} pixels, window of {kernel}, padding “{padding}”, stride {stride}: "
            f"{counted(count, 'output pixel')}"
        )
        axes.set_title(heading)
    starts = [place * stride - before for place in range(count)]
    added = f"with {before} of padding before and {after} after it" if before + after else "without padding"
    begins = listing([number_text(start) for start in starts])
    alt = f"{heading}. A row of {size} pixels {added}. The window begins at pixel {begins}."
    missed = last - (starts[-1] + kernel)
    if missed > 0:
        alt += f" {counted(missed, 'pixel')} at the end {'is' if missed == 1 else 'are'} never reached."
    return Figure(figure, alt)


def pooling_step(
    values: Any, size: int = 2, title: str = "Max pooling keeps the largest of each block"
) -> Figure:
    """A small table, cut into blocks, and the table of the largest number of each.

    Args:
        values: (height, width), at most 9 × 9.
        size: rows and columns of a block; what is left over at the end falls away.
    """
    import numpy as np

    from helpers.convolution import max_pool2d

    table = as_image(values)
    most = LARGEST_WITH_NUMBERS
    if max(table.shape) > most:
        raise PlottingError(
            f"Tables of up to {most} × {most} can be drawn; this one's shape is {table.shape}."
        )
    pooled = max_pool2d(table, size)
    limit = float(np.abs(table).max()) or 1.0
    ratios = (table.shape[1], max(pooled.shape[1], 2))
    with canvas(7.4, 3.4, 1, 2, width_ratios=ratios) as (figure, (left, right)):
        for axes, shown, name in ((left, table, "before"), (right, pooled, "after")):
            _draw_signed(axes, shown, limit)
            axes.set_title(f"{name}, {shown.shape[0]} × {shown.shape[1]}")
        for row in range(pooled.shape[0]):
            for column in range(pooled.shape[1]):
                _frame(left, column * size, row * size, size)
                block = table[row * size : (row + 1) * size, column * size : (column + 1) * size]
                down, across = np.unravel_index(int(block.argmax()), block.shape)
                _circle(left, column * size + int(across), row * size + int(down))
        figure.suptitle(title)
    rows = [f"({', '.join(number_text(value) for value in line)})" for line in pooled]
    alt = (
        f"{title}. Left: {table.shape[0]} × {table.shape[1]} numbers in framed blocks of {size} × {size}, "
        f"the largest of each circled. Right: these, row by row: {listing(rows)}."
    )
    return Figure(figure, alt)


def number_text(value: float) -> str:
    """At most two decimals, with a real minus sign: 3, −0.5, 0.53."""
    return f"{round(float(value), 2) + 0.0:g}".replace("-", "−")


def weight_text(value: float) -> str:
    """A weight as people write it: 2, −0.5, or as a fraction, 1/9."""
    value = float(value)
    if abs(value - round(value, 2)) < 1e-9:
        return number_text(value)
    fraction = Fraction(value).limit_denominator(LARGEST_DENOMINATOR)
    text = str(fraction) if abs(float(fraction) - value) < 1e-9 else number_text(value)
    return text.replace("-", "−")


def draw_numbers(
    axes: Any,
    values: np.ndarray,
    limit: float,
    x: float = 0,
    y: float = 0,
    words: Callable[[float], str] = weight_text,
) -> None:
    """A table of numbers from (x, y) on, one unit a cell, in the colours of signed numbers up to `limit`."""
    axes.imshow(
        values, cmap=SIGNED, vmin=-limit, vmax=limit, extent=(x, x + values.shape[1], y + values.shape[0], y)
    )
    for down, line in enumerate(values):
        for across, value in enumerate(line):
            _write(axes, x + across, y + down, words(value), "black" if value > 0.1 * limit else "white")


def _padded(picture: np.ndarray, padding: str, stride: int) -> tuple[np.ndarray, tuple[int, int]]:
    """The picture with the zeros that the padding adds; how many rows above and columns to the left."""
    from helpers.convolution import pad2d, same_padding

    if padding == "valid":
        return picture, (0, 0)
    (top, bottom), (left, right) = (same_padding(side, 3, stride) for side in picture.shape)
    return pad2d(picture, (top, bottom, left, right)), (top, left)


def _draw_padded(axes: Any, padded: np.ndarray, corner: tuple[int, int], shape: tuple[int, ...]) -> None:
    import numpy as np
    from matplotlib.patches import Rectangle

    height, width = padded.shape
    (top, left), numbers = corner, max(shape) <= LARGEST_WITH_NUMBERS
    low, high = min(0.0, float(padded.min())), float(padded.max()) or 1.0
    inside = np.full(padded.shape, np.nan)
    inside[top : top + shape[0], left : left + shape[1]] = 0
    border = Rectangle((0, 0), width, height, facecolor="white", edgecolor="0.6", linewidth=0)
    border.set(hatch=HATCH, zorder=-1)
    axes.add_patch(border)
    axes.imshow(padded + inside, cmap="gray", vmin=low, vmax=high, extent=(0, width, height, 0))
    if numbers:
        for down in range(height):
            for across in range(width):
                value, known = padded[down, across], not np.isnan(inside[down, across])
                bright = not known or (value - low) / (high - low) > 0.5
                _write(axes, across, down, number_text(value), "black" if bright else "white")
    _label(axes, padded.shape, shape, corner)


def _draw_signed(axes: Any, values: np.ndarray, limit: float) -> None:
    """A table in the colours of signed numbers; what is not a number stays white."""
    import numpy as np

    height, width = values.shape
    axes.imshow(values, cmap=SIGNED, vmin=-limit, vmax=limit, extent=(0, width, height, 0))
    if max(height, width) <= LARGEST_WITH_NUMBERS:
        for down, across in np.argwhere(np.isfinite(values)):
            value = values[down, across]
            _write(axes, across, down, number_text(value), "black" if value > 0.1 * limit else "white")
    _label(axes, values.shape, values.shape)
    axes.spines[:].set_visible(True)


def _draw_work(
    axes: Any, window: np.ndarray, used: np.ndarray, kernel_name: str, place: tuple[int, int]
) -> None:
    """Three tables in a row, pixels × kernel = products, and below them the sum written out."""
    import numpy as np

    products = window * used
    _draw_grey(axes, window)
    draw_numbers(axes, used, float(np.abs(used).max()) or 1.0, x=4)
    draw_numbers(axes, products, float(np.abs(products).max()) or 1.0, x=8, words=number_text)
    for x, name in ((0, "pixels"), (4, kernel_name), (8, "products")):
        axes.text(x + 1.5, -0.25, name, ha="center", va="bottom", fontsize=10)
        for line in range(4):
            axes.plot((x, x + 3), (line, line), color="0.5", linewidth=0.6)
            axes.plot((x + line, x + line), (0, 3), color="0.5", linewidth=0.6)
    axes.text(3.5, 1.5, "×", ha="center", va="center", fontsize=13)
    axes.text(7.5, 1.5, "=", ha="center", va="center", fontsize=13)
    for index, words in enumerate(_sum_lines(window, used)):
        axes.text(0, 3.75 + 0.75 * index, words, va="center", fontsize=9)
    total = f"sum {_equals(products)} {number_text(products.sum())}"
    axes.text(3.6, 6.2, f"output row {place[0]}, column {place[1]}", va="center", fontsize=9.5)
    axes.text(0, 6.2, total, va="center", fontsize=11, weight="bold")
    axes.set(xlim=(-0.1, 11.1), ylim=(6.8, -1.1))
    axes.set_aspect("equal")
    axes.set_axis_off()


def _draw_grey(axes: Any, window: np.ndarray) -> None:
    """The pixels under the window, from the darkest to the brightest of them."""
    low, high = min(0.0, float(window.min())), max(float(window.max()), 1e-9)
    axes.imshow(window, cmap="gray", vmin=low, vmax=high, extent=(0, 3, 3, 0))
    for down, line in enumerate(window):
        for across, value in enumerate(line):
            bright = (value - low) / (high - low) > 0.5
            _write(axes, across, down, number_text(value), "black" if bright else "white")


def _sum_lines(window: np.ndarray, used: np.ndarray) -> list[str]:
    """ "0·(−1) + 0.53·0 + 1·1", for each row of the kernel."""
    lines = []
    for pixels, weights in zip(window, used, strict=True):
        terms = []
        for pixel, weight in zip(pixels, weights, strict=True):
            words = weight_text(weight)
            terms.append(f"{number_text(pixel)}·{f'({words})' if words.startswith('−') else words}")
        lines.append(" + ".join(terms))
    return [lines[0], *(f"+ {line}" for line in lines[1:])]


def _equals(products: np.ndarray) -> str:
    return "=" if all(abs(value - round(float(value), 2)) < 1e-9 for value in products.ravel()) else "≈"


def _step_in_words(
    title: str,
    words: dict[str, str],
    window: np.ndarray,
    used: np.ndarray,
    output: np.ndarray,
    done: np.ndarray,
    place: tuple[int, int],
) -> str:
    numbers = [number_text(value) for value in window.ravel()]
    weights = [weight_text(value) for value in used.ravel()]
    total = (window * used).sum()
    return (
        f"{f'{title}. ' if title else ''}A window of 3 × 3 on an {words['image']}. Pixels under it, row by "
        f"row: {listing(numbers)}. {words['kernel'].capitalize()}: {listing(weights)}. The products add "
        f"up to {number_text(total)}: pixel ({place[0]}, {place[1]}) of the {words['output']}, of which "
        f"{int(done.sum())} of {output.size} pixels are filled in."
    )


def _write(axes: Any, x: float, y: float, text: str, colour: str) -> None:
    axes.text(x + 0.5, y + 0.5, text, ha="center", va="center", fontsize=9, color=colour)


def _label(
    axes: Any, drawn: tuple[int, ...], shape: tuple[int, ...], corner: tuple[int, int] = (0, 0)
) -> None:
    """Rows and columns numbered as in the array, which begins at `corner` of what is drawn."""
    step = max(1, max(shape) // 7)
    rows, columns = range(0, shape[0], step), range(0, shape[1], step)
    axes.set_xticks([corner[1] + column + 0.5 for column in columns], [str(column) for column in columns])
    axes.set_yticks([corner[0] + row + 0.5 for row in rows], [str(row) for row in rows])
    axes.set(xlabel="column", ylabel="row", xlim=(0, drawn[1]), ylim=(drawn[0], 0))
    axes.tick_params(length=0)


def _frame(axes: Any, x: float, y: float, side: float) -> None:
    """An orange frame that can be seen on black and on white."""
    from matplotlib.patches import Rectangle

    for colour, width in (("black", 4.2), (ORANGE, 2.4)):
        frame = Rectangle((x, y), side, side, facecolor="none", edgecolor=colour, linewidth=width)
        frame.set_clip_on(False)
        axes.add_patch(frame)


def _circle(axes: Any, x: float, y: float) -> None:
    from matplotlib.patches import Circle

    axes.add_patch(Circle((x + 0.5, y + 0.5), 0.38, facecolor="none", edgecolor=ORANGE, linewidth=2))
