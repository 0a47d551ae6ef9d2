"""What happens to a garment by chance: how it hangs, its folds, its print; numbers on coarse grids."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np
from scipy.interpolate import CubicSpline

if TYPE_CHECKING:
    from helpers.datasets.bundled.chance import Chance
    from helpers.datasets.bundled.garments.measures import Floats

CREASES = 6


@dataclass(frozen=True)
class Accidents:
    """What no measure tells: n garments' random numbers for folds and prints.

    sway (n, 2, 4, 4): how far it hangs aside and down; drape (n, 4, 9) and crumple (n, 7, 7): heights on
    coarse grids; print (n, 13, 13) and weave (n, 24, 24): patterns; creases (n, CREASES, 6): of each its
    place, direction, width, length and depth.
    """

    sway: Floats
    drape: Floats
    crumple: Floats
    print: Floats
    weave: Floats
    creases: Floats

    def take(self, rows: Any) -> Accidents:
        """Those of some of the garments."""
        return Accidents(**{name: values[rows] for name, values in vars(self).items()})


def accidents(n: int, chance: Chance) -> Accidents:
    """Fresh ones for n garments."""
    return Accidents(
        chance.normal("sway", n, 2, 4, 4),
        chance.normal("drape", n, 4, 9),
        chance.normal("crumple", n, 7, 7),
        chance.normal("print", n, 13, 13),
        chance.normal("weave", n, 24, 24),
        chance.uniform("creases", n, CREASES, 6),
    )


@cache
def _spread(cells: int, side: int) -> Floats:
    """The matrix (side, cells) from a coarse row of numbers to a smooth fine one."""
    at = (np.arange(side) + 0.5) / side * (cells - 1)
    spline = CubicSpline(np.arange(cells), np.eye(cells), bc_type="natural")
    return np.asarray(spline(at), dtype=np.float32)


def enlarged(grid: Floats, side: int) -> Floats:
    """Coarse grids (n, rows, columns) → smooth pictures (n, side, side)."""
    return _spread(grid.shape[1], side) @ grid @ _spread(grid.shape[2], side).T
