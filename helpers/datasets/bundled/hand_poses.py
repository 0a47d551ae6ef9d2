"""How each letter of the sign alphabet is held: joint angles read from hand_poses.toml."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from helpers.datasets.bundled.chance import Chance

    Floats = NDArray[np.floating]

FINGERS = ("index", "middle", "ring", "little")
LOOSE, SIZE, STRAIGHT = 5, 1, (0, 0)
"""What holds for a pose whose entry says nothing of `loose`, `size` or `arm`."""


@dataclass(frozen=True)
class Pose:
    """One way of holding and showing one letter; hand_poses.toml explains the angles, in degrees.

    spread (4,) and bend (4, 3): of each finger and its joints. thumb (3, 2): the directions of its bones.
    view and vary (3,): turn, tilt and roll, and their standard deviations. arm (2,): the bend of the wrist.
    loose: how much the joints vary. size: how much of the picture the hand fills, 1 for most.
    """

    letter: str
    name: str
    share: float
    spread: Floats
    bend: Floats
    thumb: Floats
    view: Floats
    vary: Floats
    arm: Floats
    loose: float
    size: float


@dataclass(frozen=True)
class Held:
    """The poses of n hands, each a little different, in degrees.

    spread (n, 4); bend (n, 4, 3); thumb (n, 3, 2); view (n, 3); arm (n, 2), as in Pose; size (n,).
    """

    spread: Floats
    bend: Floats
    thumb: Floats
    view: Floats
    arm: Floats
    size: Floats


@cache
def load_poses() -> tuple[Pose, ...]:
    """Every pose in the file, in its order."""
    text = resources.files(__package__).joinpath("hand_poses.toml").read_text(encoding="utf-8")
    return tuple(_pose(entry) for entry in tomllib.loads(text)["pose"])


def choose_poses(letters: NDArray[np.str_], dice: Floats) -> NDArray[np.int64]:
    """(n,) indices into load_poses(): for each letter one of its poses, as often as their shares say.

    dice: (n,) numbers in [0, 1), one for each letter.
    """
    poses = load_poses()
    choice = np.zeros(len(letters), dtype=np.int64)
    for letter in np.unique(letters):
        own = np.array([i for i, pose in enumerate(poses) if pose.letter == letter])
        steps = np.cumsum([poses[i].share for i in own])
        rows = letters == letter
        choice[rows] = own[np.searchsorted(steps / steps[-1], dice[rows], side="right")]
    return choice


def hold(choice: NDArray[np.int64], chance: Chance) -> Held:
    """Hands in the poses of `choice`, (n,) indices into load_poses(), loosened at every joint.

    A hand's fingers vary together more than one by one, and so do the bones of its thumb.
    """
    rest = Held(
        **{field: _each(field, choice) for field in ("spread", "bend", "thumb", "view", "arm", "size")}
    )
    return loosened(rest, _each("vary", choice), _each("loose", choice), chance)


def loosened(rest: Held, vary: Floats, loose: Floats, chance: Chance) -> Held:
    """The same n hands, each a little different: vary (n, 3) and loose (n,) are as in Pose."""
    n = len(loose)
    fingers = 0.8 * chance.normal("bend together", n, 1, 3) + 0.6 * chance.normal("bend", n, 4, 3)
    thumb = 0.8 * chance.normal("thumb", n, 1, 2) + 0.6 * chance.normal("thumb bones", n, 3, 2)
    return Held(
        spread=rest.spread + 0.35 * loose[:, None] * chance.normal("spread", n, 4),
        bend=np.maximum(rest.bend + loose[:, None, None] * fingers, -5),
        thumb=rest.thumb + loose[:, None, None] * thumb,
        view=rest.view + vary * chance.normal("view", n, 3),
        arm=rest.arm + 10 * chance.normal("wrist", n, 2),
        size=rest.size,
    )


def _each(what: str, choice: NDArray[np.int64]) -> NDArray[np.float32]:
    """(n, …): one field of each hand's pose."""
    return np.array([getattr(pose, what) for pose in load_poses()], dtype=np.float32)[choice]


def _pose(entry: dict[str, Any]) -> Pose:
    fingers = _numbers([entry[name] for name in FINGERS], (4, 4))
    return Pose(
        letter=entry["letter"],
        name=entry["name"],
        share=float(entry.get("share", 1)),
        spread=fingers[:, 0],
        bend=fingers[:, 1:],
        thumb=_numbers(entry["thumb"], (3, 2)),
        view=_numbers(entry["view"], (3,)),
        vary=_numbers(entry["vary"], (3,)),
        arm=_numbers(entry.get("arm", STRAIGHT), (2,)),
        loose=float(entry.get("loose", LOOSE)),
        size=float(entry.get("size", SIZE)),
    )


def _numbers(values: Any, shape: tuple[int, ...]) -> NDArray[np.float32]:
    return np.asarray(values, dtype=np.float32).reshape(shape)
