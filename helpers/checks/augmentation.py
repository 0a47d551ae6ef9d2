"""Augmentation, checked by what it does: random changes of images, and a network that bears such changes."""

from __future__ import annotations

from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from helpers.checks import marks
from helpers.checks.classifier import UNSEEN, Classifier, unusable_output
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
from helpers.warping import warped

# --- Random changes

_COPIES = 160  # so many draws reach two thirds of what they may reach, in both directions, or never will
_REACHED = 0.6  # of the largest amount that was asked for: what the draws must reach
_FEW = 0.02  # the share of images in which a reading may go astray
_DEGREES, _PIXELS, _BRIGHTNESS = 1.5, 0.5, 0.025  # more than a reading is ever wrong by
_SIZES, _MISFIT = 0.1, 0.5
_SAME = 1e-3
_GREY, _NEARLY_WHITE = 0.5, 0.95
_EDGE = 0.2  # how much darker than the image the edge is where black comes in
_CALLS = ("first", "second", "on_grey", "off")


class RandomChanges(Item):
    """`augmentation()`: a layer or model that turns, moves and lightens each image by an amount of its own.

    Judged by what it does to marked images and to grey ones: how it is made is no matter. Settings: turn, in
    degrees; down and right, in pixels; lighter, in brightness; each in both directions.
    """

    parts = ("form", "off", "draws", "turns", "moves", "light", "rest")
    settings = ("turn", "down", "right", "lighter")

    def draw(self, images: ImageSource, rng: np.random.Generator) -> Challenge:
        corners = marks.triangle(rng)
        grey = np.where(np.arange(_COPIES) % 2, _NEARLY_WHITE, _GREY)[:, None, None, None]
        return Challenge(
            inputs={
                "marked": np.repeat(marks.marked(corners)[None], _COPIES, axis=0),
                "grey": np.broadcast_to(grey, (_COPIES, marks.SIDE, marks.SIDE, 1)).astype(np.float32),
            },
            key={"x": corners.real, "y": corners.imag},
        )

    def collect(self, answer: tuple[Any, ...], inputs: Arrays) -> Evidence:
        make = answer[0]
        if make is None or is_empty(make):
            return Evidence(attempted=False)
        change = make()
        if change is None:
            raise UnusableReturn("Your function returned nothing. Is its `return` there?")
        if isinstance(change, list | tuple):
            raise UnusableReturn(
                f"Your function returned a {type(change).__name__} of {len(change)}. It should be one layer "
                "or model that can be called: keras.Sequential makes one of several."
            )
        if not callable(change):
            raise UnusableReturn(
                f"Your function should return a layer or a model, but returned {type(change).__name__}."
            )
        marked, grey = inputs["marked"], inputs["grey"]
        calls = ((marked, True), (marked, True), (grey, True), (marked, False))
        return Evidence(
            arrays={
                name: outputs_as_arrays(change(given.copy(), training=training), (name,))[name]
                for name, (given, training) in zip(_CALLS, calls, strict=True)
            }
        )

    def findings(self, evidence: Evidence, seen: Observation, challenge: Challenge) -> tuple[Finding, ...]:
        given, found = challenge.inputs, evidence.arrays
        shape = given["marked"].shape
        for name in _CALLS:
            if name not in found or found[name].shape != shape:
                raise Rejected(
                    f"From images of shape {shape} came an array of shape "
                    f"{found[name].shape if name in found else ()}; it should have the same."
                )
        corners = challenge.key["x"] + 1j * challenge.key["y"]
        usable = {name: np.where(np.isfinite(one), one, 0).astype(np.float32) for name, one in found.items()}
        reading = marks.read(np.concatenate([usable["first"], usable["second"]]), corners)
        return (
            self._form([found[name] for name in _CALLS[:3]]),
            self._off(usable["off"], given["marked"]),
            self._draws(usable["first"], usable["second"], given["marked"]),
            *self._changes(reading),
            self._rest(reading, usable["on_grey"]),
        )

    def _form(self, outputs: list[NDArray[Any]]) -> Finding:
        for output in outputs:
            if output.dtype != np.float32:
                return Finding("form", 0.0, f"Form: the images should stay float32, but are {output.dtype}.")
            low, high = float(output.min()), float(output.max())
            if not (low >= -_SAME and high <= 1 + _SAME):  # NaN isn't either
                advice = "A layer that changes brightness must be told which values are black and white."
                if max(-low, high - 1) < 1:
                    advice = "What becomes brighter than white stays white; darker than black, black."
                return Finding(
                    "form",
                    0.0,
                    f"Form: pixels should stay from 0 to 1, but run from {low:.3g} to {high:.3g}. {advice}",
                )
        return Finding("form", 1.0, "Form: float32, from 0 to 1, and as many pixels as before.")

    def _off(self, output: NDArray[Any], given: NDArray[Any]) -> Finding:
        unchanged = np.allclose(output, given, atol=_SAME)
        return self.finding(
            "off",
            bool(unchanged),
            "Off: with training=False, images come out as they went in.",
            "Off: with training=False, images should come out as they went in, but some are changed. In use, "
            "a network is to see what is there.",
        )

    def _draws(self, first: NDArray[Any], second: NDArray[Any], given: NDArray[Any]) -> Finding:
        wrong = ""
        if _share_alike(first, given) > 0.5:
            wrong = "with training=True, images come out as they went in."
        elif _share_alike(first[1:], first[:-1]) > 0.5:
            wrong = "all images of a batch are changed alike; each should get amounts of its own."
        elif _share_alike(first, second) > 0.5:
            wrong = "a second call makes the same images again. Then every epoch would see the same ones."
        return self.finding(
            "draws",
            not wrong,
            "Draws: each image has amounts of its own, and new ones at each call.",
            f"Draws: {wrong}",
        )

    def _changes(self, reading: marks.Reading) -> tuple[Finding, Finding, Finding]:
        found = reading.found
        if found.mean() < 0.25:
            wrong = (
                f"in {np.sum(~found)} of {len(found)} images with three marks on black, these can't be found "
                "any more. They are out of the image, too dark, or cut in pieces."
            )
            turns, moves, light = (f"{label}: {wrong}" for label in ("Turns", "Moves", "Light"))
            return Finding("turns", 0.0, turns), Finding("moves", 0.0, moves), Finding("light", 0.0, light)
        return self._turns(reading), self._moves(reading), self._light(reading)

    def _turns(self, reading: marks.Reading) -> Finding:
        asked = float(self.setting("turn"))
        degrees = reading.turned[reading.found]
        # Upside down is mirrored and turned by 180°; it counts as mirrored alone.
        half_turned = reading.mirrored[reading.found] & (np.abs(degrees) > 90)
        degrees = np.where(half_turned, degrees - np.copysign(180, degrees), degrees)
        problem = _problem(degrees, asked, _DEGREES)
        said = f"Turns: from {degrees.min():+.0f}° to {degrees.max():+.0f}°; ±{asked:g}° was asked for."
        advice = {
            "large": " A layer's unit isn't the degree: its 1 is a full circle.",
            "small": " A layer's unit isn't the degree: its 1 is a full circle.",
            "none": " Nothing turns them.",
            "one-sided": " They should be turned in both directions.",
        }
        return self.finding("turns", not problem, said, said + advice.get(problem, ""))

    def _moves(self, reading: marks.Reading) -> Finding:
        asked = np.array([self.setting("down"), self.setting("right")], dtype=np.float64)
        # Turned and then moved, or moved and then turned: either is right.
        frames = [one[reading.found] for one in (reading.moved, reading.moved_before)]
        moved = min(frames, key=lambda one: float((np.abs(one).max(axis=0) - asked).max()))
        down, right = moved.T
        problems = [_problem(one, most, _PIXELS) for one, most in zip((down, right), asked, strict=True)]
        said = (
            f"Moves: by {down.min():+.1f} to {down.max():+.1f} pixels down and {right.min():+.1f} to "
            f"{right.max():+.1f} to the right; ±{asked[0]:g} and ±{asked[1]:g} were asked for."
        )
        lost = int(np.sum(~reading.found & ~reading.dark))
        if lost > _FEW * len(reading.found):
            said += f" In {lost} of {len(reading.found)} images, a mark near the middle was lost."
            return Finding("moves", 0.0, said)
        return self.finding("moves", not any(problems), said, said + self._misplaced(moved, problems))

    def _misplaced(self, moved: NDArray[np.float64], problems: list[str]) -> str:
        """Advice on moves that aren't what was asked for."""
        asked = np.array([self.setting("right"), self.setting("down")], dtype=np.float64)
        if not any(_problem(one, most, _PIXELS) for one, most in zip(moved.T, asked, strict=True)):
            return " The other way round: the height comes first, and it is what “down” is a share of."
        if set(problems) == {"none"}:
            return " Nothing moves them."
        if {"large", "small"} & set(problems):
            return f" A layer counts in shares of the image's {marks.SIDE} pixels."
        if "one-sided" in problems:
            return " They should be moved in both directions."
        return ""

    def _light(self, reading: marks.Reading) -> Finding:
        asked = float(self.setting("lighter"))
        lighter = reading.lighter[reading.found]
        problem = _problem(lighter, asked, _BRIGHTNESS)
        said = f"Light: from {lighter.min():+.2f} to {lighter.max():+.2f}; ±{asked:g} was asked for."
        advice = {
            "large": " White is 1 here, not 255.",
            "none": " Nothing makes them lighter or darker.",
            "one-sided": " Some should become lighter, others darker.",
        }
        return self.finding("light", not problem, said, said + advice.get(problem, ""))

    def _rest(self, reading: marks.Reading, plain: NDArray[Any]) -> Finding:
        found = reading.found
        if not found.any():
            return Finding("rest", 0.0, "Nothing else: judged as soon as the marks can be found again.")
        sizes = reading.size[found]
        wrong = ""
        if reading.mirrored[found].mean() > _FEW and np.median(reading.misfit[found]) < _MISFIT:
            share = f"{reading.mirrored.sum()} of {found.sum()} images"
            wrong = f"{share} are mirrored. Which digit is a mirrored 2?"
        elif np.mean(np.abs(sizes - 1) > _SIZES) > _FEW:
            wrong = f"marks become {sizes.min():.2f} to {sizes.max():.2f} times as large."
        elif np.mean(reading.misfit[found] > _MISFIT) > _FEW:
            wrong = "marks are bent out of shape."
        else:
            wrong = _edge_problem(plain[::2, ..., 0])
        return self.finding(
            "rest",
            not wrong,
            "Nothing else: not mirrored, not resized, and what comes in is black.",
            f"Nothing else: {wrong}",
        )


def _share_alike(images: NDArray[Any], others: NDArray[Any]) -> float:
    """The share of images (n, …) that hardly differ from their counterparts."""
    return float(np.mean(np.abs(images - others).max(axis=(1, 2, 3)) < _SAME))


def _problem(amounts: NDArray[np.float64], asked: float, tolerance: float) -> str:
    """What is wrong with drawn amounts that should fill the range from -asked to asked; "" if nothing is."""
    low, high = float(amounts.min()), float(amounts.max())
    if max(-low, high) > asked + tolerance:
        return "large"
    if high - low < tolerance:
        return "none"
    if min(-low, high) >= _REACHED * asked:
        return ""
    return "small" if max(-low, high) < _REACHED * asked else "one-sided"


def _edge_problem(grey: NDArray[Any]) -> str:
    """What comes in at the edges of grey images (n, 28, 28) that isn't black, in words."""
    middle = np.median(grey[:, 10:18, 10:18], axis=(1, 2))
    grey, middle = grey[middle > _EDGE], middle[middle > _EDGE]
    if not len(grey):
        return "what was grey is black, even in the middle."
    darker = middle - grey.min(axis=(1, 2)) > _EDGE
    brighter = grey.max(axis=(1, 2)) - middle > _EDGE
    if brighter.mean() > _FEW:
        return "what comes in at the edges is bright; the digits stand on black."
    if darker.mean() < 0.5:
        return "no black comes in at the edges. Which fill_mode is the default, and what does it do?"
    return ""


# --- A network that bears moves

_MOVED = "moved"
_LOSS = 0.08  # of accuracy, from straight to crooked images: what augmentation would give back
_READS = 0.5  # who has less on crooked ones has other worries


class SteadyClassifier(Classifier):
    """A trained network, on unseen images as they are, and on the same ones moved and turned.

    Settings besides those of a Classifier: shift, in pixels, and turn, in degrees, at most.
    """

    parts: ClassVar[tuple[str, ...]] = ("probabilities", "clean", "moved")
    ramped: ClassVar[tuple[str, ...]] = ("clean", "moved")
    settings: ClassVar[tuple[str, ...]] = (*Classifier.settings, "shift", "turn")

    def draw(self, images: ImageSource, rng: np.random.Generator) -> Challenge:
        drawn = super().draw(images, rng)
        clean = drawn.unseen[UNSEEN]
        seed = int(rng.integers(2**31))
        moved = warped(clean, shift=self.setting("shift"), turn=self.setting("turn"), seed=seed)
        return Challenge(unseen={UNSEEN: clean, _MOVED: moved}, key=drawn.key)

    def findings(self, evidence: Evidence, seen: Observation, challenge: Challenge) -> tuple[Finding, ...]:
        labels = challenge.key["labels"]
        problem = seen.problem or self.broken_rule(seen)
        if problem:
            raise Rejected(problem)
        for predicted in (seen.predictions[UNSEEN], seen.predictions[_MOVED]):
            problem = unusable_output(predicted, len(labels), self.setting("classes"))
            if problem:
                raise Rejected(problem)
        clean = self.accuracy("clean", seen.predictions[UNSEEN], labels, "unseen images as they are")
        moved = self.accuracy("moved", seen.predictions[_MOVED], labels, "of them, moved and turned")
        return (
            self.probabilities(seen.predictions[UNSEEN]),
            clean,
            _with_advice(moved, clean.measured or 0.0, moved.measured or 0.0),
        )


def _with_advice(moved: Finding, on_clean: float, on_moved: float) -> Finding:
    if moved.earned == 1 or on_clean - on_moved < _LOSS or on_moved < _READS:
        return moved
    advice = (
        " It reads straight ones far better. Has it seen moved and turned ones in training, by as much as "
        "these?"
    )
    return Finding(moved.part, moved.earned, moved.message + advice, moved.measured)
