"""Ways of writing a shape with a pen, read from a file of stroke templates.

The file (see digits.toml, which explains its format) gives each style of each class as a few strokes through
named points, in several proportions. Here they become arrays, together with the matrix that turns a style's
points into a dense line of samples along its strokes.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib import resources
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np
from scipy.interpolate import CubicSpline

if TYPE_CHECKING:
    from numpy.typing import NDArray

SAMPLES = 48
"""Samples along all the strokes of one drawing."""


@dataclass(frozen=True)
class Style:
    """One way of writing a class, with P points and SAMPLES samples.

    points: (shapes, P, 2), x and y of each point in each of the style's proportions, in digit heights.
    owner: (P,), the number of the stroke that each point belongs to.
    curve: (SAMPLES, P), the matrix from points to samples: smooth between corners.
    stroke: (SAMPLES,), the number of the stroke that each sample lies on.
    """

    label: int
    name: str
    share: float
    points: NDArray[np.float64]
    owner: NDArray[np.int64]
    curve: NDArray[np.float64]
    stroke: NDArray[np.int64]


@cache
def load_styles(file_name: str) -> tuple[Style, ...]:
    """All styles of a template file that lies beside this module."""
    text = resources.files(__package__).joinpath(file_name).read_text(encoding="utf-8")
    return tuple(_style(entry) for entry in tomllib.loads(text)["style"])


def _style(entry: dict[str, Any]) -> Style:
    shapes = [[_stroke(text) for text in shape] for shape in entry["shapes"]]
    points = np.stack([np.concatenate([stroke for stroke, _ in shape]) for shape in shapes])
    corners = [corner for _, corner in shapes[0]]
    for shape in shapes:
        if any(not np.array_equal(ours, corner) for ours, (_, corner) in zip(corners, shape, strict=True)):
            raise ValueError(f"The shapes of {entry['name']!r} differ in their points or corners.")
    owner = np.concatenate([np.full(len(corner), i) for i, corner in enumerate(corners)])
    curve, stroke = _curve(points.mean(axis=0), owner, np.concatenate(corners))
    return Style(entry["digit"], entry["name"], float(entry["share"]), points, owner, curve, stroke)


def _stroke(text: str) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """The points (P, 2) of "x,y x,y! x,y", and which of them are corners (P,)."""
    words = text.split()
    points = np.array([[float(number) for number in word.rstrip("!").split(",")] for word in words]) / 100
    return points, np.array([word.endswith("!") for word in words])


def _curve(
    points: NDArray[np.float64], owner: NDArray[np.int64], corner: NDArray[np.bool_]
) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """The matrix from points to samples and each sample's stroke; longer strokes get more samples."""
    strokes = [np.flatnonzero(owner == i) for i in range(owner.max() + 1)]
    lengths = np.array([np.linalg.norm(np.diff(points[ids], axis=0), axis=1).sum() for ids in strokes])
    ends = np.rint(np.cumsum(lengths) / lengths.sum() * SAMPLES).astype(int)
    matrix = np.zeros((SAMPLES, len(points)))
    stroke = np.zeros(SAMPLES, dtype=np.int64)
    for i, (start, stop) in enumerate(pairwise([0, *ends])):
        matrix[start:stop, strokes[i]] = _stroke_matrix(points[strokes[i]], corner[strokes[i]], stop - start)
        stroke[start:stop] = i
    return matrix, stroke


def _stroke_matrix(
    points: NDArray[np.float64], corner: NDArray[np.bool_], samples: int
) -> NDArray[np.float64]:
    """(samples, P): a natural cubic spline through the points of each leg, from corner to corner."""
    way = np.concatenate([[0.0], np.cumsum(np.linalg.norm(np.diff(points, axis=0), axis=1))])
    at = np.linspace(0, way[-1], samples)
    breaks = [0, *np.flatnonzero(corner), len(points) - 1]
    matrix = np.zeros((samples, len(points)))
    for first, last in pairwise(sorted(set(breaks))):
        leg = slice(first, last + 1)
        here = (at >= way[first]) & (at <= way[last])
        spline = CubicSpline(way[leg], np.eye(last + 1 - first), bc_type="natural")
        matrix[here, :] = 0
        matrix[here, leg] = spline(at[here])
    return matrix
