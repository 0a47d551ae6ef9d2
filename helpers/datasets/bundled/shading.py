"""Light on a surface: from one side, softened by the room, with shadows where something stands in its way."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from helpers.datasets.bundled.solids import Surface

    Floats = NDArray[np.floating]

AROUND = ((2, 0), (-2, 0), (0, 2), (0, -2), (4, 4), (-4, 4), (4, -4), (-4, -4))
"""Where each pixel looks for what stands over it, in pixels."""

STEPS = (2.0, 4.0, 7.0, 11.0)
"""How far towards the light something that casts a shadow is looked for, in pixels."""


@dataclass(frozen=True)
class Light:
    """The light in each of n pictures.

    direction: (n, 3), towards the light, of length 1; x to the right, y down, z towards us. The others are
    (n,): ambient, the share of light that comes from everywhere; hollow, how much darker hollows are; gloss,
    how bright highlights are; falloff, how much brighter the side near the light is than the middle.
    """

    direction: Floats
    ambient: Floats
    hollow: Floats
    gloss: Floats
    falloff: Floats


def shade(surface: Surface, light: Light) -> Floats:
    """How bright each pixel of the surface is, (n, side, side); meaningless where there is no surface."""
    lx, ly, lz = light.direction.T[..., None, None]
    ambient = light.ambient[:, None, None]
    facing = surface.x * lx + surface.y * ly + surface.z * lz
    direct = np.clip(0.35 + 0.65 * facing, 0, None) * _unshadowed(surface.depth, light.direction)
    open_share = np.exp(-light.hollow[:, None, None] * _hollow(surface))
    # Bright walls light the rim of a hand more than its middle.
    around = ambient * (1.05 - 0.25 * surface.z) * open_share
    diffuse = around + (1 - ambient) * direct * (0.4 + 0.6 * open_share)
    across = np.linspace(-1, 1, surface.depth.shape[1], dtype=np.float32)
    near = 1 + light.falloff[:, None, None] * (lx * across[None, None, :] + ly * across[None, :, None])
    shine = light.gloss[:, None, None] * np.clip(facing, 0, 1) ** 8
    return np.asarray(near * surface.paint * diffuse + shine)


def _unshadowed(depth: Floats, light: Floats) -> Floats:
    """1 where the light gets through, down to 0 where something between it and the surface is in its way."""
    n, side, _ = depth.shape
    flat = np.hypot(light[:, 0], light[:, 1])
    ray = light / np.maximum(flat, 0.2)[:, None]
    hidden = np.zeros_like(depth)
    pixels = np.arange(side)
    images = np.arange(n)[:, None, None]
    for step in STEPS:
        rows = np.clip(pixels + np.rint(step * ray[:, 1:2]).astype(int), 0, side - 1)
        columns = np.clip(pixels + np.rint(step * ray[:, 0:1]).astype(int), 0, side - 1)
        above = depth[images, rows[:, :, None], columns[:, None, :]] - depth - step * ray[:, 2, None, None]
        np.maximum(hidden, np.clip(above / 2.5, 0, 1), out=hidden)
    return np.asarray(1 - 0.85 * hidden)


def _hollow(surface: Surface) -> Floats:
    """How much of each pixel's view its neighbours block: those that rise above its tangent plane."""
    depth = surface.depth
    steep = 1 / np.maximum(surface.z, 0.35)
    rise_x, rise_y = surface.x * steep, surface.y * steep
    blocked = np.zeros_like(depth)
    for dx, dy in AROUND:
        above = _shifted(depth, dx, dy) - depth + dx * rise_x + dy * rise_y
        blocked += np.clip(above * (1 / float(np.hypot(dx, dy))), 0, 1)
    return np.asarray(blocked / len(AROUND))


def _shifted(images: Floats, dx: int, dy: int) -> Floats:
    """Each pixel's neighbour dx to the right and dy below; at the border, the pixel on the border."""
    side = images.shape[1]
    rows = np.clip(np.arange(side) + dy, 0, side - 1)
    columns = np.clip(np.arange(side) + dx, 0, side - 1)
    return images[:, rows][:, :, columns]
