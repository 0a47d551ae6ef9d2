"""Images moved, turned and scaled at random, each in its own way, to see what a network makes of them.

For measuring, not for training: the same seed gives the same images on every machine, so that two networks
can be compared on them. It is written with SciPy and shares nothing with the Keras layers that lesson 04
trains with, so a network is never measured by the code that it was trained with.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from helpers.errors import WorkshopError


class WarpingError(WorkshopError):
    """Images cannot be changed this way."""


def warped(
    images: Any, *, shift: int = 0, turn: float = 0.0, scale: float = 1.0, seed: int
) -> NDArray[np.float32]:
    """Copies of the images, each turned and scaled about its middle and then moved, by amounts of its own.

    All amounts are drawn evenly from their range, scales on a logarithmic axis (half as large is as likely
    as twice as large). Values between pixels are interpolated linearly; with whole pixels of shift alone,
    none is changed. What leaves the image is lost, what comes in is black. One seed turns an image alike
    whether it is also moved or not.

    Args:
        images: (n, height, width, 1), from 0 (black) to 1 (white).
        shift: by how many whole pixels at most, up or down, and to the left or to the right.
        turn: by how many degrees at most, in either direction.
        scale: by which factor at most, from 1: with 1.25, from 1/1.25 = 0.8 to 1.25 times as large.
        seed: of the amounts that are drawn.

    Returns:
        (n, height, width, 1), in the order of the images.

    Raises:
        WarpingError: for other shapes or amounts.
    """
    given = np.asarray(images, dtype=np.float32)
    if given.ndim != 4 or given.shape[-1] != 1:
        raise WarpingError(
            f"Images of shape (n, height, width, 1) are needed; these have shape {given.shape}. "
            "To change a single image, give images[:1]."
        )
    _check(shift, turn, scale, smallest_side=min(given.shape[1:3]))
    drawn = np.random.default_rng(seed).random(
        (len(given), 4)
    )  # all four always: each is as without the others
    moves = np.floor(drawn[:, :2] * (2 * shift + 1)) - shift
    angles = np.radians(turn) * (2 * drawn[:, 2] - 1)
    sizes = scale ** (2 * drawn[:, 3] - 1)
    return _resampled(given, moves, angles, sizes)


def _check(shift: int, turn: float, scale: float, smallest_side: int) -> None:
    if shift != int(shift) or not 0 <= shift <= smallest_side:
        raise WarpingError(
            f"shift is {shift}; these images can be moved by a whole number from 0 to {smallest_side}."
        )
    if not 0 <= turn <= 180:
        raise WarpingError(f"turn is {turn}; choose 0 to 180 degrees. Both directions are drawn.")
    if not 1 <= scale <= 4:
        raise WarpingError(f"scale is {scale}; choose a factor from 1 to 4. Smaller and larger are drawn.")


def _resampled(
    images: NDArray[np.float32],
    moves: NDArray[np.float64],
    angles: NDArray[np.float64],
    sizes: NDArray[np.float64],
) -> NDArray[np.float32]:
    """Each pixel's value is taken from where the pixel was before image i was moved, turned and scaled.

    Args:
        images: (n, height, width, 1).
        moves: (n, 2) pixels down and to the right.
        angles: (n,) radians, anticlockwise as one sees it.
        sizes: (n,) factors.
    """
    from scipy.ndimage import map_coordinates

    count, height, width, _ = images.shape
    row, column = (np.arange(side) - (side - 1) / 2 for side in (height, width))
    down = row[None, :, None] - moves[:, 0, None, None]
    right = column[None, None, :] - moves[:, 1, None, None]
    cosine, sine = (part[:, None, None] for part in (np.cos(angles) / sizes, np.sin(angles) / sizes))
    source_row = cosine * down + sine * right + (height - 1) / 2
    source_column = cosine * right - sine * down + (width - 1) / 2
    which = np.broadcast_to(np.arange(count)[:, None, None], source_row.shape)
    # Rounding errors must not make the outermost pixels count as outside.
    places = np.stack([which, source_row.round(9), source_column.round(9)])
    pixels: NDArray[np.float32] = map_coordinates(
        images[..., 0], places, order=1, mode="grid-constant", cval=0.0
    )
    return pixels[..., None].astype(np.float32)
