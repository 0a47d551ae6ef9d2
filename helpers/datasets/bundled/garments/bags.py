"""Bags from the front: the body 1 wide, its middle at x = 0, its top edge at y = 0, the handles above."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from helpers.datasets.bundled.garments.accidents import Accidents
from helpers.datasets.bundled.garments.cloth import Material, lit, marked, material, over
from helpers.datasets.bundled.garments.measures import Measures
from helpers.datasets.bundled.garments.shapes import Canvas, ellipse, framed, ring

if TYPE_CHECKING:
    from helpers.datasets.bundled.garments.measures import Floats


def draw(m: Measures, chances: Accidents, side: int) -> Floats:
    """How bright each pixel of n photographs is, (n, side, side), on a white ground."""
    above = np.maximum(m["handle"] * (1 + 0 * m["handle_width"]), m["long_strap"]) + m["handle_thick"]
    widest = np.maximum(0.5 * np.maximum(m["bag_top"], m["bag_bottom"]), m["handle_span"] * (m["handle"] > 0))
    canvas = framed(
        (-widest, widest, -above * (above > m["handle_thick"]), m["bag_height"]), side, m, chances
    )
    goods = material(canvas, m, chances)
    picture = np.ones((len(m), side, side), dtype=np.float32)
    picture = _strap(picture, canvas, goods, m)
    picture = _handles(picture, canvas, goods, m, behind=True)
    picture, body = _body(picture, canvas, goods, m)
    picture = _flap(picture, canvas, goods, m, body)
    picture = _details(picture, canvas, m, body)
    return _handles(picture, canvas, goods, m, behind=False)


def _body(picture: Floats, canvas: Canvas, goods: Material, m: Measures) -> tuple[Floats, Floats]:
    """A trapezium with round corners, its top edge hollow or arched."""
    height = m["bag_height"]
    sag = m["bag_sag"] * (1 - np.clip(np.abs(canvas.x) * 2.2, 0, 1) ** 2)
    down = np.clip((canvas.y - sag) / height, 0, 1)
    bulge = m["bag_bulge"] * np.sin(np.pi * down)
    half = 0.5 * (m["bag_top"] + (m["bag_bottom"] - m["bag_top"]) * down) + bulge
    corner = m["bag_corner"]
    dx = np.abs(canvas.x) - half + corner
    dy = np.abs(canvas.y - (height + sag) / 2) - (height - sag) / 2 + corner
    depth = corner - np.hypot(np.maximum(dx, 0), np.maximum(dy, 0)) - np.minimum(np.maximum(dx, dy), 0)
    gusset = np.clip((np.abs(canvas.x) - half + m["gusset_width"]) / canvas.pixel, 0, 1) * (
        m["gusset_width"] > 0
    )
    bottom = np.clip((canvas.y - height + m["base"]) / canvas.pixel, 0, 1) * (m["base"] > 0)
    darker = gusset * 0.12 + bottom * m["base_ink"]
    paint = lit(goods, m, depth, canvas.x / np.maximum(half, 0.1), darker)
    return over(picture, canvas.cover(depth), paint), depth


def _handles(picture: Floats, canvas: Canvas, goods: Material, m: Measures, behind: bool) -> Floats:
    """Arched handles; the far one, higher and narrower, is seen behind the bag."""
    rows = m.those_with("second_handle" if behind else "handle")
    if not rows.size:
        return picture
    c, o, cloth = canvas.take(rows), m.take(rows), goods.take(rows)
    high = o["handle"] * (0.86 if behind else 1.0)
    hang = o["handle_hang"]
    shifted = 0.02 if behind else 0.0
    arch = ring(c, o["handle_at"] + shifted, hang, o["handle_span"], high + hang, o["handle_thick"], 2.6)
    legs = np.minimum(
        o["handle_thick"] - np.abs(np.abs(c.x - o["handle_at"]) - o["handle_span"]), o["handle_legs"] - c.y
    )
    depth = np.where(c.y < hang, arch, np.where(behind, -1.0, legs))
    shadow = 0.3 * np.exp(-np.abs(depth) / 0.012) * (c.y > 0) * (picture[rows] < 0.98)
    cover = c.cover(depth)
    paint = lit(cloth, o, depth, darker=o["handle_ink"])
    picture[rows] = over(marked(picture[rows], o, shadow), cover, paint)
    return picture


def _strap(picture: Floats, canvas: Canvas, goods: Material, m: Measures) -> Floats:
    """A long thin strap that lies in a loop above the bag."""
    rows = m.those_with("long_strap")
    if not rows.size:
        return picture
    c, o, cloth = canvas.take(rows), m.take(rows), goods.take(rows)
    loop = ring(c, o["handle_at"], 0.08, o["strap_span"], o["long_strap"] + 0.08, o["strap_width"], 2.0)
    depth = np.where(c.y < 0.12, loop, -1.0)
    picture[rows] = over(picture[rows], c.cover(depth), lit(cloth, o, depth, darker=o["handle_ink"]))
    return picture


def _flap(picture: Floats, canvas: Canvas, goods: Material, m: Measures, body: Floats) -> Floats:
    rows = m.those_with("flap")
    if not rows.size:
        return picture
    c, o = canvas.take(rows), m.take(rows)
    edge = o["flap"] * o["bag_height"] * (1 - o["flap_curve"] * (2 * np.abs(c.x)) ** 2) - c.y
    inside = c.cover(body[rows])
    paint = lit(goods.take(rows), o, np.minimum(edge, body[rows]), c.x * 2, darker=o["flap_ink"])
    shadow = 0.35 * np.exp(-np.abs(edge + 0.006) / 0.014)
    picture[rows] = over(picture[rows], inside * c.cover(edge), paint)
    picture[rows] = marked(picture[rows], o, inside * shadow)
    return picture


def _details(picture: Floats, canvas: Canvas, m: Measures, body: Floats) -> Floats:
    """Zips, pockets, seams, quilting, a clasp."""
    x, y, inside = canvas.x, canvas.y, canvas.cover(body)
    zip_line = np.exp(-(((y - m["zip_at"] * m["bag_height"]) / 0.012) ** 2)) * (np.abs(x) < 0.42) * m["zip"]
    wide, high = m["pocket_width"], m["pocket_height"]
    box = np.maximum(np.abs(x) - wide, np.abs(y - m["pocket_y"] * m["bag_height"]) - high)
    pocket = np.exp(-((box / 0.012) ** 2)) * m["pockets"] * m["pocket_ink"]
    quilt = np.abs(np.sin((x + y) * m["quilt_pitch"]) * np.sin((x - y) * m["quilt_pitch"]))
    quilting = m["quilt"] * np.exp(-((quilt / 0.25) ** 2))
    piping = m["piping"] * np.exp(-(((body - 0.03) / 0.012) ** 2))
    picture = marked(picture, m, inside * np.clip(0.45 * zip_line + pocket + quilting + piping, 0, 0.8))
    size = np.maximum(m["clasp"], 0.01)
    clasp = ellipse(canvas, 0, m["clasp_at"] * m["bag_height"], size, size * 0.8)
    mark = canvas.cover(clasp) * inside * (m["clasp"] > 0)
    return over(picture, mark, np.clip(m["clasp_light"], 0, 0.95))
