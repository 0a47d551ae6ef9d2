"""Flesh on bones: tapered capsules in centimetres, gathered part by part and turned towards the camera.

Axes: x to the right, y up, z towards us.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.floating]

SKIN, SLEEVE = 0, 1


@dataclass(frozen=True)
class Flesh:
    """P capsules for each of n hands: from `start` to `stop` (n, P, 3), radii `wide` and `narrow` (n, P).

    blend: (P,), how softly each melts into the ones before it, in cm. material: (P,), SKIN or SLEEVE.
    back: (n, P, 3), the direction that the nail on this part looks, 0 where there is none.
    reach: (n, R, 3), points that the picture has to hold.
    """

    start: Floats
    stop: Floats
    wide: Floats
    narrow: Floats
    blend: Floats
    material: NDArray[np.int64]
    back: Floats
    reach: Floats

    def turned(self, view: Floats) -> Flesh:
        """The same flesh seen from elsewhere; view: (n, 3), turn, tilt and roll as in hand_poses.toml."""
        rotation = _rotation(np.radians(view))

        def turn(points: Floats) -> Floats:
            parts = (points[..., i : i + 1] * rotation[:, None, :, i] for i in range(3))
            return np.asarray(sum(parts), dtype=np.float32)

        return replace(
            self,
            start=turn(self.start),
            stop=turn(self.stop),
            back=turn(self.back),
            reach=turn(self.reach),
        )


class FleshBuilder:
    """Collects the parts of n hands; each argument is one for all hands, or (n, …)."""

    def __init__(self, n: int) -> None:
        self._n = n
        self._parts: list[tuple[Floats, ...]] = []
        self._kinds: list[tuple[float, int]] = []

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
        """Add a capsule; see Flesh for what the arguments mean."""
        nail = np.zeros(3) if back is None else back
        shapes = ((self._n, 3), (self._n, 3), (self._n,), (self._n,), (self._n, 3))
        values = (start, stop, wide, narrow, nail)
        self._parts.append(
            tuple(
                np.broadcast_to(np.asarray(value, dtype=np.float32), shape)
                for value, shape in zip(values, shapes, strict=True)
            )
        )
        self._kinds.append((blend, material))

    def finish(self, reach: Floats) -> Flesh:
        """All parts that were added. reach: (n, R, 3)."""
        start, stop, wide, narrow, back = (np.stack(each, axis=1) for each in zip(*self._parts, strict=True))
        blend, material = zip(*self._kinds, strict=True)
        return Flesh(start, stop, wide, narrow, np.array(blend), np.array(material), back, reach)


def _rotation(angles: Floats) -> Floats:
    """(n, 3, 3): roll, clockwise about z, of tilt about x of turn about y."""
    (turn, tilt, roll), zero = angles.T, np.zeros(len(angles))
    x = np.array([np.cos(turn), zero, np.sin(turn)])
    y = np.array([zero, zero + 1, zero])
    z = np.array([-np.sin(turn), zero, np.cos(turn)])
    y, z = np.cos(tilt) * y - np.sin(tilt) * z, np.sin(tilt) * y + np.cos(tilt) * z
    x, y = np.cos(roll) * x + np.sin(roll) * y, np.cos(roll) * y - np.sin(roll) * x
    return np.moveaxis(np.array([x, y, z], dtype=np.float32), 2, 0)
