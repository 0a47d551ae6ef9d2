"""Test images to play with where there is no camera, and one picture of each sign."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING

from helpers.game.errors import GameError
from helpers.game.rules import SIGNS

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from helpers.datasets import Dataset


class Deck:
    """The test images of a data set in random order, each sign's in a row of its own.

    Args:
        data: with the classes of "rps"; `datasets.load("rps")` if not given.
        seed: the same seed makes the same order.

    Raises:
        GameError: the data has other classes, or a sign has no test image.
    """

    def __init__(self, data: Dataset | None = None, seed: int | None = None) -> None:
        import numpy as np

        from helpers.datasets import load

        self.data = load("rps", quiet=True) if data is None else data
        if tuple(self.data.class_names) != SIGNS:
            raise GameError(
                f"The game is played with {', '.join(SIGNS)}; {self.data.name} has other classes. "
                'Give it data=datasets.load("rps"), or none.'
            )
        chance = np.random.default_rng(None if seed is None else [seed, 1])  # not the computer's own
        order = chance.permutation(len(self.data.y_test))
        self._rows = [order[self.data.y_test[order] == sign] for sign in range(len(SIGNS))]
        if not all(len(rows) for rows in self._rows):
            raise GameError("The data has no test image of some sign.")
        self._any = [int(sign) for sign in self.data.y_test[order]]
        self._drawn = [0] * len(SIGNS)

    @property
    def brightness(self) -> float:
        """The mean grey level of the training images, from 0 to 255."""
        return float(self.data.x_train[:1000].mean() * 255)

    def from_the_start(self) -> Deck:
        """The same images in the same order, none of them drawn yet."""
        fresh = copy.copy(self)
        fresh._drawn = [0] * len(SIGNS)
        return fresh

    def draw(self, sign: int | None) -> tuple[NDArray[np.uint8], int]:
        """The next test image (28, 28) of a sign, or of any, and its label; the first follows the last."""
        if sign is None:
            sign = self._any[sum(self._drawn) % len(self._any)]
        rows = self._rows[sign]
        row = int(rows[self._drawn[sign] % len(rows)])
        self._drawn[sign] += 1
        return _grey(self.data.x_test[row]), sign

    def example(self, sign: int) -> NDArray[np.uint8]:
        """A training image (28, 28) of the sign as it looks mostly: the nearest to the mean of its class."""
        import numpy as np

        images = self.data.x_train[self.data.y_train == sign][:300]
        distances = ((images - images.mean(axis=0)) ** 2).sum(axis=(1, 2, 3))
        return _grey(images[int(np.argmin(distances))])


def _grey(image: NDArray[np.float32]) -> NDArray[np.uint8]:
    """Pixels (28, 28, 1) from 0 to 1 as grey levels (28, 28)."""
    import numpy as np

    grey: NDArray[np.uint8] = np.clip(np.rint(image[:, :, 0] * 255), 0, 255).astype(np.uint8)
    return grey
