"""Parameters are counted as Keras does, true classes are rows of the matrix, one pair is confused most."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from helpers.checks.cases import KEPT, unpacked
from helpers.checks.cnn import ConfusionMatrix, MostConfused, ParameterCount, confusion, count, worst_pair
from helpers.checks.exercise import attempt
from helpers.checks.observation import Observation
from helpers.checks.specification import ItemSpecification
from helpers.checks.verdict import State, Verdict

SEEDS = range(5)


def item(kind: Any) -> Any:
    points = dict.fromkeys(kind.parts, 1.0)
    return kind(ItemSpecification("name", "Title", "cnn:Kind", points, ("a", "b", "c")))


def no_images(n: int, seed: int) -> Any:
    raise AssertionError("these items need no images")


def judged(kind: Any, function: Callable[..., Any], seed: int = 0) -> Verdict:
    checked = item(kind)
    challenge = checked.draw(no_images, np.random.default_rng(seed))
    verdict: Verdict = checked.judge(
        attempt(checked, (function,), challenge.inputs), Observation(), challenge
    )
    return verdict


def lost(verdict: Verdict) -> set[str]:
    """The parts that earned nothing."""
    return {finding.part for finding in verdict.findings if not finding.earned}


def in_keras(shape: tuple[int, ...], layers: Any) -> Any:
    """The described network."""
    import keras

    stack = []
    for entry in layers:
        options = {key: value for key, value in entry.items() if key != "kind"}
        stack.append(getattr(keras.layers, entry["kind"])(**options))
    return keras.Sequential([keras.Input(shape), *stack])


def test_the_reference_counts_what_keras_counts() -> None:
    drawn = item(ParameterCount).draw(no_images, np.random.default_rng(1))
    cases = unpacked(drawn.inputs["cases"])
    assert {case.part for case in cases} == set(ParameterCount.parts)
    for case in cases:
        assert count(*case.values) == in_keras(*case.values).count_params(), case


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize(
    ("mistake", "costs", "said"),
    [
        ({}, set(), ""),
        ({"bias": 0}, {"convolution", "dense", "whole"}, "has a bias, too"),
        ({"through": False}, {"convolution", "whole"}, "through all channels"),
        ({"normalising": 2}, {"normalisation", "whole"}, "four numbers"),
        ({"normalising": 0}, {"normalisation", "whole"}, ""),
        ({"pools": False}, {"dense", "whole"}, "smaller before it is flattened"),
        ({"rounding": lambda size, window: -(-size // window)}, {"dense", "whole"}, "rounds down"),
        ({"shrinks": False}, {"whole"}, "by kernel_size − 1"),
    ],
)
def test_a_mistake_in_counting_costs_what_it_concerns(
    seed: int, mistake: dict[str, Any], costs: set[str], said: str
) -> None:
    verdict = judged(ParameterCount, lambda shape, layers: count(shape, layers, **mistake), seed)
    assert lost(verdict) == costs
    assert said in " ".join(verdict.plain().split())


def test_an_error_costs_only_what_it_concerns() -> None:
    def no_normalisation(shape: Any, layers: Any) -> int:
        if any(layer["kind"] == "BatchNormalization" for layer in layers):
            raise KeyError("filters")
        return count(shape, layers)

    verdict = judged(ParameterCount, no_normalisation)
    assert lost(verdict) == {"normalisation", "whole"}
    assert "KeyError" in verdict.plain()


def test_one_parameter_too_many_is_one_too_many() -> None:
    assert lost(judged(ParameterCount, lambda shape, layers: count(shape, layers) + 1)) == set(
        ParameterCount.parts
    )


def looped(labels: Any, predictions: Any, classes: int) -> list[list[int]]:
    matrix = [[0] * classes for _ in range(classes)]
    for true, found in zip(labels, predictions, strict=True):
        matrix[true][found] += 1
    return matrix


def fitted_to_what_occurs(labels: Any, predictions: Any, classes: int) -> Any:
    return confusion(labels, predictions, max(labels.max(), predictions.max()) + 1)


def once(labels: Any, predictions: Any, classes: int) -> Any:
    matrix = np.zeros((classes, classes), dtype=int)
    matrix[labels, predictions] += 1
    return matrix


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize(
    ("function", "costs", "said"),
    [
        (confusion, set(), ""),
        (looped, set(), ""),
        (lambda *given: confusion(*given).astype(float), set(), ""),
        (
            lambda labels, predictions, n: confusion(predictions, labels, n),
            {"counts", "absent"},
            "changed places",
        ),
        (fitted_to_what_occurs, {"absent"}, "all the same"),
        (once, {"counts", "absent"}, "counts it once"),
        (lambda *given: confusion(*given) / len(given[0]), {"counts", "absent"}, ""),
        (lambda *given: confusion(*given) * (1 - np.eye(given[2])), {"counts", "absent"}, "on the diagonal"),
    ],
)
def test_a_confusion_matrix_counts_true_classes_in_rows(
    seed: int, function: Any, costs: set[str], said: str
) -> None:
    verdict = judged(ConfusionMatrix, function, seed)
    assert lost(verdict) == costs
    assert said in " ".join(verdict.plain().split())


def in_place(matrix: Any) -> Any:
    np.fill_diagonal(matrix, 0)
    return worst_pair(matrix)


def both_ways(matrix: Any) -> Any:
    return worst_pair(matrix + matrix.T)


def by_share(matrix: Any) -> Any:
    return worst_pair(matrix / matrix.sum(axis=1, keepdims=True))


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize(
    ("function", "costs", "said"),
    [
        (worst_pair, set(), ""),
        (lambda matrix: tuple(int(place) for place in worst_pair(matrix)), set(), ""),
        (lambda matrix: worst_pair(matrix)[::-1], {"pair", KEPT}, "the true class comes first"),
        (lambda matrix: worst_pair(matrix.T), {"pair", KEPT}, "the true class comes first"),
        (lambda matrix: np.unravel_index(matrix.argmax(), matrix.shape), {"pair", KEPT}, "on the diagonal"),
        (both_ways, {"pair", KEPT}, "added up"),
        (by_share, {"pair", KEPT}, "the largest count"),
        (in_place, {KEPT}, "Work on a copy"),
    ],
)
def test_the_most_confused_pair_is_the_largest_count_off_the_diagonal(
    seed: int, function: Any, costs: set[str], said: str
) -> None:
    verdict = judged(MostConfused, function, seed)
    assert lost(verdict) == costs
    assert said in " ".join(verdict.plain().split())


@pytest.mark.parametrize("kind", [ParameterCount, ConfusionMatrix, MostConfused])
def test_a_stub_is_not_attempted(kind: Any) -> None:
    def stub(*given: Any) -> Any: ...

    assert judged(kind, stub).state is State.NOT_ATTEMPTED
