"""A hand's anatomy: bones and flesh in centimetres, bent into a pose and turned towards the camera.

The flesh is a set of tapered capsules: solids swept by a ball that moves and changes its size along a bone.
Axes: x to the right, y up, z towards us.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from helpers.datasets.bundled.hand_poses import Pose, load_poses

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from helpers.datasets.bundled.chance import Chance

    Floats = NDArray[np.floating]

KNUCKLES = np.array([[3.1, 9.2, 0.2], [1.0, 9.5, 0.0], [-1.1, 9.1, 0.1], [-3.0, 8.3, 0.4]], dtype=np.float32)
PHALANGES = np.array([[4.0, 2.4, 1.6], [4.5, 2.8, 1.7], [4.1, 2.6, 1.7], [3.3, 1.9, 1.5]], dtype=np.float32)
FINGER_RADII = np.array(
    [[1.2, 1.04, 0.94, 0.77], [1.22, 1.07, 0.96, 0.79], [1.15, 1.02, 0.92, 0.75], [1.03, 0.9, 0.82, 0.68]],
    dtype=np.float32,
)
THUMB_ROOT = np.array([1.6, 2.0, 0.6], dtype=np.float32)
THUMB_BONES = np.array([4.4, 3.3, 2.2], dtype=np.float32)
THUMB_RADII = np.array([2.1, 1.4, 1.2, 0.92], dtype=np.float32)
PALM_FROM = np.array([[1.4, 1.0, -0.1], [0.5, 0.8, -0.2], [-0.5, 0.8, -0.2], [-1.4, 1.0, -0.1]], dtype=np.float32)
PALM_RADII = np.array([[1.6, 1.35], [1.7, 1.4], [1.7, 1.35], [1.6, 1.3]], dtype=np.float32)
HYPOTHENAR = np.array([[-1.4, 1.8, 0.6], [-2.4, 6.0, 0.5]], dtype=np.float32)
WRIST = np.array([[1.2, 1.6, -0.3], [-1.2, 1.6, -0.3]], dtype=np.float32)
BELOW_WRIST = 0.5
FOREARM_LENGTH = 22.0
SKIN, SLEEVE = 0, 1


@dataclass(frozen=True)
class Flesh:
    """P capsules for each of n hands: from `start` to `stop` (n, P, 3), radii `wide` and `narrow` (n, P).

    blend: (P,), how softly each melts into the ones before it, in cm. material: (P,), SKIN or SLEEVE.
    nail: (P,), whether the bone bears a nail; back: (n, P, 3), the direction that the nail looks.
    reach: (n, R, 3), points that the picture has to hold.
    """

    start: Floats
    stop: Floats
    wide: Floats
    narrow: Floats
    blend: Floats
    material: NDArray[np.int64]
    nail: NDArray[np.bool_]
    back: Floats
    reach: Floats


def build(choice: NDArray[np.int64], chance: Chance) -> Flesh:
    """Hands in the poses of `choice`, (n,) indices into load_poses(), each a little different, seen from the front."""
    parts = _Parts(len(choice))
    poses = load_poses()
    signer = np.exp(0.07 * chance.normal("build", len(choice), 4))
    fingers = _add_fingers(parts, choice, poses, signer, chance)
    thumb = _add_thumb(parts, choice, poses, signer, chance)
    _add_palm(parts, thumb, signer)
    arm = _add_arm(parts, choice, poses, chance)
    flesh = parts.flesh(np.concatenate([fingers, thumb, arm], axis=1))
    return _turned(flesh, _view(choice, poses, chance))


class _Parts:
    """Capsules as they are added."""

    def __init__(self, n: int) -> None:
        self.n = n
        self.ends: list[tuple[Floats, Floats, Floats, Floats]] = []
        self.blend: list[float] = []
        self.material: list[int] = []
        self.back: list[Floats | None] = []

    def add(
        self,
        start: Floats,
        stop: Floats,
        wide: Floats | float,
        narrow: Floats | float,
        blend: float,
        material: int = SKIN,
        back: Floats | None = None,
    ) -> None:
        full = (self.n, 3)
        self.ends.append(
            (
                np.broadcast_to(start, full),
                np.broadcast_to(stop, full),
                np.broadcast_to(np.float32(wide), (self.n,)),
                np.broadcast_to(np.float32(narrow), (self.n,)),
            )
        )
        self.blend.append(blend)
        self.material.append(material)
        self.back.append(back)

    def flesh(self, reach: Floats) -> Flesh:
        start, stop, wide, narrow = (np.stack(column, axis=1) for column in zip(*self.ends, strict=True))
        nowhere = np.zeros((self.n, 3), dtype=np.float32)
        return Flesh(
            start,
            stop,
            wide,
            narrow,
            np.array(self.blend, dtype=np.float32),
            np.array(self.material),
            np.array([back is not None for back in self.back]),
            np.stack([nowhere if back is None else back for back in self.back], axis=1),
            reach,
        )


def _add_fingers(
    parts: _Parts, choice: NDArray[np.int64], poses: tuple[Pose, ...], signer: Floats, chance: Chance
) -> Floats:
    """Returns the joints, (n, 16, 3)."""
    n = len(choice)
    loose = np.array([pose.loose for pose in poses], dtype=np.float32)[choice]
    spread = np.stack([pose.spread for pose in poses])[choice]
    spread = spread + 0.35 * loose[:, None] * chance.normal("spread", n, 4)
    bend = np.stack([pose.bend for pose in poses])[choice]
    together = chance.normal("bend together", n, 1, 3)
    bend = bend + loose[:, None, None] * (0.8 * together + 0.6 * chance.normal("bend", n, 4, 3))
    bend = np.cumsum(np.maximum(bend, -5), axis=2)
    lean, angle = np.radians(spread), np.radians(bend)
    length = PHALANGES * signer[:, 0, None, None] * np.exp(0.03 * chance.normal("phalanges", n, 4, 1))
    radii = FINGER_RADII * signer[:, 1, None, None]
    knuckles = KNUCKLES * signer[:, 2, None, None]
    points = []
    for finger in range(4):
        here = knuckles[:, finger]
        points.append(here)
        for bone in range(3):
            turn = angle[:, finger, bone]
            along = np.stack(
                [np.cos(turn) * np.sin(lean[:, finger]), np.cos(turn) * np.cos(lean[:, finger]), np.sin(turn)],
                axis=1,
            )
            there = here + length[:, finger, bone, None] * along
            back = None
            if bone == 2:
                back = np.stack(
                    [np.sin(turn) * np.sin(lean[:, finger]), np.sin(turn) * np.cos(lean[:, finger]), -np.cos(turn)],
                    axis=1,
                )
            parts.add(here, there, radii[:, finger, bone], radii[:, finger, bone + 1], 0.15, back=back)
            here = there
            points.append(here)
    return np.stack(points, axis=1)


def _add_thumb(
    parts: _Parts, choice: NDArray[np.int64], poses: tuple[Pose, ...], signer: Floats, chance: Chance
) -> Floats:
    """Returns the joints, (n, 3, 3)."""
    n = len(choice)
    loose = np.array([pose.loose for pose in poses], dtype=np.float32)[choice, None, None]
    angle = np.stack([pose.thumb for pose in poses])[choice]
    angle = angle + loose * (0.8 * chance.normal("thumb", n, 1, 2) + 0.6 * chance.normal("thumb bones", n, 3, 2))
    aside, forward = np.moveaxis(np.radians(angle), 2, 0)
    along = np.stack(
        [np.sin(aside) * np.cos(forward), np.cos(aside) * np.cos(forward), np.sin(forward)], axis=2
    )
    radii = THUMB_RADII * signer[:, 1, None]
    here = np.broadcast_to(THUMB_ROOT, (n, 3)) * signer[:, 2, None]
    points = []
    for bone in range(3):
        there = here + (THUMB_BONES[bone] * signer[:, 3])[:, None] * along[:, bone]
        back = None
        if bone == 2:
            side = np.stack([np.cos(aside[:, 2]), -np.sin(aside[:, 2]), 0 * aside[:, 2]], axis=1)
            back = 0.8 * side + 0.6 * np.array([0, 0, 1], dtype=np.float32)
        parts.add(here, there, radii[:, bone], radii[:, bone + 1], 1.4 if bone == 0 else 0.25, back=back)
        here = there
        points.append(here)
    return np.stack(points, axis=1)


def _add_palm(parts: _Parts, thumb: Floats, signer: Floats) -> None:
    size, thick = signer[:, 2, None], signer[:, 1]
    for finger in range(4):
        start, stop = PALM_FROM[finger] * size, KNUCKLES[finger] * size
        parts.add(start, stop, PALM_RADII[finger, 0] * thick, PALM_RADII[finger, 1] * thick, 1.4)
    parts.add(HYPOTHENAR[0] * size, HYPOTHENAR[1] * size, 1.6 * thick, 1.25 * thick, 1.4)
    index = (0.3 * PALM_FROM[0] + 0.7 * KNUCKLES[0]) * size
    parts.add(0.35 * THUMB_ROOT * size + 0.65 * thumb[:, 0], index, 1.1 * thick, 1.1 * thick, 1.4)


def _add_arm(parts: _Parts, choice: NDArray[np.int64], poses: tuple[Pose, ...], chance: Chance) -> Floats:
    """Returns points below the wrist, (n, 2, 3)."""
    n = len(choice)
    bend = np.radians(np.stack([pose.arm for pose in poses])[choice] + 10 * chance.normal("wrist", n, 2))
    aside, forward = bend[:, 0], bend[:, 1]
    along = np.stack(
        [np.sin(aside) * np.cos(forward), -np.cos(aside) * np.cos(forward), np.sin(forward)], axis=1
    )
    broad = np.exp(0.08 * chance.normal("forearm", n))
    for side in WRIST:
        elbow = side * np.float32([1.6, 1, 1]) + FOREARM_LENGTH * along
        parts.add(side, elbow, 1.7 * broad, 3.0 * broad, 1.8)
    worn = chance.uniform("sleeve", n) < 0.35
    begins = np.where(worn, 2.0 + 7 * chance.uniform("cuff", n), 60.0)[:, None]
    wide = broad * (2.3 + 0.8 * chance.uniform("sleeve width", n))
    for side in WRIST:
        cuff = side + begins * along
        parts.add(cuff, cuff + FOREARM_LENGTH * along, wide, wide * 1.2, 0.3, SLEEVE)
    return WRIST + BELOW_WRIST * along[:, None]


def _view(choice: NDArray[np.int64], poses: tuple[Pose, ...], chance: Chance) -> Floats:
    """(n, 3, 3): the rotation that turns, tilts and rolls each hand."""
    vary = np.stack([pose.vary for pose in poses])[choice]
    angles = np.stack([pose.view for pose in poses])[choice] + vary * chance.normal("view", len(choice), 3)
    (c0, c1, c2), (s0, s1, s2) = np.cos(np.radians(angles)).T, np.sin(np.radians(angles)).T
    # roll (clockwise, about z) of tilt (about x) of turn (about y)
    turned = np.array([[c0, 0 * c0, s0], [0 * c0, 0 * c0 + 1, 0 * c0], [-s0, 0 * c0, c0]])
    tilted = np.array([turned[0], c1 * turned[1] - s1 * turned[2], s1 * turned[1] + c1 * turned[2]])
    rolled = np.array([c2 * tilted[0] + s2 * tilted[1], -s2 * tilted[0] + c2 * tilted[1], tilted[2]])
    return np.moveaxis(rolled, 2, 0).astype(np.float32)


def _turned(flesh: Flesh, view: Floats) -> Flesh:
    def turn(points: Floats) -> Floats:
        x, y, z = points[..., 0:1], points[..., 1:2], points[..., 2:3]
        return x * view[:, None, :, 0] + y * view[:, None, :, 1] + z * view[:, None, :, 2]

    return Flesh(
        turn(flesh.start),
        turn(flesh.stop),
        flesh.wide,
        flesh.narrow,
        flesh.blend,
        flesh.material,
        flesh.nail,
        turn(flesh.back),
        turn(flesh.reach),
    )
