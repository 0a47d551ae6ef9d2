"""Tapered capsules seen from the front: depth, surface directions and materials at every pixel.

Everything is in pixels: x to the right, y down, z towards us. A capsule is swept by a ball whose size changes
along the way; for each pixel the place whose ball comes nearest to us has a closed form: no rays are marched.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.floating]

FAR = np.float32(-1e4)


@dataclass(frozen=True)
class Capsules:
    """P capsules in each of n pictures, in pixels: start, stop (n, P, 3); wide, narrow (n, P); blend (n, P).

    paint: (n, P), how light the material is; nail: (n, P), how much lighter a nail is, 0 where there is none;
    back: (n, P, 3), the direction that the nail looks.
    """

    start: Floats
    stop: Floats
    wide: Floats
    narrow: Floats
    blend: Floats
    paint: Floats
    nail: Floats
    back: Floats


@dataclass(frozen=True)
class Surface:
    """What is seen at each pixel, each (n, side, side): depth (FAR where there is nothing), the direction the
    surface looks (x, y and z), and paint, how light it is.
    """

    depth: Floats
    x: Floats
    y: Floats
    z: Floats
    paint: Floats


def surface(capsules: Capsules, side: int) -> Surface:
    """The front of the capsules on a square of `side` pixels a side; pixel centres lie at 0.5, 1.5, …"""
    n = len(capsules.start)
    depth = np.full((n, side, side), FAR, dtype=np.float32)
    x, y, z, paint = (np.zeros_like(depth) for _ in range(4))
    for part in range(capsules.start.shape[1]):
        window = _window(capsules, part, side)
        if window is None:
            continue
        rows, columns = window
        place = (slice(None), rows, columns)
        new = _front(capsules, part, rows, columns)
        blend = capsules.blend[:, part, None, None]
        old = depth[place]
        # Both shares are exact at 0 and 1, so that a picture does not depend on those it is drawn with.
        share = np.clip(0.5 + 0.5 * (new.depth - old) / blend, 0, 1)
        rest = 1 - share
        depth[place] = share * new.depth + rest * old + blend * share * rest
        for kept, fresh in ((x, new.x), (y, new.y), (z, new.z), (paint, new.paint)):
            kept[place] = share * fresh + rest * kept[place]
    return Surface(depth, x, y, z, paint)


def _window(capsules: Capsules, part: int, side: int) -> tuple[slice, slice] | None:
    """The rows and columns outside of which this part shows in none of the pictures."""
    ends = np.stack([capsules.start[:, part, :2], capsules.stop[:, part, :2]])
    radius = np.stack([capsules.wide[:, part], capsules.narrow[:, part]])[..., None]
    low = np.clip(np.floor((ends - radius).min(axis=(0, 1))).astype(int), 0, side)
    high = np.clip(np.ceil((ends + radius).max(axis=(0, 1))).astype(int), 0, side)
    if (low >= high).any():
        return None
    return slice(low[1], high[1]), slice(low[0], high[0])


def _front(capsules: Capsules, part: int, rows: slice, columns: slice) -> Surface:
    """One capsule's front in a window of each picture."""
    start = capsules.start[:, part, :, None, None]
    dx, dy, dz = np.moveaxis(capsules.stop[:, part] - capsules.start[:, part], 1, 0)[..., None, None]
    radius = capsules.wide[:, part, None, None]
    taper = (capsules.narrow - capsules.wide)[:, part, None, None]
    x = (np.arange(columns.start, columns.stop, dtype=np.float32) + 0.5)[None, None, :] - start[:, 0]
    y = (np.arange(rows.start, rows.stop, dtype=np.float32) + 0.5)[None, :, None] - start[:, 1]
    # The square of the ball's half depth at t is q0 + 2 q1 t + q2 t².
    q0 = radius * radius - x * x - y * y
    q1 = x * dx + y * dy + radius * taper
    q2 = np.minimum(taper * taper - dx * dx - dy * dy, np.float32(-1e-3))
    steep = dz * np.sqrt(1 / np.maximum(dz * dz - q2, np.float32(1e-3)))
    t = np.maximum(q1 * q1 - q0 * q2, 0)
    np.sqrt(t, out=t)
    t *= steep
    t += q1
    t /= -q2
    np.clip(t, 0, 1, out=t)
    square = q0 + t * (2 * q1 + t * q2)
    hit = square > 0
    half = np.sqrt(np.maximum(square, 0))
    inverse = 1 / (radius + t * taper)
    depth = np.where(hit, start[:, 2] + t * dz + half, FAR)
    nx, ny, nz = (x - t * dx) * inverse, (y - t * dy) * inverse, half * inverse
    paint = np.broadcast_to(capsules.paint[:, part, None, None], depth.shape)
    if capsules.nail[:, part].any():
        bx, by, bz = np.moveaxis(capsules.back[:, part], 1, 0)[..., None, None]
        nail = np.clip((nx * bx + ny * by + nz * bz - 0.55) * 5, 0, 1) * np.clip((t - 0.35) * 6, 0, 1)
        paint = paint + nail * capsules.nail[:, part, None, None]
    return Surface(depth, nx, ny, nz, paint)
