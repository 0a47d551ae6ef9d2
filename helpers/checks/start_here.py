"""The warm-up of lesson 00, on which students see what a check says. It is graded by nobody."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from helpers.checks.evidence import Evidence
from helpers.checks.items import Challenge, ImageSource, Item, is_empty, outputs_as_arrays
from helpers.checks.observation import Observation
from helpers.checks.verdict import Finding


class Negative(Item):
    """`negative(images)`: white on black becomes black on white."""

    parts = ("negative",)

    def draw(self, images: ImageSource, rng: np.random.Generator) -> Challenge:
        return Challenge(inputs={"images": images(20, int(rng.integers(2**31)))[0]})

    def collect(self, answer: tuple[Any, ...], inputs: Any) -> Evidence:
        negative = answer[0]
        if negative is None or is_empty(negative):
            return Evidence(attempted=False)
        return Evidence(arrays=outputs_as_arrays(negative(inputs["images"].copy()), ("images",)))

    def findings(self, evidence: Evidence, seen: Observation, challenge: Challenge) -> tuple[Finding, ...]:
        problem = _problem(evidence.arrays.get("images"), challenge.inputs["images"])
        right = "Every white is black now, every black white, and every grey has changed sides."
        return (self.finding("negative", not problem, right, problem),)


def _problem(found: NDArray[Any] | None, given: NDArray[Any]) -> str:
    """What is wrong with the negative of some images, in a sentence; "" if nothing is."""
    if found is None or found.shape != given.shape:
        shape = "nothing" if found is None else f"an array of shape {found.shape}"
        return f"The result should have the shape of the images, {given.shape}; yours is {shape}."
    if not np.all((found >= 0) & (found <= 1)):
        span = f"from {found.min() + 0:g} to {found.max() + 0:g}"  # + 0 makes 0 of -0
        return f"Your values go {span}. Brightness lies between 0 (black) and 1 (white)."
    if np.allclose(found, given, atol=1e-4):
        return "The images come back unchanged."
    worst = np.unravel_index(int(np.abs(found + given - 1).argmax()), given.shape)
    before, after = float(given[worst]), float(found[worst])
    if abs(before + after - 1) > 1e-3:
        return f"A pixel of {before:.2f} should become {1 - before:.2f}; yours becomes {after:.2f}."
    return ""
