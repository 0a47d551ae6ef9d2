"""Closed shoes from the side, the toe to the left: sneakers and ankle boots.

The shoe is 1 long, from the toe at x = 0 to the heel at x = 1; the ground is y = 0, and up is negative.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from helpers.datasets.bundled.garments.accidents import Accidents
from helpers.datasets.bundled.garments.cloth import Material, lit, marked, material, over
from helpers.datasets.bundled.garments.measures import Measures
from helpers.datasets.bundled.garments.shapes import Canvas, ellipse, framed, profile, rounded, steepness

if TYPE_CHECKING:
    from helpers.datasets.bundled.garments.measures import Floats


def draw(m: Measures, chances: Accidents, side: int) -> Floats:
    """How bright each pixel of n photographs is, (n, side, side), on a white ground."""
    tallest = np.maximum(m["shaft"], m["instep"]) + m["heel"]
    canvas = framed((np.float32(0), np.float32(1), -tallest, np.float32(0)), side, m, chances)
    goods = material(canvas, m, chances)
    picture = np.ones((len(m), side, side), dtype=np.float32)
    foot = footbed(canvas, m)
    top = _top(canvas, m)
    picture = _lining(picture, canvas, goods, m, foot, top)
    picture = _heel(picture, canvas, m, foot)
    picture = _upper(picture, canvas, goods, m, foot, top)
    return sole(picture, canvas, m, foot)


def footbed(canvas: Canvas, m: Measures) -> Floats:
    """How high the foot stands above the ground along the shoe: the sole's upper side."""
    zero = np.zeros_like(m["heel"])
    line = profile(
        canvas.x,
        [
            (zero, m["sole"] + m["toe_spring"]),
            (zero + 0.14, m["sole"]),
            (zero + 0.38, m["sole"]),
            (zero + 0.55, m["sole"] + 0.35 * m["heel"]),
            (zero + 0.8, m["sole"] + 0.95 * m["heel"]),
            (zero + 1, m["sole"] + m["heel"]),
        ],
    )
    return rounded(line, 2, 3)


def _top(canvas: Canvas, m: Measures) -> Floats:
    """How high the upper reaches along the shoe."""
    zero, up = np.zeros_like(m["heel"]), m["heel"]
    toe = m["sole"] + m["toe_spring"]
    line = profile(
        canvas.x,
        [
            (zero, toe + 0.45 * m["toe"]),
            (zero + 0.03, toe + 0.85 * m["toe"]),
            (zero + 0.1, toe + m["toe"]),
            (0.6 * m["throat"], toe + m["toe"] + 0.4 * (m["instep"] - m["toe"]) + 0.1 * up),
            (m["throat"], m["instep"] + 0.35 * up),
            (m["shaft_front"], m["shaft"] + up),
            (0.5 * m["shaft_front"] + 0.46, m["shaft"] - m["dip"] + up),
            (zero + 0.93, m["shaft"] - m["dip"] * 0.5 + up + m["tab"]),
            (zero + 1, m["shaft"] - m["dip"] * 0.5 + up + m["tab"]),
        ],
    )
    return rounded(line, 2, 2)


def _back(canvas: Canvas, m: Measures) -> Floats:
    """How far inside the line of the heel a pixel lies: a little hollow above the counter."""
    height = -canvas.y - m["heel"] - m["sole"]
    hollow = m["hollow"] * np.sin(np.clip(height / np.maximum(m["shaft"], 0.1), 0, 1) * np.pi)
    return 1 - hollow - canvas.x


def _lining(
    picture: Floats, canvas: Canvas, goods: Material, m: Measures, foot: Floats, top: Floats
) -> Floats:
    """The far side of the opening, and the tongue, seen over the near edge."""
    height = -canvas.y
    far = top + m["lining"]
    zone = np.minimum(canvas.x - m["shaft_front"] * 0.97, 0.97 - canvas.x)
    depth = np.minimum(np.minimum(far - height, height - foot), np.minimum(zone, _back(canvas, m)))
    return over(picture, canvas.cover(depth) * (m["lining"] > 0), np.clip(goods.light * m["inside"], 0, 0.9))


def _heel(picture: Floats, canvas: Canvas, m: Measures, foot: Floats) -> Floats:
    """A heel of its own, from a block to a stiletto."""
    rows = m.those_with("heel")
    if not rows.size:
        return picture
    c, o = canvas.take(rows), m.take(rows)
    up = np.clip(-c.y / np.maximum(o["heel"] + o["sole"], 1e-3), 0, 1)
    back = 0.985 - 0.04 * (1 - up) * o["heel_taper"]
    front = 1 - o["heel_width"] * (1 - o["heel_taper"] * (1 - up) * 0.8)
    depth = np.minimum(np.minimum(c.x - front, back - c.x), np.minimum(-c.y, foot[rows] + c.y))
    ink = np.clip(o["sole_tone"] + 0.15 * (c.x - 0.9) / 0.1, 0.03, 0.97)
    picture[rows] = over(picture[rows], c.cover(depth), 1 - ink)
    return picture


def _upper(
    picture: Floats, canvas: Canvas, goods: Material, m: Measures, foot: Floats, top: Floats
) -> Floats:
    height = -canvas.y
    steep = steepness(top, canvas, 2)
    toe = canvas.x - 0.035 * (
        1 - np.sqrt(np.clip(1 - ((height - m["sole"] - 0.4 * m["toe"]) / m["toe"]) ** 2, 0, 1))
    )
    depth = np.minimum(
        np.minimum((top - height) / steep, height - foot + 0.01), np.minimum(_back(canvas, m), toe)
    )
    across = np.clip((top - height) / np.maximum(top - foot, 0.02), 0, 1) - 0.5
    paint = lit(goods, m, depth, across, _panels(canvas, m, foot, top))
    paint = _trim(paint, canvas, m, foot, top)
    return over(picture, canvas.cover(depth), np.clip(paint, 0.01, 0.97))


def _panels(canvas: Canvas, m: Measures, foot: Floats, top: Floats) -> Floats:
    """Parts in another tone: the toe cap, the heel counter, the rim of the shaft, stripes on the side."""
    x, height = canvas.x, -canvas.y - foot
    soft = canvas.pixel
    cap = np.clip((m["cap"] + 0.5 * height * m["cap_lean"] - x) / soft, 0, 1) * (m["cap"] > 0)
    counter = np.clip((x - 1 + m["counter"] - 0.3 * height) / soft, 0, 1) * (m["counter"] > 0)
    rim = (
        np.clip((m["rim_band"] - top - canvas.y) / soft, 0, 1) * (x > m["shaft_front"]) * (m["rim_band"] > 0)
    )
    slanted = (x - 0.35 - m["logo_lean"] * height) / 0.32
    stripes = np.clip(2 * np.sin(2 * np.pi * slanted * m["logo_count"] + 1), 0, 1)
    window = (slanted > 0) * (slanted < 1) * np.clip((top + canvas.y - 0.02) / soft, 0, 1)
    darker: Floats = (
        cap * m["cap_ink"]
        + counter * m["counter_ink"]
        + rim * m["rim_ink"]
        + stripes * window * m["logo"] * m["logo_ink"]
    )
    return darker


def _trim(paint: Floats, canvas: Canvas, m: Measures, foot: Floats, top: Floats) -> Floats:
    """Laces, seams, a zip, an elastic insert, a strap with a buckle."""
    x, y = canvas.x, canvas.y
    below = top + y
    zone = np.clip((x - m["throat"] * 0.55) * 40, 0, 1) * np.clip((m["shaft_front"] + 0.02 - x) * 40, 0, 1)
    near = np.clip((m["lace_width"] - below) / canvas.pixel, 0, 1) * np.clip(below / canvas.pixel, 0, 1)
    laces = np.clip(1.5 * np.sin(2 * np.pi * (x * 0.8 - y) * m["lace_pitch"]), -1, 1)
    paint = paint + laces * zone * near * m["laces"] * m["lace_light"]
    seam_line = x - m["seam_at"] - m["seam_lean"] * (-y - foot)
    paint = marked(paint, m, m["seam"] * np.exp(-((seam_line / 0.014) ** 2)))
    gusset = np.minimum(0.09 - np.abs(x - 0.72 + 0.1 * (below - 0.1)) + 0.12 * (0.2 - below), 0.32 - below)
    paint = over(paint, canvas.cover(gusset) * m["gusset"], paint * 0.75 + 0.06 * np.sin(x * 170))
    strap = m["strap_width"] - np.abs(-y - foot - m["strap_at"] - 0.12 * (x - 0.6))
    band = canvas.cover(strap) * m["strap"] * (x > 0.42)
    paint = paint + band * m["strap_light"] - 0.2 * np.exp(-((strap / 0.012) ** 2)) * m["strap"] * (x > 0.42)
    buckle = canvas.cover(ellipse(canvas, 0.6, -(m["strap_at"] + m["sole"] + 0.35 * m["heel"]), 0.035, 0.035))
    return paint + buckle * m["strap"] * 0.35


def sole(picture: Floats, canvas: Canvas, m: Measures, foot: Floats) -> Floats:
    """The sole under the foot: it follows a raised heel, or as a wedge fills the space down to the ground."""
    x, height = canvas.x, -canvas.y
    bottom = np.maximum(foot - m["sole"] - 0.004, 0) * (1 - m["wedge"])
    spring = m["toe_spring"] * np.clip(1 - x / 0.16, 0, 1) ** 2
    bottom = np.where(x < 0.3, np.maximum(bottom * 0, spring), bottom)
    ends = np.minimum(x - 0.005, 0.995 - x)
    depth = np.minimum(np.minimum(foot - height, height - bottom), ends)
    grooves = m["tread"] * np.sin(2 * np.pi * x * 13) * (height < 0.45 * m["sole"])
    stripe = m["sole_stripe"] * np.exp(-(((height - bottom - 0.55 * m["sole"]) / 0.012) ** 2))
    shade = m["sole_shade"] * (0.5 - np.clip((height - bottom) / np.maximum(foot - bottom, 0.02), 0, 1))
    ink = np.clip(m["sole_tone"] + grooves + stripe + shade, 0.03, 0.97)
    edge = 1 - 0.25 * np.exp(-(((foot - height) / 0.01) ** 2)) * (picture < 0.98)
    return over(picture * edge, canvas.cover(depth), 1 - ink)
