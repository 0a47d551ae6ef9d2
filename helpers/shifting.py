"""Images moved by whole pixels, to see what a trained network makes of them.

Upwards only: moving them to the right is a task of assignment 01.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from helpers.errors import WorkshopError


class ShiftingError(WorkshopError):
    """Images cannot be moved this way."""


def moved_up(images: NDArray[np.float32], pixels: int) -> NDArray[np.float32]:
    """Copies of the images, moved up: what leaves at the top is lost, what comes in at the bottom is black.

    Args:
        images: (n, height, width, 1), from 0 (black) to 1 (white).
        pixels: by how many, from 0 to the height.

    Raises:
        ShiftingError: for other shapes or pixels.
    """
    if images.ndim != 4:
        raise ShiftingError(
            f"Images of shape (n, height, width, 1) are needed; these have shape {images.shape}. "
            "To move a single image, give images[:1]."
        )
    height = images.shape[1]
    if not 0 <= pixels <= height:
        raise ShiftingError(f"pixels is {pixels}; these images can be moved up by 0 to {height} pixels.")
    return np.pad(images, ((0, 0), (0, pixels), (0, 0), (0, 0)))[:, pixels:]
