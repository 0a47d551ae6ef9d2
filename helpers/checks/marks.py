"""Marked images: three dots, by which one sees how far an image was turned, moved, mirrored, resized.

The dots are the corners of a triangle whose sides all differ, so that it looks like itself in one position
only. They lie so near the middle that they stay in the image under any change that is asked for.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import permutations

import numpy as np
from numpy.typing import NDArray

SIDE = 28
LEVEL = 0.55
"""How bright the dots are: what makes them brighter or darker by 0.3 can be read off them."""

_MIDDLE = (SIDE - 1) / 2
_REACH = 5.5  # pixels from the middle to each dot
_RADIUS = 2.1
_DIRECTIONS = 0.0, 75.0, 180.0  # degrees: laid onto itself in any other way, it misses by a pixel
_FAINT = 0.15  # what is less above the background is not a dot


@dataclass(frozen=True)
class Reading:
    """What became of n copies of a marked image; NaN where the three dots aren't found.

    found:        (n,) whether they are.
    dark:         (n,) whether there is nothing to be seen at all.
    turned:       (n,) degrees, anticlockwise.
    moved:        (n, 2) pixels down and to the right, after the turn.
    moved_before: (n, 2) the same if it was moved before it was turned.
    size:         (n,) factor.
    mirrored:     (n,) whether a mirror image of the triangle fits better.
    misfit:       (n,) pixels by which the dots miss the triangle that fits best: how far it was bent.
    lighter:      (n,) how much brighter the dots are, below 0 where they are darker.
    """

    found: NDArray[np.bool_]
    dark: NDArray[np.bool_]
    turned: NDArray[np.float64]
    moved: NDArray[np.float64]
    moved_before: NDArray[np.float64]
    size: NDArray[np.float64]
    mirrored: NDArray[np.bool_]
    misfit: NDArray[np.float64]
    lighter: NDArray[np.float64]


def triangle(rng: np.random.Generator) -> NDArray[np.complex128]:
    """Three corners (3,), as x + yi in pixels from the middle of the image, y upwards.

    The triangle is always the same, in a position that is drawn.
    """
    corners = _REACH * np.exp(1j * np.radians(rng.uniform(0, 360) + np.array(_DIRECTIONS)))
    return np.asarray(corners, dtype=np.complex128)


def marked(corners: NDArray[np.complex128]) -> NDArray[np.float32]:
    """An image (28, 28, 1), black but for a dot of brightness LEVEL on each corner, with soft edges."""
    row, column = np.mgrid[:SIDE, :SIDE]
    places = (column - _MIDDLE) + 1j * (_MIDDLE - row)
    distance = np.abs(places[..., None] - corners).min(axis=-1)
    image = LEVEL * np.clip(_RADIUS + 0.5 - distance, 0, 1)
    return np.asarray(image[..., None], dtype=np.float32)


def read(images: NDArray[np.float32], corners: NDArray[np.complex128]) -> Reading:
    """Reads changed copies (n, 28, 28, 1) of the image that was marked at these corners."""
    seen = [_dots(image) for image in images[..., 0].astype(np.float64)]
    places = np.array([dots for dots, _ in seen])
    fits = list(_fits(corners, places))
    misfits = np.array([misfit for misfit, *_ in fits])
    found = np.isfinite(misfits[0])
    best = misfits.argmin(axis=0)
    pick = best, np.arange(len(images))
    factor = np.array([one for _, one, _, _ in fits])[pick]
    offset = np.array([one for _, _, one, _ in fits])[pick]
    mirrored = np.array([mirror for *_, mirror in fits])[best]
    return Reading(
        found=found,
        dark=images.max(axis=(1, 2, 3)) - np.median(images, axis=(1, 2, 3)) <= _FAINT,
        turned=np.degrees(np.angle(factor)),
        moved=_down_and_right(offset),
        moved_before=_down_and_right(offset * (factor.conj() * np.abs(factor) ** -2)),
        size=np.abs(factor),
        mirrored=mirrored & found,
        misfit=misfits[pick],
        lighter=np.array([brightness for _, brightness in seen]) - LEVEL,
    )


def _down_and_right(offset: NDArray[np.complex128]) -> NDArray[np.float64]:
    return np.stack([-offset.imag, offset.real], axis=-1)


def _dots(image: NDArray[np.float64]) -> tuple[NDArray[np.complex128], float]:
    """The middles of the three dots in one image (28, 28), as in `triangle`, and how bright they are.

    What touches the border came in there; it isn't a dot.
    """
    from scipy import ndimage

    above = image - np.median(image)
    areas, _ = ndimage.label(above > _FAINT)
    border = np.concatenate([areas[[0, -1]].ravel(), areas[:, [0, -1]].ravel()])
    inside = np.setdiff1d(areas, [0, *border])
    if len(inside) != 3:
        return np.full(3, complex(np.nan, np.nan)), float("nan")
    with_rims = ndimage.grey_dilation(areas, size=3)  # soft rims say where between pixels a dot lies
    middles = np.array(ndimage.center_of_mass(np.maximum(above, 0), with_rims, inside))
    places = (middles[:, 1] - _MIDDLE) + 1j * (_MIDDLE - middles[:, 0])
    return places, float(image[np.isin(areas, inside)].max())


Fit = tuple[NDArray[np.float64], NDArray[np.complex128], NDArray[np.complex128], bool]


def _fits(corners: NDArray[np.complex128], places: NDArray[np.complex128]) -> Iterator[Fit]:
    """Each way to lay the triangle onto places (n, 3): which corner where, and from which side.

    Yields misfit (n,) in pixels, factor (n,) and offset (n,) of `place = factor * corner + offset`, and
    whether the corners were mirrored, left to right, before.
    """
    to_middle = places - places.mean(axis=1, keepdims=True)
    for mirror in (False, True):
        for order in permutations(range(3)):
            laid = (-corners.conj() if mirror else corners)[list(order)]
            own = laid - laid.mean()
            factor = (to_middle * own.conj()).sum(axis=1) / (np.abs(own) ** 2).sum()
            misfit = np.sqrt((np.abs(to_middle - factor[:, None] * own) ** 2).mean(axis=1))
            yield misfit, factor, places.mean(axis=1) - factor * laid.mean(), mirror
