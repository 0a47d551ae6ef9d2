"""The items of assignment 01 tell right from wrong, whatever the draw, and name the usual mix-ups."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from helpers.checks.dense_mnist import shift_right
from helpers.checks.exercise import attempt
from helpers.checks.items import item_for
from helpers.checks.observation import Observation
from helpers.checks.specification import read
from helpers.checks.verdict import State, Verdict

SPECIFICATION = read(Path(__file__).resolve().parents[2] / "source" / "01_dense_mnist" / "assignment.toml")
SEEDS = range(4)


@cache
def images(n: int, seed: int) -> Any:
    from helpers.datasets import bundled

    return bundled.draw("digits", n, seed)


def verdicts(name: str, answer: Callable[..., Any]) -> list[Verdict]:
    item = item_for(SPECIFICATION.items[name])
    found = []
    for seed in SEEDS:
        challenge = item.draw(images, np.random.default_rng(seed))
        found.append(item.judge(attempt(item, (answer,), challenge.inputs), Observation(), challenge))
    return found


def parts(name: str, answer: Callable[..., Any]) -> set[tuple[float, ...]]:
    """What the parts earned, in order; a set, as it should be the same for every draw."""
    return {tuple(finding.earned for finding in one.findings) for one in verdicts(name, answer)}


def said(name: str, answer: Callable[..., Any]) -> str:
    return " ".join(verdicts(name, answer)[0].plain().split())


# --- prepare


def scaled(images: Any) -> Any:
    return images[..., np.newaxis].astype(np.float32) / 255


def one_hot(labels: Any) -> Any:
    return np.eye(10)[labels]


def test_prepared_arrays_are_right() -> None:
    assert parts("prepare", lambda x, y: (scaled(x), one_hot(y))) == {(1, 1)}
    assert parts("prepare", lambda x, y: [scaled(x).tolist(), one_hot(y).astype(bool)]) == {(0, 1)}  # float64


@pytest.mark.parametrize(
    ("x_from", "message"),
    [
        (lambda x: x[..., None], "x should be float32, but is uint8"),
        (lambda x: x[..., None] / 255, "x should be float32, but is float64"),
        (lambda x: scaled(x)[..., 0], "The shape of x should be"),
        (lambda x: scaled(x).transpose(0, 3, 1, 2), "The shape of x should be"),
        (lambda x: scaled(x).reshape(len(x), -1), "The shape of x should be"),
        (lambda x: scaled(x) * 255, "should lie from 0 to 1"),
        (lambda x: scaled(x) * 2 - 1, "should lie from 0 to 1"),
        (lambda x: scaled(x) * np.float32(np.nan), "should lie from 0 to 1"),
        (lambda x: scaled(x) * 255 / x.max(), "A dim batch must stay dim"),
        (lambda x: 1 - scaled(x), "aren't the images divided by 255"),
        (lambda x: np.ones_like(scaled(x)), "aren't the images divided by 255"),
        (lambda x: (x // 255)[..., None].astype(np.float32), "aren't the images divided by 255"),
    ],
)
def test_images_that_are_prepared_wrongly_lose_that_part(x_from: Callable[[Any], Any], message: str) -> None:
    assert parts("prepare", lambda x, y: (x_from(x), one_hot(y))) == {(0, 1)}
    assert message in said("prepare", lambda x, y: (x_from(x), one_hot(y)))


@pytest.mark.parametrize(
    ("y_from", "message"),
    [
        (lambda y: y, "The shape of y should be"),
        (lambda y: np.eye(y.max() + 1)[y], "also one without a 9"),
        (lambda y: 2 * one_hot(y), "a single 1 and nine 0s"),
        (lambda y: 1 - one_hot(y), "a single 1 and nine 0s"),
        (lambda y: np.zeros((len(y), 10)), "a single 1 and nine 0s"),
        (lambda y: np.full((len(y), 10), np.nan), "a single 1 and nine 0s"),
        (lambda y: np.roll(one_hot(y), 1, axis=1), "has its 1 at position"),
    ],
)
def test_labels_that_are_prepared_wrongly_lose_that_part(y_from: Callable[[Any], Any], message: str) -> None:
    assert parts("prepare", lambda x, y: (scaled(x), y_from(y))) == {(1, 0)}
    assert message in said("prepare", lambda x, y: (scaled(x), y_from(y)))


def test_changing_the_given_arrays_does_no_harm() -> None:
    def in_place(x: Any, y: Any) -> Any:
        prepared = scaled(x), one_hot(y)
        x[:] = 0
        y[:] = 0
        return prepared

    assert parts("prepare", in_place) == {(1, 1)}


# --- count_parameters


def test_counted_parameters_are_right() -> None:
    assert parts("count", lambda s: sum((a + 1) * b for a, b in pairwise(s))) == {(1,)}
    assert parts("count", lambda s: float(np.dot(np.add(s[:-1], 1), s[1:]))) == {(1,)}


@pytest.mark.parametrize(
    ("count", "message"),
    [
        (lambda s: sum(a * b for a, b in pairwise(s)), "each unit has a bias"),
        (lambda s: sum(a * b for a, b in pairwise(s)) + sum(s), "have no biases"),
        (lambda s: (s[0] + 1) * s[1], "[2, 3, 1] has 13"),
        (lambda s: 0, "[2, 3, 1] has 13"),
        (lambda s: np.nan, "[2, 3, 1] has 13"),
        (lambda s: s.clear(), "one whole number for each network"),
        (lambda s: "many", "one whole number for each network"),
        (lambda s: [1, 2], "one whole number for each network"),
    ],
)
def test_wrong_counts_earn_nothing(count: Callable[[Any], Any], message: str) -> None:
    assert parts("count", count) == {(0,)}
    assert message in said("count", count)


# --- shift_and_compare


def compared(
    moved: Callable[[Any, int], Any], drop: Callable[[float, float], Any] = lambda a, b: a - b
) -> Any:
    def shift_and_compare(model: Any, images: Any, labels: Any, pixels: int) -> Any:
        before, after = (np.argmax(model(x), axis=1) for x in (images, moved(images, pixels)))
        return after, drop(float(np.mean(before == labels)), float(np.mean(after == labels)))

    return shift_and_compare


def filled(images: Any, pixels: int) -> Any:
    moved = shift_right(images, pixels)
    moved[:, :, :pixels] = 1
    return moved


def turned(images: Any) -> Any:
    return images.swapaxes(1, 2)


def test_a_shift_and_its_cost_are_right() -> None:
    assert parts("shift", compared(shift_right)) == {(1, 1)}


@pytest.mark.parametrize(
    ("move", "message"),
    [
        (lambda x, p: shift_right(x[:, :, ::-1], p)[:, :, ::-1], "a move to the left"),
        (lambda x, p: turned(shift_right(turned(x), p)), "a move down"),
        (lambda x, p: turned(shift_right(turned(x)[:, :, ::-1], p)[:, :, ::-1]), "a move up"),
        (lambda x, p: np.roll(x, p, axis=2), "come back in on the left"),
        (lambda x, p: shift_right(x, p - 1), ""),
        (lambda x, p: shift_right(x, p + 1), ""),
        (lambda x, p: shift_right(x, 3), ""),
        (filled, ""),
    ],
)
def test_another_move_loses_the_predictions_but_not_the_drop(move: Any, message: str) -> None:
    assert parts("shift", compared(move)) == {(0, 1)}
    assert message in said("shift", compared(move))


def test_no_move_at_all_earns_nothing() -> None:
    assert parts("shift", compared(lambda x, p: x)) == {(0, 0)}
    assert "not moved at all" in said("shift", compared(lambda x, p: x))


@pytest.mark.parametrize(
    ("drop", "message"),
    [
        (lambda a, b: b - a, "after minus before"),
        (lambda a, b: 100 * (a - b), "per cent"),
        (lambda a, b: b, "accuracy after the move"),
        (lambda a, b: (a - b) / a, "a share of the accuracy before"),
        (lambda a, b: float("nan"), "a single number"),
        (lambda a, b: [a, b], "a single number"),
        (lambda a, b: a, ""),
    ],
)
def test_a_wrong_drop_loses_that_part_alone(drop: Any, message: str) -> None:
    assert parts("shift", compared(shift_right, drop)) == {(1, 0)}
    assert message in said("shift", compared(shift_right, drop))


def test_probabilities_instead_of_classes_are_named() -> None:
    def shift_and_compare(model: Any, images: Any, labels: Any, pixels: int) -> Any:
        return model.predict(images, verbose=0), 0.0

    assert "one class an image, shape (300,); yours: (300, 10)" in said("shift", shift_and_compare)


# --- all of them


@pytest.mark.parametrize("name", ["prepare", "count", "shift"])
def test_an_item_draws_the_same_challenge_from_the_same_seed_only(name: str) -> None:
    item = item_for(SPECIFICATION.items[name])
    first, again, other = (item.draw(images, np.random.default_rng(seed)).inputs for seed in (5, 5, 6))
    assert all(np.array_equal(first[key], again[key]) for key in first)
    assert any(not np.array_equal(first[key], other[key]) for key in first)


@pytest.mark.parametrize("name", ["prepare", "count", "shift"])
def test_a_stub_is_not_attempted(name: str) -> None:
    def stub(*arguments: Any) -> Any: ...

    assert {one.state for one in verdicts(name, stub)} == {State.NOT_ATTEMPTED}
