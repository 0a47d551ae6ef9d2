"""What layers have learned: the kernels of a convolution as images, and how weights are spread."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from helpers.plotting.arrays import as_numbers
from helpers.plotting.figure import Figure, PlottingError, canvas
from helpers.plotting.style import BLUE, counted, listing
from helpers.plotting.tiles import place_tiles

if TYPE_CHECKING:
    import numpy as np

MOST_LAYERS = 8


def kernels(
    trained: Any,
    untrained: Any = None,
    filters: int = 16,
    channels: int = 6,
    title: str = "Kernels of a convolution",
) -> Figure:
    """The kernels of a convolution as images, beside what they were before training.

    With one input channel, a tile for each kernel. With several, a column for each kernel and a row for each
    of its channels.

    Args:
        trained: (height, width, channels, filters), as `layer.kernel` has it.
        untrained: the same before training; left away, only the trained ones are drawn.
        filters: how many kernels to show at most.
        channels: how many channels of each at most.
    """
    import numpy as np

    after = _kernel(trained)
    before = None if untrained is None else _kernel(untrained)
    if before is not None and before.shape != after.shape:
        raise PlottingError(
            f"The kernels have the shape {after.shape} with training and {before.shape} without: "
            "take both from the same layer."
        )
    panels = {"trained": after} if before is None else {"untrained": before, "trained": after}
    shown = {name: kernel[:, :, : max(channels, 1), : max(filters, 1)] for name, kernel in panels.items()}
    limit = max(float(np.abs(kernel).max()) for kernel in shown.values()) or 1.0
    high, wide, deep, count = next(iter(shown.values())).shape
    columns = min(count, 8 if deep > 1 else 4 if len(panels) > 1 else 8)
    rows = deep if deep > 1 else -(-count // columns)
    size = (min(0.5 * columns * len(panels) + 1.6, 10), 0.5 * rows * high / wide + 1.0)
    with canvas(*size, 1, len(panels), squeeze=False) as (figure, grid):
        for axes, (name, kernel) in zip(grid[0], shown.items(), strict=True):
            tiles = _tiles_of(kernel, columns)
            place_tiles(axes, tiles, columns, cmap="cividis", vmin=-limit, vmax=limit)
            axes.set_title(name)
            if deep > 1:
                axes.set(xlabel="kernel", ylabel="its channel")
            else:
                axes.set_axis_off()
        figure.colorbar(grid[0][-1].images[0], ax=list(grid[0]), label="weight (no unit)", shrink=0.85)
        figure.suptitle(title)
    each = f"{counted(min(count, columns) if deep > 1 else count, 'kernel')} of {high} by {wide} weights"
    depth = f", {deep} of the {after.shape[2]} channels of each" if deep > 1 else ""
    spread = [f"{name} from {kernel.min():.2f} to {kernel.max():.2f}" for name, kernel in shown.items()]
    alt = f"{title}. {each}{depth}, {listing(spread)}; dark blue is below 0, grey is 0, yellow is above 0."
    return Figure(figure, alt)


def weight_histograms(
    trained: Mapping[str, Any],
    untrained: Mapping[str, Any] | None = None,
    title: str = "How the weights of each layer are spread",
) -> Figure:
    """A histogram of each layer's weights, over the one from before training.

    Args:
        trained: weights by the name of their layer, of any shape.
        untrained: the same before training.
    """
    import numpy as np

    if not 1 <= len(trained) <= MOST_LAYERS:
        raise PlottingError(f"{len(trained)} layers were given; 1 to {MOST_LAYERS} can be drawn.")
    after = {name: as_numbers(weights, "weights").ravel() for name, weights in trained.items()}
    before = {name: as_numbers(weights, "weights").ravel() for name, weights in (untrained or {}).items()}
    if before and before.keys() != after.keys():
        raise PlottingError(f"The layers differ: {listing(list(after))} and {listing(list(before))}.")
    columns = min(len(after), 4)
    rows = -(-len(after) // columns)
    told = []
    with canvas(2.35 * columns + 0.3, 2.15 * rows + 0.8, rows, columns, squeeze=False) as (figure, grid):
        for axes, (name, weights) in zip(grid.flat, after.items(), strict=False):
            pair = [before[name], weights] if before else [weights]
            edges = np.histogram_bin_edges(np.concatenate(pair), bins=30)
            if before:
                look = {"color": "0.35", "linestyle": "--", "linewidth": 1.2}
                axes.stairs(_shares(before[name], edges), edges, label="untrained", **look)
            axes.stairs(_shares(weights, edges), edges, label="trained", color=BLUE, fill=True, alpha=0.55)
            axes.set(title=f"{name} ({weights.size:,})", xlabel="weight", ylabel="share (%)")
            told.append(_spread(name, weights, before.get(name)))
        for axes in list(grid.flat)[len(after) :]:
            axes.set_visible(False)
        if before:
            figure.legend(*grid[0][0].get_legend_handles_labels(), loc="outside lower center", ncols=2)
        figure.suptitle(title)
    return Figure(figure, f"{title}. Standard deviations: {listing(told)}.")


def _kernel(values: Any) -> np.ndarray:
    kernel = as_numbers(values, "kernel")
    if kernel.ndim != 4 or 0 in kernel.shape:
        raise PlottingError(
            "Kernels of the shape (height, width, channels, filters) are needed, as layer.kernel of a Conv2D "
            f"has them; these have the shape {kernel.shape}."
        )
    return kernel


def _tiles_of(kernel: np.ndarray, columns: int) -> list[np.ndarray]:
    """A tile for each kernel; or row by row, a tile for each channel of each kernel."""
    deep, count = kernel.shape[2:]
    if deep == 1:
        return [kernel[:, :, 0, index] for index in range(count)]
    return [kernel[:, :, channel, index] for channel in range(deep) for index in range(columns)]


def _shares(values: np.ndarray, edges: np.ndarray) -> np.ndarray:
    """The share of values in each bin, in per cent."""
    import numpy as np

    counts: np.ndarray = 100 * np.histogram(values, edges)[0] / max(values.size, 1)
    return counts


def _spread(name: str, weights: np.ndarray, before: np.ndarray | None) -> str:
    now = f"{weights.std():.3f}"
    return f"{name} {now}" if before is None else f"{name} from {before.std():.3f} to {now}"
