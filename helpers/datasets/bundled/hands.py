"""Photographs of hands that sign, in the manner of Sign Language MNIST, drawn from a posed hand model.

A pose is chosen for the letter and loosened at every joint (hand_poses), fleshed out and turned (hand_model
and flesh), placed in the picture (camera), seen from the front (solids), lit (shading), put before a wall
(backdrop) and photographed (camera again). All are right hands, as all of the real set are.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import numpy as np

from helpers.datasets.bundled.backdrop import backdrops
from helpers.datasets.bundled.camera import developed, framed
from helpers.datasets.bundled.chance import Chance
from helpers.datasets.bundled.hand_model import build
from helpers.datasets.bundled.hand_poses import Held, choose_poses, hold
from helpers.datasets.bundled.shading import Light, shade
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


def photograph(letters: NDArray[np.str_], seed: int) -> NDArray[np.float32]:
    """One photograph for each letter: (n,) capital letters → (n, 28, 28, 1) float32 in [0, 1]."""
    chance = Chance(seed)
    images = np.zeros((len(letters), SIDE, SIDE, 1), dtype=np.float32)
    for start in range(0, len(letters), CHUNK):
        images[start : start + CHUNK, :, :, 0] = _photograph(letters[start : start + CHUNK], chance)
    return images


def _photograph(letters: NDArray[np.str_], chance: Chance) -> Floats:
    choice = choose_poses(letters, chance.uniform("pose", len(letters)))
    return pictures(hold(choice, chance), choice, chance)


def pictures(held: Held, poses: NDArray[np.integer], chance: Chance) -> Floats:
    """Photographs of n hands, (n, 28, 28) in 256 greys from 0 to 1; ask for no more than CHUNK at a time.

    poses: (n,), the same number for hands in about the same pose; it costs only time if they aren't.
    """
    n = len(poses)
    capsules = framed(build(held, chance), held.size, SIDE * FINE, chance)
    light = _light(n, chance)
    hand = np.zeros((n, SIDE, SIDE), dtype=np.float32)
    cover = np.zeros_like(hand)

    def draw(rows: NDArray[np.int64]) -> None:
        hand[rows], cover[rows] = _render(_rows(capsules, rows), _rows(light, rows))

    # Pictures of one pose have their fingers in about the same places, so they are drawn together.
    batches = np.array_split(np.argsort(poses, kind="stable"), max(1, n // BATCH))
    with ThreadPoolExecutor(THREADS) as pool:
        list(pool.map(draw, batches))
    return developed(backdrops(n, SIDE, chance) * (1 - cover) + hand, chance)


def _rows(data: Any, rows: NDArray[np.int64]) -> Any:
    """The same dataclass with these rows of each of its arrays."""
    return type(data)(**{name: values[rows] for name, values in vars(data).items()})


def _render(capsules: Capsules, light: Light) -> tuple[Floats, Floats]:
    """The hand, 0 around it, and how much of each pixel it covers."""
    seen = surface(capsules, SIDE * FINE)
    cover = (seen.depth > FAR / 2).astype(np.float32)
    return _coarse(shade(seen, light) * cover), _coarse(cover)


def _coarse(images: Floats) -> Floats:
    pixels = images.reshape(len(images), SIDE, FINE, SIDE, FINE)
    return np.asarray(pixels.mean(axis=(2, 4)))


def _light(n: int, chance: Chance) -> Light:
    """A window at the left for most; for some the light comes from anywhere."""
    odd = chance.uniform("odd light", n) < 0.1
    side = np.radians(-162 + np.where(odd, 70, 18) * chance.normal("light side", n))
    front = np.radians(18 + np.where(odd, 28, 10) * chance.normal("light front", n))
    direction = [np.cos(side) * np.cos(front), np.sin(side) * np.cos(front), np.sin(front)]
    return Light(
        direction=np.stack(direction, axis=1).astype(np.float32),
        ambient=0.22 + 0.24 * chance.uniform("ambient", n),
        hollow=0.8 + 1.6 * chance.uniform("hollow", n),
        gloss=0.15 * chance.uniform("gloss", n),
        falloff=0.6 * chance.uniform("falloff", n),
    )
