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

FINGERS = ("index", "middle", "ring", "little")


@dataclass(frozen=True)
class Pose:
    """One way of holding and showing one letter; hand_poses.toml explains the angles, in degrees.

    spread (4,) and bend (4, 3): of each finger and its joints. thumb (3, 2): the directions of its bones.
    view and vary (3,): turn, tilt and roll, and their standard deviations. arm (2,): the bend of the wrist.
    loose: the standard deviation of the joints. size: how much of the picture the hand fills, 1 for most.
    """

    letter: str
    name: str
    share: float
    spread: NDArray[np.float32]
    bend: NDArray[np.float32]
    thumb: NDArray[np.float32]
    view: NDArray[np.float32]
    vary: NDArray[np.float32]
    arm: NDArray[np.float32]
    loose: float
    size: float


@cache
def load_poses() -> tuple[Pose, ...]:
    """Every pose in the file, in its order."""
    text = resources.files(__package__).joinpath("hand_poses.toml").read_text(encoding="utf-8")
    return tuple(_pose(entry) for entry in tomllib.loads(text)["pose"])


def choose_poses(letters: NDArray[np.str_], dice: NDArray[np.float32]) -> NDArray[np.int64]:
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
        arm=_numbers(entry.get("arm", (0, 0)), (2,)),
        loose=float(entry.get("loose", 5)),
        size=float(entry.get("size", 1)),
    )


def _numbers(values: Any, shape: tuple[int, ...]) -> NDArray[np.float32]:
    return np.asarray(values, dtype=np.float32).reshape(shape)
