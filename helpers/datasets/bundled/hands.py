"""Photographs of hands that sign, in the manner of Sign Language MNIST, drawn from a posed hand model.

A pose is chosen for the letter (hand_poses.toml), loosened at every joint, fleshed out and turned (hand_model.py),
placed in the picture, seen from the front (solids.py), lit (shading.py), put before a wall (backdrop.py) and
photographed: contrast, blur or sharpening, noise, 256 levels of grey.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from helpers.datasets.bundled.backdrop import backdrops
from helpers.datasets.bundled.chance import Chance
from helpers.datasets.bundled.hand_model import SLEEVE, Flesh, build
from helpers.datasets.bundled.hand_poses import choose_poses, load_poses
from helpers.datasets.bundled.shading import shade
from helpers.datasets.bundled.solids import FAR, Capsules, surface

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.floating]

SIDE = 28
FINE = 2
"""Fine pixels along each pixel's side."""
CHUNK = 1536
BATCH = 48
THREADS = 2
GIRTH = 0.8
"""Flesh around the joints that the picture has to hold too, in cm."""


def photograph(letters: NDArray[np.str_], seed: int) -> Floats:
    """One photograph for each letter: (n,) capital letters → (n, 28, 28, 1) float32 in [0, 1]."""
    chance = Chance(seed)
    images = np.zeros((len(letters), SIDE, SIDE, 1), dtype=np.float32)
    for start in range(0, len(letters), CHUNK):
        images[start : start + CHUNK, :, :, 0] = _photograph(letters[start : start + CHUNK], chance)
    return images


@dataclass(frozen=True)
class _Light:
    direction: Floats
    ambient: Floats
    hollow: Floats
    gloss: Floats
    falloff: Floats


def _photograph(letters: NDArray[np.str_], chance: Chance) -> Floats:
    n = len(letters)
    choice = choose_poses(letters, chance.uniform("pose", n))
    size = np.array([pose.size for pose in load_poses()], dtype=np.float32)[choice]
    capsules = _framed(build(choice, chance), size, chance)
    light = _light(n, chance)
    hand = np.zeros((n, SIDE, SIDE), dtype=np.float32)
    cover = np.zeros_like(hand)

    def draw(rows: NDArray[np.int64]) -> None:
        hand[rows], cover[rows] = _render(_rows(capsules, rows), _rows(light, rows))

    # Pictures of one pose have their fingers in about the same places, so they are drawn together.
    batches = np.array_split(np.argsort(choice, kind="stable"), max(1, n // BATCH))
    with ThreadPoolExecutor(THREADS) as pool:
        list(pool.map(draw, batches))
    return _developed(backdrops(n, SIDE, chance) * (1 - cover) + hand, chance)


def _rows(data: Any, rows: NDArray[np.int64]) -> Any:
    """The same dataclass with these rows of each of its arrays."""
    return type(data)(**{name: values[rows] for name, values in vars(data).items()})


def _render(capsules: Capsules, light: _Light) -> tuple[Floats, Floats]:
    """The hand, 0 around it, and how much of each pixel it covers."""
    seen = surface(capsules, SIDE * FINE)
    bright = shade(seen, light.direction, light.ambient, light.hollow, light.gloss, light.falloff)
    cover = (seen.depth > FAR / 2).astype(np.float32)
    return _coarse(bright * cover), _coarse(cover)


def _coarse(images: Floats) -> Floats:
    pixels = images.reshape(len(images), SIDE, FINE, SIDE, FINE)
    return (pixels[:, :, 0, :, 0] + pixels[:, :, 0, :, 1] + pixels[:, :, 1, :, 0] + pixels[:, :, 1, :, 1]) / 4


def _framed(flesh: Flesh, size: Floats, chance: Chance) -> Capsules:
    """Place the hand in the picture, and give it its tones."""
    n = len(flesh.start)
    low = flesh.reach[..., :2].min(axis=1) - GIRTH
    high = flesh.reach[..., :2].max(axis=1) + GIRTH
    room = np.clip(0.91 + 0.05 * chance.normal("room", n), 0.7, 1.1)
    scale = SIDE * FINE * room * size / (high - low).max(axis=1)
    middle = SIDE * FINE * (np.float32([0.53, 0.5]) + 0.035 * chance.normal("middle", n, 2))
    distance = 60 + 50 * chance.uniform("distance", n)
    centre = (low + high) / 2

    def place(points: Floats) -> tuple[Floats, Floats]:
        nearness = distance[:, None] / np.maximum(distance[:, None] - points[..., 2], 15)
        grow = scale[:, None] * nearness
        x = middle[:, 0, None] + (points[..., 0] - centre[:, 0, None]) * grow
        y = middle[:, 1, None] - (points[..., 1] - centre[:, 1, None]) * grow
        return np.stack([x, y, points[..., 2] * scale[:, None]], axis=2), grow

    start, grow_start = place(flesh.start)
    stop, grow_stop = place(flesh.stop)
    skin = 0.86 + 0.1 * chance.normal("skin", n)[:, None]
    sleeve = np.where(chance.uniform("sleeve dark", n) < 0.8, 0.2, 0.7)[:, None]
    return Capsules(
        start,
        stop,
        flesh.wide * grow_start,
        flesh.narrow * grow_stop,
        flesh.blend * scale[:, None],
        np.where(flesh.material == SLEEVE, sleeve, skin),
        np.where(flesh.nail, 0.12, 0) * (0.5 + chance.uniform("nails", n))[:, None],
        flesh.back * np.float32([1, -1, 1]),
    )


def _light(n: int, chance: Chance) -> _Light:
    """A window at the left for most; for some the light comes from anywhere."""
    odd = chance.uniform("odd light", n) < 0.12
    side = np.radians(-162 + np.where(odd, 80, 24) * chance.normal("light side", n))
    front = np.radians(18 + np.where(odd, 30, 13) * chance.normal("light front", n))
    direction = np.stack([np.cos(side) * np.cos(front), np.sin(side) * np.cos(front), np.sin(front)], axis=1)
    return _Light(
        direction,
        0.2 + 0.22 * chance.uniform("ambient", n),
        0.8 + 1.6 * chance.uniform("hollow", n),
        0.15 * chance.uniform("gloss", n),
        0.6 * chance.uniform("falloff", n),
    )


def _developed(images: Floats, chance: Chance) -> Floats:
    """What the camera makes of the scene."""
    n = len(images)
    contrast = np.exp(0.15 + 0.12 * chance.normal("contrast", n))[:, None, None]
    offset = 0.02 + 0.035 * chance.normal("brightness", n)[:, None, None]
    images = 0.6 + (images - 0.6) * contrast + offset
    shaken = chance.uniform("shaken", n) < 0.12
    blur = np.where(shaken, 0.1 + 0.13 * chance.uniform("shake", n), -0.01 + 0.03 * chance.normal("blur", n))
    images = _blurred(images, blur)
    noise = 0.005 * chance.uniform("grain", n)[:, None, None] * chance.normal("noise", n, SIDE, SIDE)
    return np.rint(np.clip(images + noise, 0, 1) * 255) / 255


def _blurred(images: Floats, amount: Floats) -> Floats:
    """Mix each pixel with its neighbours, (n,) share to each side; negative amounts sharpen."""
    share = amount[:, None, None]
    for axis in (1, 2):
        padded = np.pad(images, [(0, 0), (axis == 1, axis == 1), (axis == 2, axis == 2)], mode="edge")
        before = padded[:, :-2] if axis == 1 else padded[:, :, :-2]
        after = padded[:, 2:] if axis == 1 else padded[:, :, 2:]
        images = images + share * (before + after - 2 * images)
    return images
