"""What the tests of figures share: small images, and looks at what was drawn."""

from __future__ import annotations

from typing import Any

import numpy as np

DIGITS = [str(n) for n in range(10)]
LIMIT = 40_000  # bytes that a stored figure may take


def images(count: int, seed: int = 0) -> np.ndarray:
    """Random images (count, 28, 28, 1)."""
    return np.random.default_rng(seed).random((count, 28, 28, 1), dtype=np.float32)


def five() -> np.ndarray:
    """A 5 made of straight strokes (28, 28, 1): the top bar fills rows 5 to 7, columns 8 to 19."""
    image = np.zeros((28, 28, 1), dtype=np.float32)
    image[5:8, 8:20] = 1
    image[8:13, 8:11] = 1
    image[12:15, 8:18] = 1
    image[15:20, 16:19] = 1
    image[20:23, 8:18] = 1
    return image


def texts(axes: Any) -> list[str]:
    return [text.get_text() for text in axes.texts]


def legend(figure: Any) -> list[str]:
    return [text.get_text() for one in figure.figure.legends for text in one.get_texts()]


def check_readable(figure: Any) -> None:
    """What every figure must have: few bytes, a heading, both labels on visible axes, alt text."""
    assert len(figure.png) < LIMIT
    assert len(figure.alt) > 20
    heading = figure.figure.get_suptitle()
    for axes in figure.figure.axes:
        assert heading or axes.get_title()
        if axes.axison and axes.get_label() != "<colorbar>":
            assert axes.get_xlabel()
            assert axes.get_ylabel()
