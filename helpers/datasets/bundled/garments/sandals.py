"""Sandals from the side, the toe to the left: a sole, flat, wedged or on a heel, and straps with gaps.

Coordinates as for shoes: 1 long, the toe at x = 0, the ground at y = 0, up is negative.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from helpers.datasets.bundled.garments.accidents import Accidents
from helpers.datasets.bundled.garments.cloth import Material, lit, material, over
from helpers.datasets.bundled.garments.measures import Measures
from helpers.datasets.bundled.garments.shapes import (
    Canvas,
    ellipse,
    framed,
    profile,
    ring,
    rounded,
    steepness,
    tube,
)
from helpers.datasets.bundled.garments.shoes import _heel, footbed, sole

if TYPE_CHECKING:
    from helpers.datasets.bundled.garments.measures import Floats


def draw(m: Measures, chances: Accidents, side: int) -> Floats:
    """How bright each pixel of n photographs is, (n, side, side), on a white ground."""
    at = m["sole"] + m["heel"]
    tallest = np.maximum.reduce(
        [
            at + np.where(m["ankle_strap"] > 0, m["ankle_height"] + m["ankle_depth"] + m["ankle_strap"], 0),
            at + m["heel_cup"],
            m["sole"] + 1.05 * m["toe_height"] + m["strap_width"],
            m["sole"]
            + np.where(m["second_height"] > 0, 0.35 * m["heel"] + m["second_height"] + m["strap_width"], 0),
        ]
    )
    canvas = framed((np.float32(0), np.float32(1), -tallest, np.float32(0)), side, m, chances)
    goods = material(canvas, m, chances)
    foot = footbed(canvas, m)
    picture = np.ones((len(m), side, side), dtype=np.float32)
    picture = _heel(picture, canvas, m, foot)
    picture = _insole(picture, canvas, goods, m, foot)
    picture = _ankle(picture, canvas, goods, m)
    picture = _cup(picture, canvas, goods, m, foot)
    picture = _strap(picture, canvas, goods, m, "toe", foot)
    picture = _strap(picture, canvas, goods, m, "second", foot)
    picture = _ties(picture, canvas, goods, m)
    return sole(picture, canvas, m, foot)


def _insole(picture: Floats, canvas: Canvas, goods: Material, m: Measures, foot: Floats) -> Floats:
    """The far rim of the sole, seen a little from above."""
    depth = np.minimum(
        foot + m["insole"] * np.sin(np.pi * np.clip(canvas.x, 0, 1)) + canvas.y, -canvas.y - foot
    )
    depth = np.minimum(depth, np.minimum(canvas.x - 0.02, 0.97 - canvas.x))
    return over(picture, canvas.cover(depth) * (m["insole"] > 0), np.clip(1 - m["insole_tone"], 0.05, 0.95))


def _strap(picture: Floats, canvas: Canvas, goods: Material, m: Measures, name: str, foot: Floats) -> Floats:
    """A strap over the foot, or, where it is filled, a broad upper that leaves the toes and the heel free."""
    rows = m.those_with(f"{name}_height")
    if not rows.size:
        return picture
    c, o, cloth = canvas.take(rows), m.take(rows), goods.take(rows)
    at, long, high = o[f"{name}_at"], o[f"{name}_length"], o[f"{name}_height"]
    base = o["sole"] + o["heel"] * np.clip((at - 0.3) * 1.6, 0, 1)
    depth = np.where(
        o[f"{name}_fill"] > 0, _upper(c, o, at, long, high, base), _band(c, o, at, long, high, base)
    )
    depth = np.minimum(depth, -c.y - foot[rows] + 0.015)
    paint = lit(cloth, o, depth, (c.x - at) / long)
    picture[rows] = over(picture[rows], c.cover(depth), paint)
    return picture


def _band(canvas: Canvas, m: Measures, at: Floats, long: Floats, high: Floats, base: Floats) -> Floats:
    """Up one side of the foot, over it, and down the other."""
    top = at + m["strap_lean"] * long
    width = m["strap_width"]
    points = [
        (at - long, -base, width),
        (top - 0.35 * long, -base - 0.85 * high, width),
        (top + 0.15 * long, -base - high, 0.9 * width),
        (top + 0.5 * long, -base - 0.8 * high, 0.7 * width),
        (at + long, -base, 0.7 * width),
    ]
    return tube(canvas.x, canvas.y, points).depth


def _upper(canvas: Canvas, m: Measures, at: Floats, long: Floats, high: Floats, base: Floats) -> Floats:
    """It rises from the toes towards the ankle, where it is cut; some have slots cut into them."""
    up = -canvas.y - base
    line = profile(
        canvas.x, [(at - long, 0.25 * high), (at - 0.3 * long, 0.75 * high), (at + long, 1.08 * high)]
    )
    line = rounded(line, 2, 3)
    front = canvas.x - at + long - 0.25 * up
    back = at + long * (0.75 - 0.4 * m["strap_lean"]) - canvas.x + m["strap_lean"] * up
    depth = np.minimum(np.minimum(front, back), (line - up) / steepness(line, canvas, 2))
    slot = np.sin(2 * np.pi * ((canvas.x + 0.3 * up) * m["cut_count"] + m["shift"]))
    slot = np.minimum(0.15 * m["cut_outs"] * (slot - 0.2), np.minimum(line - up - 0.035, up - 0.01))
    return np.minimum(depth, np.where(m["cut_outs"] > 0, 0.01 - slot, depth))


def _ankle(picture: Floats, canvas: Canvas, goods: Material, m: Measures) -> Floats:
    """A strap round the ankle, seen from a little above, and what holds it at the heel."""
    rows = m.those_with("ankle_strap")
    if not rows.size:
        return picture
    c, o, cloth = canvas.take(rows), m.take(rows), goods.take(rows)
    ground = o["sole"] + o["heel"]
    middle = 0.97 - o["ankle_length"]
    tilted = Canvas(c.x, c.y + o["ankle_tilt"] * (c.x - middle), c.pixel)
    band = ring(
        tilted, middle, -(ground + o["ankle_height"]), o["ankle_length"], o["ankle_depth"], o["ankle_strap"]
    )
    thick = 1.2 * o["ankle_strap"]
    top = -(ground + o["ankle_height"]) - o["ankle_tilt"] * o["ankle_length"]
    riser = tube(c.x, c.y, [(0.96, -ground, thick), (0.965, top, thick)])
    depth = np.maximum(band, riser.depth)
    picture[rows] = over(picture[rows], c.cover(depth), lit(cloth, o, depth))
    buckle = c.cover(ellipse(tilted, middle, o["ankle_depth"] - ground - o["ankle_height"], 0.03, 0.03))
    picture[rows] = over(picture[rows], 0.5 * buckle, 0.8)
    return picture


def _cup(picture: Floats, canvas: Canvas, goods: Material, m: Measures, foot: Floats) -> Floats:
    """A closed heel."""
    rows = m.those_with("heel_cup")
    if not rows.size:
        return picture
    c, o, cloth = canvas.take(rows), m.take(rows), goods.take(rows)
    height = -c.y - o["sole"] - o["heel"]
    front = 0.97 - o["cup_length"] * (1 - 0.8 * np.clip(height / o["heel_cup"], 0, 1))
    depth = np.minimum(
        np.minimum(c.x - front, 0.985 - c.x), np.minimum(o["heel_cup"] - height, -c.y - foot[rows] + 0.01)
    )
    picture[rows] = over(picture[rows], c.cover(depth), lit(cloth, o, depth))
    return picture


def _ties(picture: Floats, canvas: Canvas, goods: Material, m: Measures) -> Floats:
    """A strap along the foot: from the toes to the ankle, as in a T-bar, a thong or a gladiator sandal."""
    rows = m.those_with("tie")
    if not rows.size:
        return picture
    c, o, cloth = canvas.take(rows), m.take(rows), goods.take(rows)
    low = -(o["sole"] + 0.01)
    high = -(o["sole"] + 0.5 * o["heel"] + o["tie_height"])
    end = low - 0.9 * o["heel"] - o["tie_end"]
    points = [(o["tie_from"], low, o["tie"]), (o["tie_top"], high, o["tie"]), (o["tie_to"], end, o["tie"])]
    line = tube(c.x, c.y, points)
    picture[rows] = over(picture[rows], c.cover(line.depth), lit(cloth, o, line.depth, line.across))
    return picture
