"""Rock, paper, scissors, shown as the signs A (a fist), B (a flat hand) and V (two fingers)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from helpers.datasets.bundled import checked_labels, checked_seed
from helpers.datasets.bundled.hands import photograph

if TYPE_CHECKING:
    from numpy.typing import NDArray

CLASS_NAMES: tuple[str, ...] = ("rock", "paper", "scissors")
LETTERS: tuple[str, ...] = ("A", "B", "V")


def render(labels: NDArray[np.integer], seed: int) -> NDArray[np.float32]:
    """Draw one photograph of a hand for each label: 0 for rock, 1 for paper, 2 for scissors.

    Returns (n, 28, 28, 1) float32 in [0, 1]. Image i depends on labels[i], on i and on the seed, not on n or
    the other labels. Raises WorkshopError for labels that are no classes or a seed below 0.
    """
    letters = np.array(LETTERS)[checked_labels(labels, len(CLASS_NAMES))]
    return photograph(letters, checked_seed(seed))
