"""What a convolutional network sees: the feature maps that its layers make of one image."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from helpers.plotting.arrays import as_image, as_numbers
from helpers.plotting.figure import Figure, PlottingError, canvas
from helpers.plotting.pixels import show_image
from helpers.plotting.style import listing
from helpers.plotting.tiles import place_tiles

if TYPE_CHECKING:
    import numpy as np

MOST_LAYERS = 6


def feature_maps(
    trained: Mapping[str, Any],
    untrained: Mapping[str, Any] | None = None,
    image: Any = None,
    maps: int = 8,
    title: str = "Feature maps of one image",
) -> Figure:
    """What each layer makes of one image: a row of maps for each layer, untrained beside trained.

    The maps of a row share a scale: black is 0 and white the highest value. Where there are values below 0,
    as there are before ReLU, 0 is grey instead and black is as far below it as white is above.

    Args:
        trained: by the name of a layer, its output (height, width, channels) or (1, height, width, channels).
        untrained: the same from the network before training.
        image: (height, width) or (height, width, 1), drawn beside the maps.
        maps: how many of a layer's channels to show.
    """
    if not 1 <= len(trained) <= MOST_LAYERS:
        raise PlottingError(f"{len(trained)} layers were given; 1 to {MOST_LAYERS} can be drawn.")
    panels = {"trained": trained} if untrained is None else {"untrained": untrained, "trained": trained}
    if untrained is not None and untrained.keys() != trained.keys():
        raise PlottingError(f"The layers differ: {listing(list(trained))} and {listing(list(untrained))}.")
    rows = {
        panel: {name: _maps(values, name)[..., : max(maps, 1)] for name, values in layers.items()}
        for panel, layers in panels.items()
    }
    shown = max(values.shape[2] for values in rows["trained"].values())
    picture = None if image is None else as_image(image)
    tile = min(0.75, 7.4 / (shown * len(rows)))  # inches
    size = (
        tile * shown * len(rows) + (1.9 if picture is not None else 0.0) + 1.0,
        (tile + 0.03) * len(trained) + 1.1,
    )
    ratios = [1.7] * (picture is not None) + [tile * shown] * len(rows)
    with canvas(*size, 1, len(ratios), width_ratios=ratios, squeeze=False) as (figure, grid):
        if picture is not None:
            show_image(grid[0][0], picture, "The image")
        for axes, (panel, layers) in zip(grid[0][-len(rows) :], rows.items(), strict=True):
            _draw_rows(axes, layers, shown)
            axes.set(title=panel, xlabel="feature map")
        grid[0][-len(rows)].set_ylabel("layer")
        for axes in grid[0][len(ratios) - len(rows) + 1 :]:
            axes.set_yticks([])
        figure.suptitle(title)
    told = [_told(name, values) for name, values in rows["trained"].items()]
    which = " Left from the untrained network, right from the trained one." if untrained is not None else ""
    return Figure(figure, f"{title}. A row of maps for each layer: {listing(told)}.{which}")


def _maps(values: Any, name: str) -> np.ndarray:
    array = as_numbers(values, f"maps of {name}")
    if array.ndim == 4 and len(array) == 1:
        array = array[0]
    if array.ndim != 3 or 0 in array.shape:
        raise PlottingError(
            f"The maps of {name} must have the shape (height, width, channels), of one image; these have the "
            f"shape {array.shape}."
        )
    return array


def _draw_rows(axes: Any, layers: Mapping[str, np.ndarray], columns: int) -> None:
    """A row of tiles for each layer, with a scale of its own."""
    import numpy as np

    for row, values in enumerate(layers.values()):
        high = float(np.abs(values).max()) or 1.0
        look = {"cmap": "gray", "vmin": -high if values.min() < 0 else 0.0, "vmax": high}
        tiles = [values[:, :, index] for index in range(values.shape[2])]
        place_tiles(axes, tiles, columns, first_row=row, rows=len(layers), **look)
    ticks = list(axes.get_yticks())
    axes.set_yticks(ticks, [f"{name}\n{v.shape[0]} × {v.shape[1]}" for name, v in layers.items()])


def _told(name: str, values: np.ndarray) -> str:
    silent = sum(not values[:, :, index].any() for index in range(values.shape[2]))
    without = f", {silent} of them black" if silent else ""
    return f"{name} with {values.shape[2]} maps of {values.shape[0]} by {values.shape[1]}{without}"
