"""Random numbers that keep to their image: more images never change the ones before them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray


class Chance:
    """One stream of random numbers for each thing that varies, so that image i's are its own whatever n is.

    Ask for each thing once for every image, in the order of the images; the first axis is the image.
    """

    def __init__(self, seed: int) -> None:
        self._seed = seed
        self._streams: dict[str, np.random.Generator] = {}

    def _stream(self, what: str) -> np.random.Generator:
        if what not in self._streams:
            key = np.random.SeedSequence(self._seed, spawn_key=(1, *what.encode()))
            self._streams[what] = np.random.default_rng(key)
        return self._streams[what]

    def normal(self, what: str, *shape: int) -> NDArray[np.float32]:
        """Standard normal numbers, float32."""
        return self._stream(what).standard_normal(shape, dtype=np.float32)

    def uniform(self, what: str, *shape: int) -> NDArray[np.float32]:
        """Uniform numbers in [0, 1), float32."""
        return self._stream(what).random(shape, dtype=np.float32)
