"""Outlines on a pixel grid: how deep inside a shape each pixel lies, in the garment's own units.

A garment has its own coordinates, x to the right and y downwards; `Canvas` says where each pixel lies in
them. All numbers are (n, 1, 1) or broadcast to (n, side, side): n garments are drawn at once. A depth is
positive inside a shape, negative outside, about a distance near the edge; `cover` turns it into how much of a
pixel is covered.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np

from helpers.datasets.bundled.garments.accidents import Accidents, enlarged
from helpers.datasets.bundled.garments.measures import Measures

if TYPE_CHECKING:
    from helpers.datasets.bundled.garments.measures import Floats, Number


@dataclass(frozen=True)
class Canvas:
    """x, y: where the pixels of n pictures lie; pixel: (n, 1, 1), a pixel's side; in the garments' units."""

    x: Floats
    y: Floats
    pixel: Floats

    def take(self, rows: Any) -> Canvas:
        """Some of the pictures."""
        return Canvas(self.x[rows], self.y[rows], self.pixel[rows])

    def cover(self, depth: Floats) -> Floats:
        """How much of each pixel lies inside."""
        return np.clip(depth / self.pixel + 0.5, 0, 1)


def framed(box: tuple[Number, Number, Number, Number], side: int, m: Measures, chances: Accidents) -> Canvas:
    """The canvas on which a box (left, right, top, bottom) fills `side` pixels in its longer direction.

    The garment leans and is stretched in width as its measures say, and nothing on it is quite straight.
    """
    left, right, top, bottom = box
    pixel = np.maximum((right - left) * m["stretch"], bottom - top) / np.float32(side)
    steps = np.arange(side, dtype=np.float32) + np.float32(0.5 - side / 2)
    across, down = steps[None, None, :] * pixel / m["stretch"], steps[None, :, None] * pixel
    sway = m["sway"] * pixel * side
    aside, lower = (sway * enlarged(chances.sway[:, i], side) for i in range(2))
    return Canvas(
        (left + right) / 2 + across + m["lean"] * down + aside, (top + bottom) / 2 + down + lower, pixel
    )


def profile(at: Floats, knots: Sequence[tuple[Number, Number]]) -> Floats:
    """Straight lines through (where, value) knots, level before the first and after the last."""
    result = knots[0][1] + np.zeros_like(at)
    for (start, before), (stop, after) in pairwise(knots):
        result = result + (after - before) * np.clip((at - start) / np.maximum(stop - start, 1e-4), 0, 1)
    return result


def rounded(line: Floats, axis: int, reach: int = 2) -> Floats:
    """A profile with its corners smoothed away over a few pixels."""
    for _ in range(reach):
        near = [(0, 0), (0, 0), (0, 0)]
        near[axis] = (1, 1)
        padded = np.pad(line, near, mode="edge")
        low, high = [slice(None)] * 3, [slice(None)] * 3
        low[axis], high[axis] = slice(0, -2), slice(2, None)
        line = (padded[tuple(low)] + 2 * line + padded[tuple(high)]) / 4
    return line


def steepness(line: Floats, canvas: Canvas, axis: int) -> Floats:
    """By what to divide the distance along one axis to a sloping profile to get the distance across."""
    slope = np.gradient(line, axis=axis) / canvas.pixel
    steep: Floats = np.sqrt(1 + slope * slope)
    return steep


def ellipse(canvas: Canvas, x: Number, y: Number, wide: Number, high: Number) -> Floats:
    """The depth in an ellipse of half axes wide and high."""
    away = np.hypot((canvas.x - x) / wide, (canvas.y - y) / high)
    depth: Floats = (1 - away) * np.minimum(wide, high)
    return depth


def ring(
    canvas: Canvas, x: Number, y: Number, wide: Number, high: Number, thick: Number, power: float = 2
) -> Floats:
    """The depth in a band of half thickness `thick` along an ellipse, or a rounded rectangle (power > 2)."""
    across, up = (canvas.x - x) / wide, (canvas.y - y) / high
    away = (np.abs(across) ** power + np.abs(up) ** power) ** (1 / power)
    scale = np.hypot(wide * across, high * up) / np.maximum(away, 1e-3)
    depth: Floats = thick - np.abs(away - 1) * scale
    return depth


@dataclass(frozen=True)
class Tube:
    """A band along a line: depth, where a pixel lies along it (0 to 1) and across it (−1 to 1)."""

    depth: Floats
    along: Floats
    across: Floats


def tube(x: Floats, y: Floats, points: Sequence[tuple[Number, Number, Number]], flat: bool = False) -> Tube:
    """A band through points (x, y, half width), with round ends or, if `flat`, cut straight at the last."""
    shape = np.broadcast_shapes(x.shape, y.shape)
    depth = np.full(shape, -1e3, dtype=np.float32)
    along, across = np.zeros(shape, dtype=np.float32), np.zeros(shape, dtype=np.float32)
    parts = len(points) - 1
    for part, ((ax, ay, ar), (bx, by, br)) in enumerate(pairwise(points)):
        dx, dy = bx - ax, by - ay
        length = np.sqrt(dx * dx + dy * dy) + 1e-6
        way = ((x - ax) * dx + (y - ay) * dy) / length**2
        side = ((x - ax) * dy - (y - ay) * dx) / length
        over = (way - np.clip(way, 0, 1)) * length
        radius = ar + np.clip(way, 0, 1) * (br - ar)
        inside = radius - np.sqrt(side * side + over * over)
        if flat and part == parts - 1:
            inside = np.minimum(inside, (1 - way) * length)
        nearer = inside > depth
        depth = np.where(nearer, inside, depth)
        along = np.where(nearer, (part + np.clip(way, 0, 1)) / parts, along)
        across = np.where(nearer, side / np.maximum(radius, 1e-4), across)
    return Tube(depth, along, across)


def smooth_step(value: Floats) -> Floats:
    """From 0 to 1 without corners."""
    value = np.clip(value, 0, 1)
    return value * value * (3 - 2 * value)
