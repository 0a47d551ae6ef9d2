"""Hands in poses that mean nothing: what the backbone has learned from (helpers.models.load_backbone).

Each sign is a pose drawn by chance: fingers stretched, bent, hooked or curled, a thumb anywhere, a hand seen
from one of several sides. None of them is one of the 24 letters: a finger or the thumb always differs much.
Everything else, from the loose joints to the camera, is as in the photographs of letters.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import numpy as np

from helpers.datasets.bundled import checked_labels, checked_seed
from helpers.datasets.bundled.chance import Chance
from helpers.datasets.bundled.hand_poses import Held, load_poses, loosened
from helpers.datasets.bundled.hands import CHUNK, SIDE, pictures

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.floating]

SIGNS = 240
CLASS_NAMES: tuple[str, ...] = tuple(f"sign {number}" for number in range(1, SIGNS + 1))

LOOSE, VARY = 5.0, (11.0, 7.0, 6.0)
"""How much joints and view vary, in degrees, as for the letters."""

# Ways to hold a finger: the bends of its three joints, in degrees, and how often they come.
FINGERS = np.array(
    [[4, 6, 4], [86, 103, 60], [14, 76, 40], [62, 12, 8], [42, 52, 40], [28, 30, 20], [45, 105, 58]]
)
OFTEN = np.array([0.30, 0.26, 0.10, 0.10, 0.10, 0.06, 0.08])
LIKE_ITS_NEIGHBOUR = 0.5
SPREAD = np.array([[-7, 19], [-12, 6], [-17, 3], [-25, 0]])

# Sides to see a hand from (upright with the palm to us, from the side, pointing to the right, pointing down):
# how often; turn, tilt and roll of the view, then both bends of the wrist; each with its standard deviation.
SIDES = np.array([0.60, 0.20, 0.13, 0.07])
VIEWS = np.array([[0, -8, 3, -10, 0], [72, 0, 8, -5, 0], [176, 48, 84, -38, 0], [-55, 22, -75, -5, 29]])
VIEWS_VARY = np.array([[25, 9, 6, 9, 0], [12, 9, 8, 8, 0], [8, 16, 6, 16, 0], [25, 10, 8, 5, 5]])

FINGERS_APART, THUMB_APART = 60, 40
"""A pose is no letter if one finger's whole bend, or the tip of the thumb, differs by so much, in degrees."""


def render(labels: NDArray[np.integer], seed: int) -> NDArray[np.float32]:
    """Draw one photograph of a hand for each label: (n,) numbers of signs from 0 → (n, 28, 28, 1) in [0, 1].

    Raises WorkshopError for labels that are no signs or a seed below 0.
    """
    signs = checked_labels(labels, SIGNS)
    chance = Chance(checked_seed(seed))
    images = np.zeros((len(signs), SIDE, SIDE, 1), dtype=np.float32)
    for start in range(0, len(signs), CHUNK):
        chosen = signs[start : start + CHUNK]
        rest = Held(**{name: values[chosen] for name, values in vars(poses()).items()})
        loose, vary = np.full(len(chosen), LOOSE), np.tile(VARY, (len(chosen), 1))
        held = loosened(rest, vary.astype(np.float32), loose.astype(np.float32), chance)
        images[start : start + CHUNK, :, :, 0] = pictures(held, chosen, chance)
    return images


@cache
def poses() -> Held:
    """The poses of all signs, always the same."""
    random = np.random.default_rng(2026)
    found: list[Held] = []
    while len(found) < SIGNS:
        pose = _pose(random)
        if not is_letter(pose) and not _is_rude(pose):
            found.append(pose)
    return Held(
        **{name: np.array([vars(pose)[name] for pose in found], np.float32) for name in vars(found[0])}
    )


def is_letter(pose: Held) -> bool:
    """Whether a single pose (its arrays have no first axis) is near one of a letter's.

    Near: every finger is bent as much, and the thumb's tip points where the letter's does, about. How far
    fingers are spread and from where the hand is seen doesn't count.
    """
    for letter in load_poses():
        fingers = np.abs(letter.bend.sum(axis=1) - pose.bend.sum(axis=1)).max()
        thumb = np.abs(letter.thumb[2] - pose.thumb[2]).max()
        if fingers < FINGERS_APART and thumb < THUMB_APART:
            return True
    return False


def _is_rude(pose: Held) -> bool:
    """Whether the middle finger stands out from both neighbours, which nobody wants to see in a lesson."""
    index, middle, ring, _ = pose.bend.sum(axis=1)
    return bool(middle + 50 < min(index, ring))


def _pose(random: np.random.Generator) -> Held:
    ways = [random.choice(len(FINGERS), p=OFTEN)]
    while len(ways) < 4:
        alike = random.random() < LIKE_ITS_NEIGHBOUR
        ways.append(ways[-1] if alike else random.choice(len(FINGERS), p=OFTEN))
    side = random.choice(len(SIDES), p=SIDES)
    seen = random.normal(VIEWS[side], VIEWS_VARY[side])
    return Held(
        spread=random.uniform(*SPREAD.T),
        bend=np.maximum(FINGERS[ways] + random.normal(0, 6, (4, 3)), 0),
        thumb=_thumb(random),
        view=seen[:3],
        arm=seen[3:],
        size=np.array(random.uniform(0.78, 1.06)),
    )


def _thumb(random: np.random.Generator) -> Floats:
    """(3, 2): the directions of its bones, from the wrist out; the tip goes on much as the middle one."""
    aside, forward = random.uniform(-55, 70), random.uniform(5, 50)
    root = [np.clip(22 + 0.3 * aside + random.normal(0, 7), 5, 50), random.uniform(25, 58)]
    tip = [aside + random.uniform(-30, 12), forward - random.uniform(-5, 22)]
    return np.array([root, [aside, forward], tip])
