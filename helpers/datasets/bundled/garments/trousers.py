"""Trousers from the front: the waist at y = 0, the ankles at y = 1, x = 0 in the middle."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from helpers.datasets.bundled.garments.accidents import Accidents
from helpers.datasets.bundled.garments.cloth import lit, marked, material, over
from helpers.datasets.bundled.garments.measures import Measures
from helpers.datasets.bundled.garments.shapes import Canvas, framed, profile, rounded, steepness

if TYPE_CHECKING:
    from helpers.datasets.bundled.garments.measures import Floats


def draw(m: Measures, chances: Accidents, side: int) -> Floats:
    """How bright each pixel of n photographs is, (n, side, side), on a white ground."""
    reach = np.maximum.reduce([m["waist"], m["hip"], m["apart"] + 2 * m["ankle"], m["apart"] + 2 * m["knee"]])
    canvas = framed((-reach, reach, np.float32(0), np.float32(1)), side, m, chances)
    goods = material(canvas, m, chances)
    y, x = canvas.y, canvas.x
    outer, inner = _edges(canvas, m)
    left, right = (outer - np.abs(x)) / steepness(outer, canvas, 1), np.abs(x) - inner
    dip = m["waist_dip"] * np.clip(1 - (x / m["waist"]) ** 2, 0, 1)
    hem = 1 - m["uneven"] * x
    depth = np.minimum(np.minimum(left, np.where(y > m["crotch"], right, 1)), np.minimum(y - dip, hem - y))
    middle = np.maximum((outer + inner) / 2, 1e-3)
    leg = np.where(
        y > m["crotch"], (np.abs(x) - middle) / np.maximum((outer - inner) / 2, 0.01) * np.sign(x), x / outer
    )
    band = np.clip((m["waistband"] - y + dip) * 60, 0, 1) + np.clip((m["cuff_band"] - 1 + y) * 60, 0, 1)
    paint = lit(goods, m, np.minimum(left, right + (y < m["crotch"])), leg, band * m["band_ink"])
    paint = paint * (1 - m["crease"] * np.exp(-(((np.abs(x) - middle) / 0.012) ** 2)) * (y > 0.12))
    inside = np.clip(marked(paint, m, _seams(canvas, m, outer)) + _worn(canvas, m, middle), 0, 0.97)
    ground: Floats = np.ones_like(paint)
    back = canvas.cover(np.minimum(np.minimum(left, y), dip + 0.01 - y)) * (m["waist_dip"] > 0.01)
    ground = over(ground, back, np.clip(goods.light * m["inside"], 0, 0.95))
    return over(ground, canvas.cover(depth), inside)


def _edges(canvas: Canvas, m: Measures) -> tuple[Floats, Floats]:
    """The outer and inner edge of a leg at each height."""
    y, zero = canvas.y, np.zeros_like(m["waist"])
    outer = profile(
        y,
        [
            (zero, m["waist"]),
            (m["crotch"] * 0.7, m["hip"]),
            (m["crotch"] + 0.02, np.maximum(m["hip"] * 0.98, 2 * m["knee"])),
            (zero + 0.6, m["apart"] * 0.5 + 2 * m["knee"]),
            (zero + 1, m["apart"] + 2 * m["ankle"]),
        ],
    )
    inner = profile(
        y, [(m["crotch"], zero + 0.001), (zero + 0.6, m["apart"] * 0.5 + m["gap"]), (zero + 1, m["apart"])]
    )
    return rounded(outer, 1, 3), inner


def _seams(canvas: Canvas, m: Measures, outer: Floats) -> Floats:
    """The fly, the seam between the legs, pockets and belt loops: darker lines."""
    x, y = np.abs(canvas.x), canvas.y
    above = np.clip((m["crotch"] - y) / canvas.pixel, 0, 1)
    fly = np.exp(-((x / 0.008) ** 2)) * np.clip((m["crotch"] + 0.03 - y) * 40, 0, 1) * m["fly"]
    between = np.exp(-((x / 0.01) ** 2)) * (1 - above) * m["between"]
    pocket = outer * 0.95 - (y - m["waistband"]) * 0.9 - x
    pockets = (
        np.exp(-((pocket / 0.009) ** 2)) * (y > m["waistband"]) * (y < 0.16) * m["pockets"] * m["pocket_ink"]
    )
    belt = np.exp(-(((y - m["waistband"]) / 0.008) ** 2)) * (m["waistband"] > 0) * 0.3
    rays = np.sin(40 * (y - m["crotch"]) + 90 * x) * np.exp(
        -(((y - m["crotch"]) / 0.06) ** 2) - (x / 0.09) ** 2
    )
    seams: Floats = np.clip(fly + between + pockets + belt + m["creases"] * rays, -0.3, 0.8)
    return seams


def _worn(canvas: Canvas, m: Measures, middle: Floats) -> Floats:
    """Denim that is faded on the thighs and knees."""
    x, y = np.abs(canvas.x), canvas.y
    thigh = np.exp(-(((x - middle) / 0.04) ** 2) - ((y - 0.4) / 0.2) ** 2)
    return m["faded"] * thigh
