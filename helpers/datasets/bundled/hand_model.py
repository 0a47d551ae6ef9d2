"""A hand's anatomy: where its bones lie in a pose, and the flesh around them, in centimetres.

A right hand stands upright, its palm towards us: x points to its thumb, y to its finger tips, z towards us.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from helpers.datasets.bundled.flesh import SLEEVE, Flesh, FleshBuilder

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from helpers.datasets.bundled.chance import Chance
    from helpers.datasets.bundled.hand_poses import Held

    Floats = NDArray[np.floating]

# Index, middle, ring and little finger: where each begins, its bones' lengths, its radii from knuckle to tip.
KNUCKLES = np.array([[3.1, 9.2, 0.2], [1.0, 9.5, 0.0], [-1.1, 9.1, 0.1], [-3.0, 8.3, 0.4]])
PHALANGES = np.array([[4.0, 2.4, 1.6], [4.5, 2.8, 1.7], [4.1, 2.6, 1.7], [3.3, 1.9, 1.5]])
FINGER_RADII = np.array(
    [[1.2, 1.04, 0.94, 0.77], [1.22, 1.07, 0.96, 0.79], [1.15, 1.02, 0.92, 0.75], [1.03, 0.9, 0.82, 0.68]]
)
THUMB_ROOT = np.array([1.6, 2.0, 0.6])
THUMB_BONES = np.array([4.4, 3.3, 2.2])
THUMB_RADII = np.array([2.1, 1.4, 1.2, 0.92])
# The palm: a beam from the wrist to each knuckle, and the ball of the hand below the little finger.
PALM_FROM = np.array([[1.4, 1.0, -0.1], [0.5, 0.8, -0.2], [-0.5, 0.8, -0.2], [-1.4, 1.0, -0.1]])
PALM_RADII = np.array([[1.6, 1.35], [1.7, 1.4], [1.7, 1.35], [1.6, 1.3]])
BALL_FROM, BALL_TO = np.array([-1.4, 1.8, 0.6]), np.array([-2.4, 6.0, 0.5])
WRIST = np.array([[1.2, 1.6, -0.3], [-1.2, 1.6, -0.3]])
FOREARM_LENGTH = 22.0
BELOW_WRIST = 0.5
"""How far below the wrist the picture reaches."""
JOINT, PALM, ARM, CUFF = 0.2, 1.4, 1.8, 0.3
"""How softly parts melt into each other."""


@dataclass(frozen=True)
class _Signer:
    """How each hand's build differs from the average one, (n,) factors."""

    fingers: Floats
    thickness: Floats
    palm: Floats
    thumb: Floats


def build(held: Held, chance: Chance) -> Flesh:
    """The flesh of n hands that are held like this, seen as the camera sees them."""
    n = len(held.view)
    signer = _Signer(*np.exp(0.07 * chance.normal("build", n, 4)).T)
    flesh = FleshBuilder(n)
    fingers = _add_fingers(flesh, held, signer, chance)
    thumb = _add_thumb(flesh, held, signer)
    _add_palm(flesh, thumb[:, 0], signer)
    arm = _add_arm(flesh, held, chance)
    return flesh.finish(np.concatenate([fingers, thumb, arm], axis=1)).turned(held.view)


def _add_fingers(flesh: FleshBuilder, held: Held, signer: _Signer, chance: Chance) -> Floats:
    """Returns the joints, (n, 16, 3)."""
    n = len(held.view)
    lean = np.radians(held.spread)
    bend = np.radians(np.cumsum(held.bend, axis=2))
    length = PHALANGES * signer.fingers[:, None, None] * np.exp(0.03 * chance.normal("phalanges", n, 4, 1))
    points = []
    for finger in range(4):
        here = KNUCKLES[finger] * signer.palm[:, None]
        points.append(here)
        radii = FINGER_RADII[finger] * signer.thickness[:, None]
        for bone in range(3):
            along = _finger_direction(lean[:, finger], bend[:, finger, bone])
            back = (
                _finger_direction(lean[:, finger], bend[:, finger, bone] - np.pi / 2) if bone == 2 else None
            )
            there = here + length[:, finger, bone, None] * along
            flesh.add(here, there, radii[:, bone], radii[:, bone + 1], JOINT, back=back)
            here = there
            points.append(here)
    return np.stack(points, axis=1)


def _finger_direction(lean: Floats, bend: Floats) -> Floats:
    """(n, 3): where a bone points whose finger leans to the thumb and that is bent out of the palm."""
    return np.stack([np.cos(bend) * np.sin(lean), np.cos(bend) * np.cos(lean), np.sin(bend)], axis=1)


def _add_thumb(flesh: FleshBuilder, held: Held, signer: _Signer) -> Floats:
    """Returns the joints, (n, 3, 3)."""
    here = THUMB_ROOT * signer.palm[:, None]
    radii = THUMB_RADII * signer.thickness[:, None]
    points = []
    for bone in range(3):
        aside, forward = np.radians(held.thumb[:, bone]).T
        there = here + (THUMB_BONES[bone] * signer.thumb)[:, None] * _finger_direction(aside, forward)
        # The nail looks away from the fingers and a little out of the palm.
        outward = np.stack([0.8 * np.cos(aside), -0.8 * np.sin(aside), 0 * aside + 0.6], axis=1)
        blend = PALM if bone == 0 else JOINT
        flesh.add(here, there, radii[:, bone], radii[:, bone + 1], blend, back=outward if bone == 2 else None)
        here = there
        points.append(here)
    return np.stack(points, axis=1)


def _add_palm(flesh: FleshBuilder, thumb_joint: Floats, signer: _Signer) -> None:
    size, thick = signer.palm[:, None], signer.thickness
    for start, stop, (wide, narrow) in zip(PALM_FROM, KNUCKLES, PALM_RADII, strict=True):
        flesh.add(start * size, stop * size, wide * thick, narrow * thick, PALM)
    flesh.add(BALL_FROM * size, BALL_TO * size, 1.6 * thick, 1.25 * thick, PALM)
    web = 0.35 * THUMB_ROOT * size + 0.65 * thumb_joint
    index = (0.3 * PALM_FROM[0] + 0.7 * KNUCKLES[0]) * size
    flesh.add(web, index, 1.1 * thick, 1.1 * thick, PALM)


def _add_arm(flesh: FleshBuilder, held: Held, chance: Chance) -> Floats:
    """The forearm and, on some, a sleeve. Returns points a little below the wrist, (n, 2, 3)."""
    n = len(held.view)
    aside, forward = np.radians(held.arm).T
    along = _finger_direction(aside, forward) * np.array([1, -1, 1])
    broad = np.exp(0.08 * chance.normal("forearm", n))
    for side in WRIST:
        elbow = side * np.array([1.6, 1, 1]) + FOREARM_LENGTH * along
        flesh.add(side, elbow, 1.7 * broad, 3.0 * broad, ARM)
    worn = chance.uniform("sleeve", n) < 0.35
    begins = np.where(worn, 2.0 + 7 * chance.uniform("cuff", n), 60.0)[:, None]
    wide = broad * (2.3 + 0.8 * chance.uniform("sleeve width", n))
    for side in WRIST:
        cuff = side + begins * along
        flesh.add(cuff, cuff + FOREARM_LENGTH * along, wide, 1.2 * wide, CUFF, SLEEVE)
    return np.asarray(WRIST + BELOW_WRIST * along[:, None])
