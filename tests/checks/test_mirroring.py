"""Mirror images come behind the others, with the labels of what they show, where they show anything."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from helpers.checks.exercise import attempt
from helpers.checks.mirroring import Mirrored
from helpers.checks.observation import Observation
from helpers.checks.specification import ItemSpecification
from helpers.checks.verdict import State, Verdict

ITEM = Mirrored(
    ItemSpecification(
        "mirrored", "Mirrored", "mirroring:Mirrored", {"images": 1.0, "labels": 1.0}, ("a", "b", "c")
    )
)


def no_images(n: int, seed: int) -> Any:
    raise AssertionError("this item needs no images")


def judged(function: Callable[..., Any], seed: int = 0) -> Verdict:
    challenge = ITEM.draw(no_images, np.random.default_rng(seed))
    return ITEM.judge(attempt(ITEM, (function,), challenge.inputs), Observation(), challenge)


def answer(
    *,
    turn: Callable[[Any], Any] = lambda images: images[:, :, ::-1],
    name: Callable[[Any, Any], Any] = lambda labels, partner: partner[labels],
    chosen: Callable[[Any], Any] = lambda partners: partners >= 0,
    first: slice = slice(None),
    finish: Callable[[Any, Any], Any] = lambda x, y: (x, y),
) -> Callable[..., Any]:
    """A right answer, of which one thing can be made wrong."""

    def add_mirrored(images: Any, labels: Any, partner: Any) -> Any:
        shows = chosen(partner[labels])
        return finish(
            np.concatenate([images[first], turn(images[shows])]),
            np.concatenate([labels[first], name(labels[shows], partner)]),
        )

    return add_mirrored


def everything(partners: Any) -> Any:
    return np.ones(len(partners), dtype=bool)


def as_lists(x: Any, y: Any) -> Any:
    return list(x), y.tolist()


def backwards(x: Any, y: Any) -> Any:
    return x[::-1], y[::-1]


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize(
    ("function", "costs", "message"),
    [
        (answer(), set(), ""),
        (answer(finish=as_lists), set(), ""),
        (answer(name=lambda labels, partner: labels), {"labels"}, "the label of its original"),
        (answer(name=lambda labels, partner: np.sort(partner[labels])), {"labels"}, "whose partner is"),
        (answer(turn=lambda images: images[:, ::-1]), {"images"}, "upside down"),
        (answer(turn=lambda images: images[::-1, :, ::-1]), {"images"}, "in the same order"),
        (answer(chosen=everything), {"images", "labels"}, "their partner is -1"),
        (
            answer(chosen=everything, name=lambda labels, partner: labels),
            {"images", "labels"},
            "-1 is no label",
        ),
        (answer(first=slice(0)), {"images", "labels"}, "only mirror images are there"),
        (answer(finish=lambda x, y: (x[:-1], y)), {"images"}, "there are"),
        (answer(finish=lambda x, y: (x, y[:-1])), {"labels"}, "one for each image"),
        (answer(finish=backwards), {"images", "labels"}, "as they were given"),
        (answer(finish=lambda x, y: (x[0], y)), {"images"}, "expected is shape"),
    ],
)
def test_a_mistake_costs_what_it_concerns(seed: int, function: Any, costs: set[str], message: str) -> None:
    verdict = judged(function, seed)
    assert {finding.part for finding in verdict.findings if not finding.earned} == costs
    assert message in " ".join(verdict.plain().split())


@pytest.mark.parametrize("seed", range(3))
def test_every_kind_of_class_is_among_the_images(seed: int) -> None:
    given = ITEM.draw(no_images, np.random.default_rng(seed)).inputs
    partner = given["partner"]
    assert set(given["labels"]) == set(range(8))
    assert (partner == -1).sum() == 2
    assert (partner == np.arange(8)).sum() == 2
    pairs = [one for one in range(8) if partner[one] not in (-1, one)]
    assert len(pairs) == 4
    assert all(partner[partner[one]] == one for one in pairs)
    assert given["images"].shape[1] != given["images"].shape[2]


def test_one_value_instead_of_two_is_named() -> None:
    assert "2 values" in judged(lambda images, labels, partner: images).plain()


def test_a_stub_is_not_attempted() -> None:
    def stub(images: Any, labels: Any, partner: Any) -> Any: ...

    assert judged(stub).state is State.NOT_ATTEMPTED
