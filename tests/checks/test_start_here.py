"""The warm-up of lesson 00 shows each of the three verdicts, and says why a wrong answer is wrong."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from helpers.checks.exercise import attempt
from helpers.checks.items import item_for
from helpers.checks.observation import Observation
from helpers.checks.specification import read
from helpers.checks.verdict import State, Verdict

FOLDER = Path(__file__).resolve().parents[2] / "notebooks" / "warm_up"


def images(n: int, seed: int) -> tuple[Any, Any]:
    rng = np.random.default_rng(seed)
    return rng.random((n, 28, 28, 1), dtype=np.float32), np.zeros(n, dtype=np.int64)


def verdict(answer: Callable[..., Any]) -> Verdict:
    item = item_for(read(FOLDER / "assignment.toml").items["negative"])
    challenge = item.draw(images, np.random.default_rng(0))
    return item.judge(attempt(item, (answer,), challenge.inputs), Observation(), challenge)


def stub(images: Any) -> Any:
    """White on black becomes black on white."""
    ...


def in_place(images: Any) -> Any:
    images *= -1
    images += 1
    return images


@pytest.mark.parametrize(
    "answer", [lambda x: 1 - x, lambda x: 1.0 - np.asarray(x, dtype=np.float64), in_place]
)
def test_right_answers(answer: Callable[..., Any]) -> None:
    assert verdict(answer).state is State.RIGHT


def test_the_stub_is_not_attempted() -> None:
    assert verdict(stub).state is State.NOT_ATTEMPTED


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (lambda x: -x, "Your values go from -"),
        (lambda x: 255 - x, "Brightness lies between 0"),
        (lambda x: x, "unchanged"),
        (lambda x: np.round(1 - x), "A pixel of"),
        (lambda x: 1 - x[..., 0], "should have the shape of the images"),
        (lambda x: x.fill(0), "images should be an array of numbers"),
        (lambda x: np.full_like(x, np.nan), "Brightness lies between 0"),
        (lambda x: 1 - y, "NameError"),  # type: ignore[name-defined]  # noqa: F821
    ],
)
def test_wrong_answers_have_a_reason(answer: Callable[..., Any], reason: str) -> None:
    found = verdict(answer)
    assert found.state is State.WRONG
    assert reason in found.plain()
