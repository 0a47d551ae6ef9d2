"""Kernels that people have written by hand for decades, long before networks learned their own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, eq=False)
class Kernel:
    """A kernel with a name.

    values: float64 (rows, columns), read-only; meant for `correlate2d`, which doesn't turn it.
    about:  what it does to an image, in a sentence.
    """

    name: str
    values: NDArray[np.float64]
    about: str


def _kernel(name: str, rows: list[list[float]], about: str, divisor: float = 1.0) -> Kernel:
    values = np.array(rows, dtype=np.float64) / divisor
    values.setflags(write=False)
    return Kernel(name, values, about)


_ALL = (
    _kernel(
        "identity",
        [[0, 0, 0], [0, 1, 0], [0, 0, 0]],
        "Takes each pixel as it is: the image comes back unchanged.",
    ),
    _kernel(
        "box blur",
        [[1, 1, 1], [1, 1, 1], [1, 1, 1]],
        "The mean of a pixel and its eight neighbours: noise and detail fade alike.",
        divisor=9,
    ),
    _kernel(
        "Gaussian blur",
        [[1, 2, 1], [2, 4, 2], [1, 2, 1]],
        "A mean in which nearer pixels count more: a softer, rounder blur than the box's.",
        divisor=16,
    ),
    _kernel(
        "sharpen",
        [[0, -1, 0], [-1, 5, -1], [0, -1, 0]],
        "Adds to each pixel what sets it apart from its neighbours: outlines get crisper, and noise too.",
    ),
    _kernel(
        "horizontal edges",
        [[-1, -2, -1], [0, 0, 0], [1, 2, 1]],
        "Sobel's for horizontal edges: positive where it gets brighter downwards, negative where darker.",
    ),
    _kernel(
        "vertical edges",
        [[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]],
        "Sobel's for vertical edges: positive where it gets brighter to the right, negative where darker.",
    ),
    _kernel(
        "all edges",
        [[0, 1, 0], [1, -4, 1], [0, 1, 0]],
        "The Laplacian: edges in every direction, with opposite signs on their bright and their dark side.",
    ),
    _kernel(
        "emboss",
        [[-2, -1, 0], [-1, 1, 1], [0, 1, 2]],
        "The image with light and shadow along its diagonal edges, like a relief lit from one corner.",
    ),
)

KERNELS: Mapping[str, Kernel] = MappingProxyType({kernel.name: kernel for kernel in _ALL})
"""The classic kernels by name, in the order in which a lesson shows them."""
