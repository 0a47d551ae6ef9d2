"""Light on a surface: from one side, softened by the room, with shadows where something stands in its way."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from helpers.datasets.bundled.solids import Surface

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.floating]

AROUND = ((2, 0), (-2, 0), (0, 2), (0, -2), (4, 4), (-4, 4), (4, -4), (-4, -4))
"""Where each pixel looks for what stands over it, in pixels."""

STEPS = (2.0, 4.0, 7.0, 11.0)
"""How far towards the light something that casts a shadow is looked for, in pixels."""


def shade(surface: Surface, light: Floats, ambient: Floats, hollow: Floats, gloss: Floats, falloff: Floats) -> Floats:
    """How bright each pixel of the surface is, (n, side, side); meaningless where there is no surface.

    light: (n, 3), the direction towards the light, of length 1. ambient: (n,), the share of light that comes
    from everywhere. hollow: (n,), how much darker hollows are. gloss: (n,), how bright the highlights are.
    falloff: (n,), how much brighter the near side of the picture is than its middle.
    """
    lx, ly, lz = light.T[..., None, None]
    facing = surface.x * lx + surface.y * ly + surface.z * lz
    direct = np.clip(0.35 + 0.65 * facing, 0, None) * _unshadowed(surface.depth, light)
    openness = np.exp(-hollow[:, None, None] * _hollow(surface))
    around = ambient[:, None, None] * (1.05 - 0.25 * surface.z) * openness
    shine = gloss[:, None, None] * np.clip(facing, 0, 1) ** 8
    across = np.linspace(-1, 1, surface.depth.shape[1], dtype=np.float32)
    near = 1 + falloff[:, None, None] * (lx * across[None, None, :] + ly * across[None, :, None])
    return near * surface.paint * (around + (1 - ambient[:, None, None]) * direct * (0.4 + 0.6 * openness)) + shine


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
    return 1 - hidden


def _hollow(surface: Surface) -> Floats:
    """How much of the view from each pixel is blocked by its neighbours: the share above its own tangent plane."""
    depth = surface.depth
    steep = 1 / np.maximum(surface.z, 0.35)
    rise_x, rise_y = surface.x * steep, surface.y * steep
    blocked = np.zeros_like(depth)
    for dx, dy in AROUND:
        above = _shifted(depth, dx, dy) - depth + dx * rise_x + dy * rise_y
        blocked += np.clip(above * np.float32(1 / np.hypot(dx, dy)), 0, 1)
    return blocked * np.float32(1 / len(AROUND))


def _shifted(images: Floats, dx: int, dy: int) -> Floats:
    """Each pixel's neighbour dx to the right and dy below; at the border, the pixel on the border."""
    side = images.shape[1]
    rows = np.clip(np.arange(side) + dy, 0, side - 1)
    columns = np.clip(np.arange(side) + dx, 0, side - 1)
    return images[:, rows][:, :, columns]
