"""A snapshot camera: where the hand comes to lie in the picture, and what becomes of the picture."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from helpers.datasets.bundled.flesh import SLEEVE, Flesh
from helpers.datasets.bundled.solids import Capsules

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from helpers.datasets.bundled.chance import Chance

    Floats = NDArray[np.floating]

GIRTH = 0.8
"""Flesh around the joints that the picture has to hold too, in cm."""


def framed(flesh: Flesh, size: Floats, side: int, chance: Chance) -> Capsules:
    """Place each hand in a picture of `side` pixels, from 60 cm to 110 cm away, and give it its tones.

    size: (n,), how much of the picture the hand fills, 1 for most.
    """
    n = len(size)
    low = flesh.reach[..., :2].min(axis=1) - GIRTH
    high = flesh.reach[..., :2].max(axis=1) + GIRTH
    room = np.clip(0.91 + 0.04 * chance.normal("room", n), 0.7, 1.1)
    scale = side * room * size / (high - low).max(axis=1)
    middle = side * (np.array([0.53, 0.5]) + 0.027 * chance.normal("middle", n, 2))
    distance = (60 + 50 * chance.uniform("distance", n))[:, None]

    def place(points: Floats) -> tuple[Floats, Floats]:
        grow = scale[:, None] * distance / np.maximum(distance - points[..., 2], 15)
        flat = (points[..., :2] - ((low + high) / 2)[:, None]) * grow[..., None] * np.array([1, -1])
        return np.concatenate([middle[:, None] + flat, points[..., 2:] * scale[:, None, None]], axis=2), grow

    start, at_start = place(flesh.start)
    stop, at_stop = place(flesh.stop)
    skin = 1.06 + 0.08 * chance.normal("skin", n)
    sleeve = np.where(chance.uniform("sleeve dark", n) < 0.8, 0.2, 0.7)
    nails = 0.06 + 0.12 * chance.uniform("nails", n)
    return Capsules(
        start=_single(start),
        stop=_single(stop),
        wide=_single(flesh.wide * at_start),
        narrow=_single(flesh.narrow * at_stop),
        blend=_single(flesh.blend * scale[:, None]),
        paint=_single(np.where(flesh.material == SLEEVE, sleeve[:, None], skin[:, None])),
        nail=_single(np.where(flesh.back.any(axis=2), nails[:, None], 0)),
        back=_single(flesh.back * np.array([1, -1, 1])),
    )


def developed(images: Floats, chance: Chance) -> Floats:
    """(n, side, side) scenes as the camera gives them: contrast, blur or sharpening, noise, 256 greys."""
    n, side, _ = images.shape
    contrast = np.exp(0.11 + 0.08 * chance.normal("contrast", n))[:, None, None]
    brightness = (0.61 + 0.03 * chance.normal("brightness", n))[:, None, None]
    images = brightness + (images - 0.6) * contrast
    shaken = 0.1 + 0.13 * chance.uniform("shake", n)
    steady = -0.01 + 0.03 * chance.normal("blur", n)
    images = _blurred(images, np.where(chance.uniform("shaken", n) < 0.12, shaken, steady))
    grain = 0.005 * chance.uniform("grain", n)[:, None, None]
    images = images + grain * chance.normal("noise", n, side, side)
    return np.asarray(np.rint(np.clip(images, 0, 1) * 255) / 255)


def _blurred(images: Floats, amount: Floats) -> Floats:
    """Mix each pixel with its neighbours, (n,) share to each side; negative amounts sharpen."""
    share = amount[:, None, None]
    for axis in (1, 2):
        padded = np.pad(images, [(0, 0), (axis == 1, axis == 1), (axis == 2, axis == 2)], mode="edge")
        before = padded[:, :-2] if axis == 1 else padded[:, :, :-2]
        after = padded[:, 2:] if axis == 1 else padded[:, :, 2:]
        images = images + share * (before + after - 2 * images)
    return images


def _single(values: Floats) -> Floats:
    return values.astype(np.float32)
