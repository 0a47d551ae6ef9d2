"""Ink on paper: antialiased lines of varying width, drawn through a distance field."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray


def ink(
    points: NDArray[np.float64],
    radius: NDArray[np.float64],
    joined: NDArray[np.bool_],
    size: int,
    softness: float,
) -> NDArray[np.float64]:
    """Draw n polylines of S points, each on a square of its own.

    points: (n, S, 2), x and y in pixels; the centre of the top left pixel is (0.5, 0.5).
    radius: (n, S), half the width of the line at each point, in pixels.
    joined: (n, S - 1), whether the pen was down between a point and the next.
    softness: over how many pixels the ink fades from full to none at an edge.
    Returns (n, size, size), 0 where the paper is bare, 1 where the ink is full.
    """
    depth = np.full((len(points), size, size), -np.inf)
    for i in range(points.shape[1] - 1):
        rows = np.flatnonzero(joined[:, i])
        ends = points[rows, i], points[rows, i + 1]
        depth[rows] = np.maximum(depth[rows], _depth(*ends, radius[rows, i], radius[rows, i + 1], size))
    return np.clip(depth / softness + 0.5, 0, 1)


def _depth(
    start: NDArray[np.float64],
    stop: NDArray[np.float64],
    radius: NDArray[np.float64],
    radius_stop: NDArray[np.float64],
    size: int,
) -> NDArray[np.float64]:
    """(n, size, size): how far inside the segment's ink each pixel's centre lies; negative outside it."""
    grid = np.arange(size) + 0.5
    x = grid[None, None, :] - start[:, 0, None, None]
    y = grid[None, :, None] - start[:, 1, None, None]
    dx, dy = (stop - start).T[..., None, None]
    along = np.clip((x * dx + y * dy) / np.maximum(dx * dx + dy * dy, 1e-12), 0, 1)
    away = np.hypot(x - along * dx, y - along * dy)
    widening = (radius_stop - radius)[:, None, None]
    return radius[:, None, None] + along * widening - away
