"""What a garment is made of: how light its cloth is at each pixel, how it folds, how light falls on it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from helpers.datasets.bundled.garments.accidents import CREASES, Accidents, enlarged
from helpers.datasets.bundled.garments.measures import Measures
from helpers.datasets.bundled.garments.shapes import Canvas

if TYPE_CHECKING:
    from helpers.datasets.bundled.garments.measures import Floats, Number


@dataclass(frozen=True)
class Material:
    """What every part of a garment is cut from, at each pixel.

    light: how much light the cloth gives back, 0 to 1; folds: by what share they make it lighter or darker.
    """

    light: Floats
    folds: Floats

    def take(self, rows: Any) -> Material:
        """That of some of the garments."""
        return Material(self.light[rows], self.folds[rows])


def material(canvas: Canvas, m: Measures, chances: Accidents) -> Material:
    """The cloth of n garments, laid over their pictures."""
    side = canvas.y.shape[1]
    tone = m["tone"] + m["heather"] * enlarged(chances.weave, side)
    pattern = np.zeros((len(m), side, side), dtype=np.float32)
    for name, draw in (("stripes", _stripes), ("checks", _checks), ("prints", _prints), ("ribs", _ribs)):
        rows = m.those_with(name)
        if rows.size:
            pattern[rows] += m.take(rows)[name] * draw(canvas.take(rows), m.take(rows), chances.take(rows))
    other = np.where(m["tone"] > 0.5, -1, 1)
    ink = tone + other * pattern
    return Material(1 - np.clip(ink, 0.02, 0.98), _folds(canvas, m, chances))


def _wave(along: Floats, m: Measures) -> Floats:
    """Bands from 0 to 1; `sharp` makes their edges hard, `thin` makes them narrow."""
    swing = np.sin(2 * np.pi * (along * m["bands"] + m["shift"]))
    return 0.5 + 0.5 * np.tanh(m["sharp"] * (swing - m["thin"]))


def _stripes(canvas: Canvas, m: Measures, chances: Accidents) -> Floats:
    turn = m["turn"] * np.float32(np.pi / 180)
    stripes: Floats = _wave(canvas.y * np.cos(turn) + canvas.x * np.sin(turn), m)
    return (
        stripes
        * np.clip((canvas.y - m["from"]) * 20 + 1, 0, 1)
        * np.clip((m["until"] - canvas.y) * 20 + 1, 0, 1)
    )


def _checks(canvas: Canvas, m: Measures, chances: Accidents) -> Floats:
    return (_wave(canvas.y, m) + _wave(canvas.x, m)) / 2


def _prints(canvas: Canvas, m: Measures, chances: Accidents) -> Floats:
    side = canvas.y.shape[1]
    coarse, fine = enlarged(chances.print, side), enlarged(chances.weave, side)
    blend = coarse + m["detail"] * (fine - coarse)
    return 0.5 + 0.5 * np.tanh(m["sharp"] * (blend - 2 * m["thin"]))


def _ribs(canvas: Canvas, m: Measures, chances: Accidents) -> Floats:
    return _wave(canvas.x * (1 + 0.15 * canvas.x), m) - 0.5


def _folds(canvas: Canvas, m: Measures, chances: Accidents) -> Floats:
    """Soft hanging folds, unevenness, and sharp creases with a light and a dark side."""
    side = canvas.y.shape[1]
    folds = m["drape"] * enlarged(chances.drape, side) + m["crumple"] * enlarged(chances.crumple, side)
    rows = m.those_with("creases")
    if rows.size:
        folds[rows] += _creases(canvas.take(rows), m.take(rows), chances.creases[rows])
    return folds


def _creases(canvas: Canvas, m: Measures, numbers: Floats) -> Floats:
    result = np.zeros(np.broadcast_shapes(canvas.x.shape, canvas.y.shape), dtype=np.float32)
    for i in range(CREASES):
        px, py, turn, wide, long, deep = numbers[:, i].T[..., None, None]
        angle = m["crease_turn"] * np.sign(px - 0.5) * np.float32(np.pi / 180) + 1.1 * (turn - 0.5)
        x, y = canvas.x - 0.7 * (px - 0.5), canvas.y - py
        across = (x * np.cos(angle) - y * np.sin(angle)) / (0.015 + 0.035 * wide)
        along = (x * np.sin(angle) + y * np.cos(angle)) / (0.08 + 0.2 * long)
        result += (deep + 0.3) * across * np.exp(-(across * across + along * along))
    return m["creases"] * result


def lit(goods: Material, m: Measures, depth: Floats, across: Number = 0.0, darker: Number = 0.0) -> Floats:
    """How bright a part is in the photograph: its cloth, folded, under soft light from the left and above.

    depth: the part's, so that its rim turns away; across: −1 at its left side to 1 at its right, as a body is
    round; darker: ink that is added to the cloth's own.
    """
    cloth = np.clip(goods.light - darker, 0.02, 0.98)
    rim = m["rim"] * np.exp(-np.maximum(depth, 0) / m["rim_width"])
    sheen = m["gloss"] * (goods.folds + rim * (1 - cloth))
    round_ = m["side_light"] * across + m["body"] * across * across
    light = 1 + goods.folds * (1.1 - 0.7 * cloth) - rim - round_  # pale cloth lights up its own folds
    bright: Floats = np.clip(cloth * light + sheen, 0.0, 0.97)
    return bright


def over(picture: Floats, cover: Floats, paint: Number) -> Floats:
    """The picture with something laid over it."""
    result: Floats = picture + cover * (paint - picture)
    return result


def marked(picture: Floats, m: Measures, strength: Floats) -> Floats:
    """A seam, an edge or a crease drawn on: darker on light cloth, a little lighter on dark cloth."""
    dark = np.clip((m["tone"] - 0.55) * 10, 0, 1)
    drawn: Floats = picture * (1 - strength * (1 - dark)) + 0.35 * strength * dark * (1 - picture)
    return drawn
