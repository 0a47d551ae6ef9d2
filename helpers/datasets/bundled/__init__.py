"""Images that the package draws itself, offline, from a seed: as many as you ask for.

Each renderer is a module of this package with two names: ``CLASS_NAMES`` and
``render(labels, seed) -> images``. It is imported when it is first used.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Protocol, cast

import numpy as np

from helpers.errors import WorkshopError

if TYPE_CHECKING:
    from numpy.typing import NDArray

RENDERERS: tuple[str, ...] = ("digits", "fashion", "signs", "rps")
"""The data sets that can be drawn; each is the name of a module here."""


class Renderer(Protocol):
    """What every drawing module offers."""

    CLASS_NAMES: tuple[str, ...]

    def render(self, labels: NDArray[np.integer], seed: int) -> NDArray[np.float32]:
        """Draw one image for each label: (n,) class indices → (n, 28, 28, 1) float32 in [0, 1]."""


def renderer(name: str) -> Renderer:
    """The drawing module of a data set. Raises WorkshopError if there is none of that name."""
    if name not in RENDERERS:
        known = ", ".join(RENDERERS)
        raise WorkshopError(f"No bundled images are called {name!r}. Those that can be drawn: {known}.")
    return cast(Renderer, import_module(f"{__name__}.{name}"))


def draw(name: str, n: int, seed: int) -> tuple[NDArray[np.float32], NDArray[np.int64]]:
    """Draw n fresh images of a data set, the same ones whenever the seed is the same.

    Returns x, (n, 28, 28, 1) float32 in [0, 1], and y, (n,) int64 class indices, shuffled, with as many of
    each class as of any other, give or take one. Raises WorkshopError for an unknown name, a negative n or
    a seed that is not a whole number from 0.
    """
    module = renderer(name)
    if not isinstance(n, int | np.integer) or n < 0:
        raise WorkshopError(f"Cannot draw {n!r} images: n must be a whole number, 0 or more.")
    order = np.random.default_rng(np.random.SeedSequence(checked_seed(seed), spawn_key=(0,)))
    labels = order.permutation(np.arange(n, dtype=np.int64) % len(module.CLASS_NAMES))
    return module.render(labels, seed), labels


def checked_seed(seed: int) -> int:
    """The seed, if it is one. Raises WorkshopError otherwise."""
    if not isinstance(seed, int | np.integer) or isinstance(seed, bool) or seed < 0:
        raise WorkshopError(f"{seed!r} is no seed: it must be a whole number, 0 or more.")
    return int(seed)


def checked_labels(labels: NDArray[np.integer], classes: int) -> NDArray[np.int64]:
    """The labels as (n,) int64, if each is a class index from 0. Raises WorkshopError otherwise."""
    array = np.asarray(labels)
    if array.ndim != 1:
        raise WorkshopError(
            f"Labels must be a list of class indices, one for each image; got shape {array.shape}."
        )
    if array.size and not np.issubdtype(array.dtype, np.integer):
        raise WorkshopError(
            f"Labels must be whole numbers (class indices), not {array.dtype}. Use .astype(int)."
        )
    wrong = np.flatnonzero((array < 0) | (array >= classes))
    if wrong.size:
        raise WorkshopError(
            f"Label {array[wrong[0]]} at position {wrong[0]} is no class: labels go from 0 to {classes - 1}."
        )
    return array.astype(np.int64)
