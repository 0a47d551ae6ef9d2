"""Answers to assignment 02 judged in this process, on several draws."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from helpers.checks.exercise import attempt
from helpers.checks.items import Challenge, Item, item_for
from helpers.checks.observation import Observation
from helpers.checks.specification import read
from helpers.checks.verdict import Verdict

ROOT = Path(__file__).resolve().parents[2]
NAME = "02_convolution_by_hand"
SPECIFICATION = read(ROOT / "source" / NAME / "assignment.toml")
ITEMS = list(SPECIFICATION.items)
FUNCTIONS = [name for name in ITEMS if name != "design"]
SEEDS = range(4)


def no_images(n: int, seed: int) -> Any:
    raise AssertionError("these items draw their own arrays")


def item(name: str) -> Item:
    return item_for(SPECIFICATION.items[name])


def challenge(name: str, seed: int = 0) -> Challenge:
    return item(name).draw(no_images, np.random.default_rng(seed))


def verdicts(name: str, answer: Callable[..., Any]) -> list[Verdict]:
    drawn = [challenge(name, seed) for seed in SEEDS]
    judged = item(name)
    return [judged.judge(attempt(judged, (answer,), one.inputs), Observation(), one) for one in drawn]


def right_parts(name: str, answer: Callable[..., Any]) -> set[str]:
    """The parts that earned their points; the same ones for every draw."""
    found = {frozenset(f.part for f in one.findings if f.earned) for one in verdicts(name, answer)}
    assert len(found) == 1, found
    return set(found.pop())


def all_but(name: str, *parts: str) -> set[str]:
    return set(item(name).parts) - set(parts)


def said(name: str, answer: Callable[..., Any]) -> str:
    return " ".join(verdicts(name, answer)[0].plain().split())
