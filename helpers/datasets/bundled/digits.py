"""Handwritten digits in the manner of MNIST, drawn from stroke templates.

A digit is made as a hand would make it. A style is chosen from digits.toml; its proportions are blended at
random; the points are shaken, each stroke is moved and turned a little, its ends run over or fall short; then
the whole is slanted, squeezed, turned and bent. A pen of some width, uneven along the way, draws it into the
box of 20 × 20 pixels that MNIST uses, placed with the ink's centre of mass in the middle of 28 × 28.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from helpers.datasets.bundled import checked_labels, checked_seed
from helpers.datasets.bundled.pen import ink
from helpers.datasets.bundled.templates import SAMPLES, Style, load_styles

if TYPE_CHECKING:
    from numpy.typing import NDArray

CLASS_NAMES: tuple[str, ...] = tuple("0123456789")
SIDE = 28
BOX = 20
CHUNK = 256
MODES = 4


def render(labels: NDArray[np.integer], seed: int) -> NDArray[np.float32]:
    """Draw one digit for each label, white ink on black.

    labels: (n,) digits 0 to 9. Returns (n, 28, 28, 1) float32 in [0, 1]. Image i depends on labels[i], on i
    and on the seed, not on n or the other labels: a longer list begins with the same images.
    Raises WorkshopError for labels that are no digits or a seed below 0.
    """
    digits = checked_labels(labels, len(CLASS_NAMES))
    writer = _Chance(checked_seed(seed))
    images = np.zeros((len(digits), SIDE, SIDE, 1), dtype=np.float32)
    for start in range(0, len(digits), CHUNK):
        chunk = digits[start : start + CHUNK]
        images[start : start + CHUNK, :, :, 0] = _draw(chunk, writer)
    return images


class _Chance:
    """One stream of random numbers for each thing that varies, so that image i's are its own for any n."""

    def __init__(self, seed: int) -> None:
        self._seed = seed
        self._streams: dict[str, np.random.Generator] = {}

    def _stream(self, what: str) -> np.random.Generator:
        key = (1, *what.encode())
        if what not in self._streams:
            self._streams[what] = np.random.default_rng(np.random.SeedSequence(self._seed, spawn_key=key))
        return self._streams[what]

    def normal(self, what: str, *shape: int) -> NDArray[np.float64]:
        return self._stream(what).standard_normal(shape)

    def uniform(self, what: str, *shape: int) -> NDArray[np.float64]:
        return self._stream(what).random(shape)


def _draw(digits: NDArray[np.int64], chance: _Chance) -> NDArray[np.float64]:
    haste = np.exp(0.6 * chance.normal("haste", len(digits)))
    lines, stroke = _lines(digits, haste, chance)
    lines = _bend(_lean(lines, chance), haste, chance)
    radius = _radius(haste, chance)
    lines = _fit(lines, radius)
    joined = stroke[:, 1:] == stroke[:, :-1]
    return _centre(ink(lines, radius, joined, BOX, softness=1.1))


def _lines(
    digits: NDArray[np.int64], haste: NDArray[np.float64], chance: _Chance
) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """The samples (n, SAMPLES, 2) of each digit in its style's blend, and their strokes (n, SAMPLES)."""
    n = len(digits)
    styles = load_styles("digits.toml")
    choice = _choose_styles(digits, styles, chance.uniform("style", n))
    blend = (-np.log1p(-chance.uniform("blend", n, max(len(style.points) for style in styles)))) ** 1.7
    shake = chance.normal("shake", n, max(len(style.owner) for style in styles) + 2, 2)
    shake = 0.5 * shake[:, :-2] + 0.7 * shake[:, 1:-1] + 0.5 * shake[:, 2:]
    shake *= 0.02 * haste[:, None, None]
    strokes = 0.02 * haste[:, None, None] * chance.normal("strokes", n, 3, 2)
    turns = 0.06 * haste[:, None] * chance.normal("turns", n, 3)
    ends = 0.03 * haste[:, None, None] * chance.normal("ends", n, 3, 2)
    lines = np.zeros((n, SAMPLES, 2))
    stroke = np.zeros((n, SAMPLES), dtype=np.int64)
    for i, style in enumerate(styles):
        rows = np.flatnonzero(choice == i)
        if not rows.size:
            continue
        weight = blend[rows, : len(style.points)]
        weight = weight / weight.sum(axis=1, keepdims=True)
        weight = 1 / len(style.points) + 1.15 * (weight - 1 / len(style.points))
        points = np.einsum("ns,spc->npc", weight, style.points) + shake[rows, : len(style.owner)]
        drawn = np.einsum("tp,npc->ntc", style.curve, points)
        drawn = _overrun(drawn, style.stroke, ends[rows])
        if style.stroke.max() > 0:
            drawn = _loosen(drawn, style.stroke, strokes[rows], turns[rows])
        lines[rows] = drawn
        stroke[rows] = style.stroke
    return lines, stroke


def _choose_styles(
    digits: NDArray[np.int64], styles: tuple[Style, ...], dice: NDArray[np.float64]
) -> NDArray[np.int64]:
    """(n,) indices into styles, each of its digit, as often as the shares say."""
    choice = np.zeros(len(digits), dtype=np.int64)
    for digit in range(len(CLASS_NAMES)):
        own = np.array([i for i, style in enumerate(styles) if style.label == digit])
        shares = np.cumsum([styles[i].share for i in own])
        rows = digits == digit
        choice[rows] = own[np.searchsorted(shares / shares[-1], dice[rows], side="right")]
    return choice


def _overrun(
    lines: NDArray[np.float64], stroke: NDArray[np.int64], ends: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Let each stroke begin and end a little before or after its template does."""
    result = np.empty_like(lines)
    for i in range(stroke.max() + 1):
        own = np.flatnonzero(stroke == i)
        last = len(own) - 1
        start, stop = ends[:, i, 0] * last, (1 + ends[:, i, 1]) * last
        at = start[:, None] + (stop - start)[:, None] * np.linspace(0, 1, len(own))
        low = np.clip(np.floor(at).astype(np.int64), 0, last - 1)
        part = (at - low)[..., None]
        line = lines[:, own]
        before = np.take_along_axis(line, low[..., None], axis=1)
        after = np.take_along_axis(line, low[..., None] + 1, axis=1)
        result[:, own] = before + part * (after - before)
    return result


def _loosen(
    lines: NDArray[np.float64],
    stroke: NDArray[np.int64],
    shifts: NDArray[np.float64],
    turns: NDArray[np.float64],
) -> NDArray[np.float64]:
    """Move and turn each stroke against the others."""
    result = np.empty_like(lines)
    for i in range(stroke.max() + 1):
        own = stroke == i
        middle = lines[:, own].mean(axis=1, keepdims=True)
        offset = lines[:, own] - middle
        turn = turns[:, i, None, None]
        turned = offset + turn * np.stack([-offset[..., 1], offset[..., 0]], axis=-1)
        result[:, own] = middle + turned + shifts[:, None, i]
    return result


def _lean(lines: NDArray[np.float64], chance: _Chance) -> NDArray[np.float64]:
    """Slant, squeeze and turn each digit as a whole."""
    n = len(lines)
    slant = 0.12 + 0.27 * chance.normal("slant", n)
    squeeze = np.exp(-0.05 + 0.13 * chance.normal("squeeze", n))
    turn = 0.08 * chance.normal("turn", n)
    x, y = lines[..., 0] - 0.4, lines[..., 1] - 0.5
    x = x * squeeze[:, None] - y * slant[:, None]
    cos, sin = np.cos(turn)[:, None], np.sin(turn)[:, None]
    return np.stack([cos * x - sin * y, sin * x + cos * y], axis=-1)


def _bend(lines: NDArray[np.float64], haste: NDArray[np.float64], chance: _Chance) -> NDArray[np.float64]:
    """Stretch the paper unevenly: second-degree terms, and a few long waves."""
    n = len(lines)
    x, y = lines[..., 0], lines[..., 1]
    terms = np.stack([x * x, x * y, y * y], axis=-1)
    bent = np.einsum("ntk,nkc->ntc", terms, 0.12 * chance.normal("bend", n, 3, 2))
    pitch = 4.5 * chance.normal("pitch", n, MODES, 2)
    phase = 2 * np.pi * chance.uniform("phase", n, MODES)
    waves = np.sin(np.einsum("ntc,nmc->ntm", lines, pitch) + phase[:, None])
    bent += np.einsum("ntm,nmc->ntc", waves, 0.013 * chance.normal("wave", n, MODES, 2))
    return np.asarray(lines + haste[:, None, None] * bent)


def _radius(haste: NDArray[np.float64], chance: _Chance) -> NDArray[np.float64]:
    """(n, SAMPLES): half the pen's width in pixels along the way."""
    n = len(haste)
    width = 1.2 * np.exp(0.28 * chance.normal("width", n))
    way = np.linspace(0, 1, SAMPLES)
    pitch = 2 * np.pi * 4 * chance.uniform("press pitch", n, MODES)
    phase = 2 * np.pi * chance.uniform("press phase", n, MODES)
    waves = np.sin(way[None, :, None] * pitch[:, None] + phase[:, None])
    press = 0.045 * haste[:, None] * np.einsum("ntm,nm->nt", waves, chance.normal("press", n, MODES))
    return np.asarray(np.maximum(width[:, None] * np.exp(press), 0.55))


def _fit(lines: NDArray[np.float64], radius: NDArray[np.float64]) -> NDArray[np.float64]:
    """Scale each digit, ink included, to fill the box in its longer direction, centred in the other."""
    low, high = lines.min(axis=1), lines.max(axis=1)
    room = BOX - 2 * radius.mean(axis=1)
    scale = room / (high - low).max(axis=1)
    return np.asarray(BOX / 2 + (lines - ((low + high) / 2)[:, None]) * scale[:, None, None])


def _centre(boxes: NDArray[np.float32]) -> NDArray[np.float64]:
    """Place (n, BOX, BOX) in (n, SIDE, SIDE), the centre of mass as near the middle as whole pixels allow."""
    mass = np.maximum(boxes.sum(axis=(1, 2)), 1e-9)
    places = np.arange(BOX)
    spare = SIDE - BOX
    top = np.clip(np.rint(14 - boxes.sum(axis=2) @ places / mass).astype(np.int64), 0, spare)
    left = np.clip(np.rint(14 - boxes.sum(axis=1) @ places / mass).astype(np.int64), 0, spare)
    images = np.zeros((len(boxes), SIDE, SIDE))
    rows = (top[:, None] + places)[:, :, None]
    columns = (left[:, None] + places)[:, None, :]
    images[np.arange(len(boxes))[:, None, None], rows, columns] = boxes
    return images
