"""What stands behind a hand in a snapshot indoors: a wall in uneven light, a table, a door frame, clothes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from helpers.datasets.bundled.chance import Chance

    Floats = NDArray[np.floating]


def backdrops(n: int, side: int, chance: Chance) -> Floats:
    """(n, side, side), brightness from 0 to about 1. Nothing in them depends on what stands in front."""
    across = (np.arange(side, dtype=np.float32) + 0.5) / side
    x, y = across[None, None, :], across[None, :, None]
    image = _wall(n, x, y, chance)
    image = _frame(image, x, y, chance)
    image = _table(image, x, y, chance)
    image = _shoulder(image, x, y, chance)
    return _corner(image, x, y, chance)


def _wall(n: int, x: Floats, y: Floats, chance: Chance) -> Floats:
    level = 0.76 + 0.06 * chance.normal("wall", n)
    slope = _pair(0.1, 0.09) * chance.normal("wall slope", n, 2) + _pair(0.1, 0.04)
    spot = 0.6 + 0.25 * chance.normal("wall spot", n, 2)
    fall = 0.28 * chance.uniform("wall fall", n)[:, None, None]
    away = (x - spot[:, 0, None, None]) ** 2 + (y - spot[:, 1, None, None]) ** 2
    plane = slope[:, 0, None, None] * (x - 0.5) + slope[:, 1, None, None] * (y - 0.5)
    return np.asarray(level[:, None, None] + plane - fall * (away - 0.2))


def _pair(x: float, y: float) -> Floats:
    return np.array([x, y], dtype=np.float32)


def _over(image: Floats, shape: Floats, present: NDArray[np.bool_], paint: Floats | float) -> Floats:
    """Paint where `shape` is positive, with a soft edge of about one pixel."""
    cover = np.clip(shape * image.shape[1] + 0.5, 0, 1) * present[:, None, None]
    return np.asarray(image + cover * (paint - image))


def _line(x: Floats, y: Floats, at: Floats, turn: Floats) -> Floats:
    """How far each pixel is past a line: x = at, turned by `turn` radians about its middle."""
    tilt = turn[:, None, None]
    return np.asarray(np.cos(tilt) * (x - at[:, None, None]) + np.sin(tilt) * (y - 0.5))


def _frame(image: Floats, x: Floats, y: Floats, chance: Chance) -> Floats:
    """A door frame or a window's shadow at the left."""
    n = len(image)
    there = chance.uniform("frame", n) < 0.22
    at = 0.3 * chance.uniform("frame at", n)
    turn = 0.04 * chance.normal("frame turn", n)
    shadow = np.where(chance.uniform("frame kind", n) < 0.5, 0.75, 0.4)[:, None, None]
    tone = shadow - 0.25 * chance.uniform("frame tone", n)[:, None, None]
    edge = -_line(x, y, at, turn)
    soft = 1 / (1 + np.exp(-edge * (6 + 60 * chance.uniform("frame soft", n)[:, None, None])))
    image = image * (1 - there[:, None, None] * soft * (1 - tone))
    slit = there & (chance.uniform("slit", n) < 0.4)
    inside = np.minimum(edge - 0.05, 0.1 - edge)
    return _over(image, inside, slit, 0.2 + 0.6 * chance.uniform("slit tone", n)[:, None, None])


def _table(image: Floats, x: Floats, y: Floats, chance: Chance) -> Floats:
    """The edge of a table or a sofa at the bottom, or of a cupboard behind it."""
    n = len(image)
    there = chance.uniform("table", n) < 0.4
    at = 1.05 - 0.3 * chance.uniform("table at", n)
    tone = 0.2 + 0.3 * chance.uniform("table tone", n)
    whole = chance.uniform("table whole", n) < 0.5
    begins = np.where(whole, -1, chance.uniform("table begins", n))[:, None, None]
    edge = _line(y, x, at, 0.07 * chance.normal("table turn", n))
    side = np.where(chance.uniform("table side", n) < 0.5, 1, -1)[:, None, None] * (x - begins)
    return _over(image, np.minimum(edge, np.where(whole[:, None, None], 1, side)), there, tone[:, None, None])


def _shoulder(image: Floats, x: Floats, y: Floats, chance: Chance) -> Floats:
    """The signer's dark clothes in a lower corner, mostly the right one, at times striped."""
    n = len(image)
    there = chance.uniform("shoulder", n) < 0.25
    x = np.where((chance.uniform("shoulder side", n) < 0.85)[:, None, None], x, 1 - x)
    middle = _pair(1.15, 1.25) + 0.15 * chance.normal("shoulder at", n, 2)
    radius = 0.6 + 0.1 * chance.normal("shoulder size", n)
    away = np.hypot(x - middle[:, 0, None, None], y - middle[:, 1, None, None])
    tone = 0.12 + 0.3 * chance.uniform("shoulder tone", n)[:, None, None]
    pitch = 40 + 40 * chance.uniform("stripe pitch", n)[:, None, None]
    stripes = 0.07 * (chance.uniform("stripes", n) < 0.4)[:, None, None] * np.sin(pitch * away)
    return _over(image, radius[:, None, None] - away, there, tone + stripes)


def _corner(image: Floats, x: Floats, y: Floats, chance: Chance) -> Floats:
    """Something dark, hair perhaps, at the top right."""
    n = len(image)
    there = chance.uniform("corner", n) < 0.08
    middle = _pair(1.05, 0.1) + 0.08 * chance.normal("corner at", n, 2)
    radius = 0.16 + 0.1 * chance.uniform("corner size", n)
    away = np.hypot(x - middle[:, 0, None, None], (y - middle[:, 1, None, None]) * 0.6)
    return _over(image, radius[:, None, None] - away, there, 0.15)
