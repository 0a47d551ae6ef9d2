"""Garments that hang from the shoulders: T-shirts, pullovers, dresses, coats and shirts, seen from the front.

The height of the garment from the neck to the hem is 1; x = 0 is its middle, y = 0 the top of its shoulders.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from helpers.datasets.bundled.garments.accidents import Accidents, enlarged
from helpers.datasets.bundled.garments.cloth import Material, lit, marked, material, over
from helpers.datasets.bundled.garments.measures import Measures
from helpers.datasets.bundled.garments.shapes import (
    Canvas,
    Tube,
    ellipse,
    framed,
    profile,
    rounded,
    smooth_step,
    steepness,
    tube,
)

if TYPE_CHECKING:
    from helpers.datasets.bundled.garments.measures import Floats, Number

RADIANS = np.float32(np.pi / 180)


def draw(m: Measures, chances: Accidents, side: int) -> Floats:
    """How bright each pixel of n photographs is, (n, side, side), on a white ground."""
    canvas = _canvas(m, chances, side)
    goods = material(canvas, m, chances)
    picture = np.ones((len(m), side, side), dtype=np.float32)
    picture = _behind(picture, canvas, goods, m)
    picture = _sleeves(picture, canvas, goods, m)
    picture, body = _torso(picture, canvas, goods, m)
    picture = _front(picture, canvas, goods, m, body)
    picture = _pockets(picture, canvas, m, body)
    picture = _emblem(picture, canvas, m, chances, body)
    picture = _belt(picture, canvas, goods, m, body)
    return _collar(picture, canvas, goods, m)


def _canvas(m: Measures, chances: Accidents, side: int) -> Canvas:
    trunk = np.maximum.reduce([m["shoulder"], m["chest"], m["hem"], m["waist"]])
    (wrist_left, low_left), (wrist_right, low_right) = (_arm(m, end)[2][:2] for end in (-1.0, 1.0))
    left, right = (
        np.maximum(trunk, np.where(m["sleeve"] > 0, wrist + m["cuff"], 0))
        for wrist in (wrist_left, wrist_right)
    )
    low = np.maximum(low_left, low_right)
    above = np.maximum.reduce([m["stand"], 0.13 * m["hood"], 0.02 * (m["collar"] > 0)])
    below = np.maximum(1, np.where(m["sleeve"] > 0, low + 0.3 * m["cuff"], 0))
    return framed((-left, right, -above, below), side, m, chances)


def _arm(m: Measures, side: Number) -> tuple[tuple[Floats, Floats, Floats], ...]:
    """Shoulder, elbow and wrist: x, y, half width; the left one (side −1) hangs otherwise than the right."""
    turn = np.maximum(m["sleeve_turn"] + m["sleeve_askew"] * side, 0)
    elbow = m["elbow"] - m["elbow_askew"] * side
    upper, lower = turn * RADIANS, (turn - elbow) * RADIANS
    x = m["shoulder"] - 0.55 * m["sleeve_width"]
    y = m["drop"] + 0.8 * m["sleeve_width"]
    half = m["sleeve"] * 0.5
    ex, ey = x + half * np.sin(upper), y + half * np.cos(upper)
    wx, wy = ex + half * np.sin(lower), ey + half * np.cos(lower)
    return (x, y, m["sleeve_width"]), (ex, ey, (m["sleeve_width"] + m["cuff"]) / 2), (wx, wy, m["cuff"])


def _neck(m: Measures, x: Floats) -> Floats:
    """How deep the neckline is at x; 0 beside the neck."""
    away = np.abs(x - m["turned"]) / np.maximum(m["neck"], 1e-3)
    inside = np.clip(1 - away ** m["neck_shape"], 0, 1)
    return m["neck_depth"] * inside


def _behind(picture: Floats, canvas: Canvas, goods: Material, m: Measures) -> Floats:
    """A hood, and the back of the garment that is seen through the neckline."""
    rows = m.those_with("hood")
    if rows.size:
        c, o = canvas.take(rows), m.take(rows)
        hood = ellipse(c, 0, 0.03, o["neck"] * 1.45, 0.16)
        picture[rows] = over(picture[rows], c.cover(hood), lit(goods.take(rows), o, hood))
        inner = ellipse(c, 0, 0.06, o["neck"] * 0.95, 0.13)
        picture[rows] = over(picture[rows], c.cover(inner), lit(goods.take(rows), o, inner) * o["inside"])
    x = canvas.x - m["turned"]
    back = canvas.y - m["neck_back"] * (1 - (x / np.maximum(m["neck"], 1e-3)) ** 2)
    hole = np.minimum(m["neck"] - np.abs(x), np.minimum(back, _neck(m, canvas.x) + 0.02 - canvas.y))
    seen = canvas.cover(hole) * (m["neck_back"] < m["neck_depth"])
    return over(picture, seen, np.clip(goods.light * m["inside"], 0, 0.93))


def _sleeves(picture: Floats, canvas: Canvas, goods: Material, m: Measures) -> Floats:
    rows = m.those_with("sleeve")
    if not rows.size:
        return picture
    c, o, cloth = canvas.take(rows), m.take(rows), goods.take(rows)
    higher = o["uneven"] * c.x
    arm = tube(np.abs(c.x), c.y + higher, _arm(o, np.sign(c.x)), flat=True)
    darker = o["sleeve_ink"] + _band(1 - arm.along, o["cuff_band"], o) * o["band_ink"]
    paint = lit(cloth, o, arm.depth, arm.across * np.sign(c.x) * -1, darker)
    picture[rows] = over(picture[rows], c.cover(arm.depth), _elbow_folds(paint, arm, o))
    return picture


def _elbow_folds(paint: Floats, arm: Tube, m: Measures) -> Floats:
    """Creases across a long sleeve."""
    wave = np.sin(2 * np.pi * (arm.along * m["arm_folds"] + 0.35 * arm.across + m["shift"]))
    folded: Floats = np.clip(paint * (1 - m["arm_fold_depth"] * wave * np.abs(arm.across)), 0, 0.97)
    return folded


def _band(away: Floats, width: Floats, m: Measures) -> Floats:
    """1 within a band at an edge, with ribs."""
    return np.clip((width - away) * 60 + 0.5, 0, 1) * (width > 0)


def _torso(picture: Floats, canvas: Canvas, goods: Material, m: Measures) -> tuple[Floats, Floats]:
    y = canvas.y
    half = rounded(
        profile(
            y,
            [
                (np.float32(0), m["neck"] + 0.005),
                (m["drop"], m["shoulder"]),
                (0.6 * m["armpit"] + 0.4 * m["drop"], m["armhole"]),
                (m["armpit"], m["chest"]),
                (m["waist_at"], m["waist"]),
                (0.5 + 0.5 * m["waist_at"], (m["waist"] + m["hem"]) / 2 + m["flare"]),
                (np.float32(1), m["hem"]),
            ],
        ),
        axis=1,
    )
    x = canvas.x
    sides = (half - np.abs(x)) / steepness(half, canvas, axis=1)
    hem = 1 - m["hem_curve"] * (x / m["hem"]) ** 2 + m["hem_wave"] * np.sin(x * 40 + 6 * m["shift"])
    slope = np.sqrt(1 + (m["neck_depth"] / np.maximum(m["neck"], 0.02)) ** 2)
    depth = np.minimum(
        np.minimum(sides, hem - y),
        np.where(np.abs(x - m["turned"]) < m["neck"], (y - _neck(m, x)) / slope, y),
    )
    shadow = m["contact"] * np.exp(-np.maximum(-depth, 0) / 0.018) * (picture < 0.999)
    picture = marked(picture, m, shadow)
    across = x / half
    low = _band(1 - y, m["hem_band"], m)
    top = _band((y - _neck(m, x)) / slope, m["neck_band"], m)
    yoke = (y < m["yoke"]) * m["yoke_ink"]
    darker = np.maximum(low, top) * m["band_ink"] + yoke
    skirt = _pleats(canvas, m, across)
    return over(picture, canvas.cover(depth), lit(goods, m, depth, across, darker) * (1 - skirt)), depth


def _pleats(canvas: Canvas, m: Measures, across: Floats) -> Floats:
    """Folds of a skirt that fan out below the waist."""
    below = np.clip((canvas.y - m["waist_at"]) / (1 - m["waist_at"]), 0, 1)
    return m["pleats"] * below * np.sin(across * m["pleat_count"] + 6 * m["shift"])


def _front(picture: Floats, canvas: Canvas, goods: Material, m: Measures, body: Floats) -> Floats:
    """An opening down the front: open or closed, with buttons or a zip."""
    rows = m.those_with("opening")
    if not rows.size:
        return picture
    c, o = canvas.take(rows), m.take(rows)
    inside = c.cover(body[rows])
    x = c.x - o["turned"] - o["opening_at"] * (1 - np.clip((0.2 - c.y) * 5, 0, 1) * 0.7)
    begins = o["neck_depth"]
    down = np.clip((c.y - begins) / np.maximum(o["opening_until"] - begins, 0.05), 0, 1.2)
    closed = np.clip((o["opening_until"] - c.y) / c.pixel + 0.5, 0, 1) * np.clip(
        (c.y - begins) / c.pixel + 0.5, 0, 1
    )
    gap = o["gape"] * down - np.abs(x)
    gaping = inside * c.cover(gap) * (o["gape"] > 0)
    result = over(picture[rows], gaping, np.clip(goods.light[rows] * o["inside"] + o["see_through"], 0, 1))
    edge = np.abs(np.abs(x) - o["gape"] * down)
    line = np.exp(-((edge / o["placket_width"]) ** 2)) * o["placket"] * closed
    strip = c.cover(0.02 - np.abs(x - 0.008)) * o["strip"] * closed
    result = marked(result, o, inside * line)
    result = result + inside * strip * (0.97 - result)
    picture[rows] = _buttons(result, c, o, x, inside * closed)
    return picture


def _buttons(picture: Floats, canvas: Canvas, m: Measures, x: Floats, where: Floats) -> Floats:
    gap = (m["opening_until"] - m["neck_depth"]) / np.maximum(m["buttons"], 1)
    turn = (canvas.y - m["neck_depth"]) / gap - 0.4
    dy = (turn - np.rint(turn)) * gap
    dx = np.abs(x) - m["button_rows"]
    dot = canvas.cover(m["button_size"] - np.hypot(dx, dy)) * (m["buttons"] > 0) * where
    return picture + dot * m["button_light"] * np.where(picture > 0.5, -1, 1)


def _pockets(picture: Floats, canvas: Canvas, m: Measures, body: Floats) -> Floats:
    """Patch pockets, slanted pockets and one on the chest: their edges, seen as lines."""
    rows = m.those_with("pockets")
    if rows.size:
        c, o = canvas.take(rows), m.take(rows)
        x = np.abs(c.x)
        wide, high = o["pocket_width"], o["pocket_height"]
        slant = (x - o["pocket_x"]) * o["pocket_slant"]
        box = np.maximum(np.abs(x - o["pocket_x"]) - wide, np.abs(c.y - o["pocket_y"] + slant) - high)
        line = np.exp(-((box / 0.009) ** 2)) * o["pocket_ink"] * c.cover(body[rows])
        picture[rows] = marked(picture[rows], o, line)
    rows = m.those_with("chest_pocket")
    if rows.size:
        c, o = canvas.take(rows), m.take(rows)
        box = np.maximum(np.abs(c.x - 0.5 * o["chest"]) - 0.05, np.abs(c.y - o["armpit"] - 0.04) - 0.055)
        line = np.exp(-((box / 0.009) ** 2)) * 0.35 * c.cover(body[rows])
        picture[rows] = marked(picture[rows], o, line)
    return picture


def _emblem(picture: Floats, canvas: Canvas, m: Measures, chances: Accidents, body: Floats) -> Floats:
    """Letters or a picture on the chest."""
    rows = m.those_with("emblem")
    if not rows.size:
        return picture
    c, o = canvas.take(rows), m.take(rows)
    x, y = (c.x - o["emblem_x"]) / o["emblem_width"], (c.y - o["emblem_y"]) / o["emblem_height"]
    window = smooth_step(4 * (1 - np.maximum(np.abs(x), np.abs(y)))) * c.cover(body[rows])
    blots = enlarged(chances.weave[rows], picture.shape[1]) * o["emblem_blots"]
    lines = np.cos(2 * np.pi * y * o["emblem_lines"]) * (o["emblem_lines"] > 0.5)
    mark = np.clip(o["emblem_full"] + blots + lines, 0, 1) * window
    picture[rows] += mark * o["emblem_light"] * np.where(o["tone"] < 0.35, -1, 1)
    return picture


def _belt(picture: Floats, canvas: Canvas, goods: Material, m: Measures, body: Floats) -> Floats:
    rows = m.those_with("belt")
    if not rows.size:
        return picture
    c, o = canvas.take(rows), m.take(rows)
    depth = o["belt"] - np.abs(c.y - o["waist_at"] + 0.05 * c.x * (o["shift"] - 0.5))
    cover = c.cover(depth) * c.cover(body[rows])
    paint = lit(goods.take(rows), o, depth, darker=o["belt_ink"])
    edges = 0.4 * np.exp(-((depth / 0.007) ** 2)) * c.cover(body[rows])
    picture[rows] = marked(over(picture[rows], cover, paint), o, edges)
    return picture


def _collar(picture: Floats, canvas: Canvas, goods: Material, m: Measures) -> Floats:
    """The two sides of a shirt's collar or a coat's lapels; a turtleneck or a stand-up collar."""
    rows = m.those_with("collar")
    if rows.size:
        c, o = canvas.take(rows), m.take(rows)
        points = [
            (o["neck"] * 0.75, -0.01 - 0 * o["neck"], o["collar"] * 0.6),
            (o["neck"] * 1.05, o["collar_length"] * 0.35, o["collar"]),
            (o["collar_tip"], o["collar_length"], o["collar"] * 0.55),
        ]
        flap = tube(np.abs(c.x - o["turned"]), c.y, points, flat=True)
        shadow = 0.3 * np.exp(-np.abs(flap.depth - 0.002) / 0.01) * (picture[rows] < 0.999)
        paint = lit(goods.take(rows), o, flap.depth, darker=o["collar_ink"])
        picture[rows] = over(marked(picture[rows], o, shadow), c.cover(flap.depth), paint)
        edge = np.exp(-((flap.depth / 0.008) ** 2)) * o["collar_edge"] * (picture[rows] < 0.98)
        picture[rows] = marked(picture[rows], o, edge)
    rows = m.those_with("stand")
    if rows.size:
        c, o = canvas.take(rows), m.take(rows)
        half = o["neck"] * (1.02 + 0.25 * np.clip(c.y + o["stand"] * 0.3, 0, 1))
        bottom = o["neck_depth"] * (1 - (c.x / np.maximum(o["neck"] * 1.1, 0.02)) ** 2) + 0.015
        top = c.y + o["stand"] - 0.2 * o["neck"] * np.clip((c.x / o["neck"]) ** 2, 0, 1)
        depth = np.minimum(np.minimum(half - np.abs(c.x), bottom - c.y), top)
        paint = lit(goods.take(rows), o, depth, c.x / half, darker=o["collar_ink"])
        folds = 1 - 0.15 * np.sin(2 * np.pi * c.y / np.maximum(o["stand"], 0.03) * 1.3)
        picture[rows] = over(picture[rows], c.cover(depth), np.clip(paint * folds, 0, 0.97))
        under = 0.3 * np.exp(-np.abs(c.y - bottom) / 0.01) * (np.abs(c.x) < half) * (picture[rows] < 0.98)
        picture[rows] = marked(picture[rows], o, under)
    return picture
