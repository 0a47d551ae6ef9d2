"""The 24 letters of the American sign alphabet that are held still (J and Z need a movement)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from helpers.datasets.bundled import checked_labels, checked_seed
from helpers.datasets.bundled.hands import photograph

if TYPE_CHECKING:
    from numpy.typing import NDArray

CLASS_NAMES: tuple[str, ...] = tuple("ABCDEFGHIKLMNOPQRSTUVWXY")


def render(labels: NDArray[np.integer], seed: int) -> NDArray[np.float32]:
    """Draw one photograph of a signing hand for each label.

    labels: (n,) places in CLASS_NAMES, 0 for A to 23 for Y. Returns (n, 28, 28, 1) float32 in [0, 1]. Image i
    depends on labels[i], on i and on the seed, not on n or the other labels: a longer list begins with the
    same images. Raises WorkshopError for labels that are no classes or a seed below 0.
    """
    letters = np.array(CLASS_NAMES)[checked_labels(labels, len(CLASS_NAMES))]
    return photograph(letters, checked_seed(seed))
