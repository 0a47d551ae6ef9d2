"""The design task of assignment 02: a kernel that finds one kind of edge and is silent on everything else."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from helpers.checks.cases import rows
from helpers.checks.evidence import Arrays, Evidence
from helpers.checks.items import (
    Challenge,
    ImageSource,
    Item,
    Rejected,
    UnusableReturn,
    is_empty,
    outputs_as_arrays,
)
from helpers.checks.observation import Observation
from helpers.checks.verdict import Finding
from helpers.convolution import correlate2d

_KERNEL = "the kernel"
_IMAGES = 24
_SIZE = 28
_FIRST, _SECOND = (8, 11), (18, 21)  # where the two edges of a bar lie: further apart than a kernel is wide
_CLEARLY = 2.0  # the edge asked for is answered at least so many times as strongly as anything else
_SILENT = 0.2  # of the answer to vertical edges: what still counts as silence


class EdgeKernel(Item):
    """`edge_kernel()`: positive where a bright area ends and a dark one begins, from left to right.

    Kernels are judged by their answers alone, averaged along each edge, on drawn images of bars in changing
    brightness, contrast and noise. So every right kernel passes, whatever its size and scale.
    """

    parts = ("finds", "silent")
    settings = ("largest",)

    def draw(self, images: ImageSource, rng: np.random.Generator) -> Challenge:
        bars, edges = _bars(rng)
        lying, _ = _bars(rng)
        return Challenge(
            key={"bars": bars, "edges": edges, "lying": lying.swapaxes(1, 2), "flat": _flat(rng)}
        )

    def collect(self, answer: tuple[Any, ...], inputs: Arrays) -> Evidence:
        edge_kernel = answer[0]
        if edge_kernel is None or is_empty(edge_kernel):
            return Evidence(attempted=False)
        kernel = edge_kernel()
        if kernel is None:
            raise UnusableReturn("Your function returned nothing. Is its `return` there?")
        return Evidence(arrays=outputs_as_arrays(kernel, (_KERNEL,)))

    def findings(self, evidence: Evidence, seen: Observation, challenge: Challenge) -> tuple[Finding, ...]:
        kernel = self._usable(evidence.arrays.get(_KERNEL))
        return _finds(kernel, challenge.key), _is_silent(kernel, challenge.key)

    def _usable(self, kernel: NDArray[Any] | None) -> NDArray[np.float64]:
        """The kernel as numbers that can be judged."""
        largest = self.setting("largest")
        if kernel is None or kernel.ndim != 2 or not 1 <= min(kernel.shape) <= max(kernel.shape) <= largest:
            shape = "missing" if kernel is None else f"{kernel.shape}"
            raise Rejected(
                f"A kernel has rows and columns, at most {largest} of each; the shape of yours: {shape}."
            )
        weights = kernel.astype(np.float64)
        if not np.isfinite(weights).all():
            raise Rejected("The weights of a kernel are finite numbers; some of yours aren't.")
        if not weights.any():
            raise Rejected("A kernel of zeros is silent everywhere.")
        return weights


def _finds(kernel: NDArray[np.float64], key: Arrays) -> Finding:
    wanted, opposite, elsewhere = _answers(_scaled(kernel), key["bars"], key["edges"])
    found = (wanted > 0) & (wanted >= _CLEARLY * np.maximum(opposite, elsewhere))
    images = f"in {found.sum()} of {len(found)} images"
    if found.all():
        return Finding("finds", 1.0, f"Its strongest answer is at the edge that was asked for {images}.")
    message = f"Its strongest answer, by far, is at the edge that was asked for {images}."
    if (opposite > np.maximum(wanted, elsewhere)).all():
        message += " It prefers the opposite edges, at which dark ends and bright begins."
    elif (_CLEARLY * opposite > wanted).all() and (wanted > elsewhere).all():
        message += " It answers the opposite edges, too."
    return Finding("finds", 0.0, f"{message} {_example(kernel)}")


def _is_silent(kernel: NDArray[np.float64], key: Arrays) -> Finding:
    scaled = _scaled(kernel)
    heard = float(np.abs(_profiles(scaled, key["bars"])).max(axis=1).mean())
    lying = float(np.abs(_profiles(_turned(scaled), _turned(key["lying"]))).max(axis=1).mean())
    flat = float(np.abs(correlate2d(key["flat"], scaled).mean(axis=(1, 2))).mean())
    if max(lying, flat) <= _SILENT * heard:
        return Finding("silent", 1.0, "It is silent on horizontal edges and on flat areas.")
    if flat > _SILENT * heard:
        message = (
            f"It isn't silent on flat areas: its weights sum to {kernel.sum():.4g}, and so many times its "
            "brightness is the answer to a flat area."
        )
    else:
        message = (
            "It isn't silent on horizontal edges: it answers them "
            f"{100 * lying / heard:.0f} % as strongly as vertical ones."
        )
    return Finding("silent", 0.0, message)


def _scaled(kernel: NDArray[np.float64]) -> NDArray[np.float64]:
    """With 1 as the largest weight: kernels are judged whatever their scale."""
    return np.asarray(kernel / np.abs(kernel).max())


def _bars(rng: np.random.Generator) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Images (n, 28, 28) of an upright bar; and for each, the first columns (bright to dark, dark to bright).

    Every other bar is dark on bright ground.
    """
    edges = np.stack([rng.integers(*_FIRST, _IMAGES), rng.integers(*_SECOND, _IMAGES)], axis=1)
    columns = np.arange(_SIZE)
    inside = (columns >= edges[:, :1]) & (columns < edges[:, 1:])
    bright_bar = np.arange(_IMAGES) % 2 == 0
    bright = inside == bright_bar[:, None]
    dark_level = rng.uniform(0.0, 0.4, (_IMAGES, 1))
    contrast = rng.uniform(0.3, 0.6, (_IMAGES, 1))
    images = np.repeat((dark_level + contrast * bright)[:, None, :], _SIZE, axis=1)
    falling_first = np.where(bright_bar[:, None], edges[:, ::-1], edges)
    return _noisy(images, rng), falling_first


def _flat(rng: np.random.Generator) -> NDArray[np.float64]:
    return _noisy(np.ones((_IMAGES, _SIZE, _SIZE)) * rng.uniform(0.3, 1.0, (_IMAGES, 1, 1)), rng)


def _noisy(images: NDArray[np.float64], rng: np.random.Generator) -> NDArray[np.float64]:
    strength = rng.uniform(0.01, 0.05, (len(images), 1, 1))
    return images + strength * rng.normal(size=images.shape)


def _profiles(kernel: NDArray[np.float64], images: NDArray[np.float64]) -> NDArray[np.float64]:
    """The answers (n, places) from left to right, averaged over the rows."""
    return np.asarray(correlate2d(images, kernel).mean(axis=1))


def _answers(
    kernel: NDArray[np.float64], images: NDArray[np.float64], edges: NDArray[np.int64]
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """The largest answer in each image: at the edge asked for, at the opposite one, anywhere else."""
    profiles = _profiles(kernel, images)
    places = np.arange(profiles.shape[1])
    # A window that begins at place p reaches over an edge before column e if p < e < p + its width.
    at_wanted, at_opposite = (
        (places < edges[:, [side]]) & (edges[:, [side]] < places + kernel.shape[1]) for side in (0, 1)
    )
    nowhere = -np.inf
    wanted, opposite, elsewhere = (
        np.where(chosen, profiles, nowhere).max(axis=1)
        for chosen in (at_wanted, at_opposite, ~(at_wanted | at_opposite))
    )
    return wanted, opposite, elsewhere


def _turned(array: NDArray[np.float64]) -> NDArray[np.float64]:
    """Rows as columns and columns as rows, of one array or many."""
    return np.swapaxes(array, -1, -2)


def _example(kernel: NDArray[np.float64]) -> str:
    """The answers to one small, clean image, to compute along with."""
    row = np.repeat([0.0, 1.0, 0.0], [4, 8, 4])
    answers = correlate2d(np.tile(row, (kernel.shape[0], 1)), kernel)
    pixels = " ".join(f"{pixel:g}" for pixel in row)
    return f"Where each row of pixels is {pixels}, it answers {rows(answers)[1:-1]}."
