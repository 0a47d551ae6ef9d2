"""Images on their way to a model: as the 256 levels that they consist of, a quarter of the bytes.

They are exactly the same afterwards. Images that consist of anything else are sent as they are.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from helpers.checks import evidence as evidence_files
from helpers.checks.evidence import Arrays
from helpers.grading.fixed_arrays import remembered

_LEVELS = "levels of "
_WHITE = np.float32(255)


@remembered
def pack_images(images: Arrays) -> bytes:
    """Images by name, as bytes."""
    packed = {}
    for name, given in images.items():
        levels = _levels(given)
        packed[name if levels is None else _LEVELS + name] = given if levels is None else levels
    return evidence_files.pack(packed)


def unpack_images(packed: bytes, limit: int) -> dict[str, NDArray[Any]]:
    """The images by name. Raises EvidenceError where they are damaged, or more than `limit` bytes as sent."""
    return {
        name.removeprefix(_LEVELS): array / _WHITE if name.startswith(_LEVELS) else array
        for name, array in evidence_files.unpack(packed, limit).items()
    }


def _levels(images: NDArray[Any]) -> NDArray[np.uint8] | None:
    """uint8, of which images are exactly the 255th part; None where there is no such."""
    if images.dtype != np.float32 or not images.size or not (images.min() >= 0 and images.max() <= 1):
        return None
    levels = np.rint(images * _WHITE).astype(np.uint8)
    return levels if np.array_equal(levels / _WHITE, images) else None
