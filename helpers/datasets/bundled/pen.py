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
) -> NDArray[np.float32]:
    """Draw n polylines of S points, each on a square of its own.

    points: (n, S, 2), x and y in pixels; the centre of the top left pixel is (0.5, 0.5).
    radius: (n, S), half the width of the line at each point, in pixels.
    joined: (n, S - 1), whether the pen was down between a point and the next.
    softness: over how many pixels the ink fades from full to none at an edge.
    Returns (n, size, size), 0 where the paper is bare, 1 where the ink is full.
    """
    paper = np.full((len(points), size, size), -np.inf, dtype=np.float32)
    _draw(paper, points.astype(np.float32), radius.astype(np.float32), joined)
    return np.asarray(np.clip(paper / np.float32(softness) + np.float32(0.5), 0, 1), dtype=np.float32)


def _draw(
    paper: NDArray[np.float32],
    points: NDArray[np.float32],
    radius: NDArray[np.float32],
    joined: NDArray[np.bool_],
) -> None:
    """Raise each pixel of the paper to its depth: how far inside the ink its centre lies (outside: < 0)."""
    grid = np.arange(paper.shape[1], dtype=np.float32) + np.float32(0.5)
    for i in range(points.shape[1] - 1):
        rows = joined[:, i]
        if rows.any():
            x, y = (grid - points[rows, i, axis, None] for axis in (0, 1))
            step = points[rows, i + 1] - points[rows, i]
            widening = radius[rows, i + 1] - radius[rows, i]
            depth = _depth(x[:, None, :], y[:, :, None], step, radius[rows, i], widening)
            if rows.all():
                np.maximum(paper, depth, out=paper)
            else:
                paper[rows] = np.maximum(paper[rows], depth)


def _depth(
    x: NDArray[np.float32],
    y: NDArray[np.float32],
    step: NDArray[np.float32],
    radius: NDArray[np.float32],
    widening: NDArray[np.float32],
) -> NDArray[np.float32]:
    """(n, size, size): the depth of pixels at (x, y) from a segment's start in the ink of that segment."""
    dx, dy = step[:, 0, None, None], step[:, 1, None, None]
    unit = 1 / np.maximum(dx * dx + dy * dy, np.float32(1e-12))
    along = x * (dx * unit) + y * (dy * unit)
    np.clip(along, 0, 1, out=along)
    across, down = x - along * dx, y - along * dy
    across *= across
    down *= down
    across += down
    np.sqrt(across, out=across)
    along *= widening[:, None, None]
    along += radius[:, None, None]
    along -= across
    return np.asarray(along, dtype=np.float32)
