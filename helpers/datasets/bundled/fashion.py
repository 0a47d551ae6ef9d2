"""Garments, shoes and bags as a shop photographs them, in the manner of Fashion-MNIST, cut from measures.

Each image takes a style and its measures (garments/garments.toml), is cut and lit on a white ground, and is
then made as Fashion-MNIST made its own from a shop's photographs: the garment's longer side fills the
picture, which is made small, sharpened and turned into its negative, so that the ground is black.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import numpy as np

from helpers.datasets.bundled import checked_labels, checked_seed
from helpers.datasets.bundled.chance import Chance
from helpers.datasets.bundled.garments import bags, sandals, shoes, tops, trousers
from helpers.datasets.bundled.garments.accidents import Accidents, accidents
from helpers.datasets.bundled.garments.measures import Measures, measure

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float32]
    Cutter = Callable[[Measures, Accidents, int], NDArray[np.floating[Any]]]

CLASS_NAMES: tuple[str, ...] = (
    "T-shirt/top",
    "Trouser",
    "Pullover",
    "Dress",
    "Coat",
    "Sandal",
    "Shirt",
    "Sneaker",
    "Bag",
    "Ankle boot",
)
CUTTERS: Mapping[str, Cutter] = {
    "top": tops.draw,
    "trousers": trousers.draw,
    "shoe": shoes.draw,
    "sandal": sandals.draw,
    "bag": bags.draw,
}
SIDE = 28
FINE = 2
"""Fine pixels along each pixel's side."""
CHUNK = 2048
BATCH = 48
THREADS = 2


def render(labels: NDArray[np.integer], seed: int) -> Floats:
    """Draw one garment for each label: 0 for a T-shirt to 9 for an ankle boot, as in Fashion-MNIST.

    labels: (n,) indices into CLASS_NAMES. Returns (n, 28, 28, 1) float32 in [0, 1], bright on black. Image i
    depends on labels[i], on i and on the seed, not on n or the other labels: a longer list begins with the
    same images. Raises WorkshopError for labels that are no classes or a seed below 0.
    """
    classes = checked_labels(labels, len(CLASS_NAMES))
    chance = Chance(checked_seed(seed))
    images = np.zeros((len(classes), SIDE, SIDE, 1), dtype=np.float32)
    for start in range(0, len(classes), CHUNK):
        images[start : start + CHUNK, :, :, 0] = _draw(classes[start : start + CHUNK], chance)
    return images


def _draw(classes: NDArray[np.int64], chance: Chance) -> Floats:
    n = len(classes)
    kinds, measures = measure(classes, CLASS_NAMES, chance)
    chances = accidents(n, chance)
    photographs = np.ones((n, SIDE, SIDE), dtype=np.float32)

    def cut(kind: str, rows: NDArray[np.int64]) -> None:
        photographs[rows] = _photograph(kind, measures.take(rows), chances.take(rows))

    jobs = [
        (kind, rows)
        for kind in CUTTERS
        for own in [np.flatnonzero(kinds == kind)]
        for rows in np.array_split(own, -(-len(own) // BATCH) or 1)
        if rows.size
    ]
    with ThreadPoolExecutor(THREADS) as pool:
        list(pool.map(lambda job: cut(*job), jobs))
    return _developed(photographs, measures, chance)


def _photograph(kind: str, measures: Measures, chances: Accidents) -> Floats:
    """One batch of one kind, made small: (n, SIDE, SIDE), garments on a white ground."""
    fine = CUTTERS[kind](measures, chances, SIDE * FINE).reshape(len(measures), SIDE, FINE, SIDE, FINE)
    coarse = (fine[:, :, 0, :, 0] + fine[:, :, 0, :, 1] + fine[:, :, 1, :, 0] + fine[:, :, 1, :, 1]) / 4
    return coarse.astype(np.float32)


def _developed(photographs: Floats, measures: Measures, chance: Chance) -> Floats:
    """The negative, sharpened, in 256 levels of grey."""
    ink = 1 - photographs
    grain = 0.006 * chance.normal("grain", *ink.shape) * (ink > 0.05)
    ink = ink + grain
    ink = ink + measures["sharpened"] * (ink - _softened(ink))
    return (np.rint(np.clip(ink, 0, 1) * 255) / 255).astype(np.float32)


def _softened(images: Floats) -> Floats:
    """Each pixel's mean with its neighbours, weighted 1 : 2 : 1 along both axes; around it lies black."""
    padded = np.pad(images, [(0, 0), (1, 1), (1, 1)])
    rows = padded[:, :-2] + 2 * padded[:, 1:-1] + padded[:, 2:]
    softened: Floats = (rows[:, :, :-2] + 2 * rows[:, :, 1:-1] + rows[:, :, 2:]) / 16
    return softened
