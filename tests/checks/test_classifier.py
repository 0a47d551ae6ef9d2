"""Classifiers are judged by what they predict, and by the rules of their task."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from helpers.checks.classifier import UNSEEN, Classifier
from helpers.checks.evidence import Evidence
from helpers.checks.exercise import attempt
from helpers.checks.items import Challenge
from helpers.checks.observation import Observation
from helpers.checks.specification import ItemSpecification, Ramp
from helpers.checks.verdict import State, Verdict
from tests.checks.networks import dense

ITEM = Classifier(
    ItemSpecification(
        name="model",
        title="A network",
        check="classifier:Classifier",
        points={"probabilities": 1.0, "accuracy": 4.0},
        hints=("a", "b", "c"),
        ramps={"accuracy": Ramp(0.8, 0.9)},
        settings={
            "unseen_images": 100,
            "classes": 10,
            "parameters_at_most": 1000,
            "layers_required": ["Dense"],
            "layers_forbidden": ["*Conv*", "LSTM"],
        },
    )
)
LABELS = np.arange(100) % 10


def probabilities(right: int) -> Any:
    """Rows that sum to 1, of which the first `right` name the label, the others the next class."""
    classes = np.where(np.arange(100) < right, LABELS, (LABELS + 1) % 10)
    return (0.9 * np.eye(10)[classes] + 0.01).astype(np.float32)


def verdict(predicted: Any, layers: tuple[str, ...] = ("Dense",), parameters: int = 500) -> Verdict:
    seen = Observation("", layers, parameters, (28, 28, 1), {UNSEEN: predicted})
    challenge = Challenge(unseen={UNSEEN: np.zeros((100, 28, 28, 1))}, key={"labels": LABELS})
    return ITEM.judge(Evidence(model=b"model"), seen, challenge)


@pytest.mark.parametrize(("right", "score"), [(100, 5), (90, 5), (85, 3), (81, 1.4), (80, 1), (0, 1)])
def test_accuracy_earns_points_along_the_ramp(right: int, score: float) -> None:
    found = verdict(probabilities(right))
    assert found.score == pytest.approx(score)
    assert found.state is (State.RIGHT if score == 5 else State.WRONG)


def test_the_figure_shown_is_cut_so_that_it_never_looks_like_enough() -> None:
    challenge = Challenge(key={"labels": np.zeros(10_000, dtype=int)})
    predicted = np.zeros((10_000, 10), dtype=np.float32)
    predicted[:8_999, 0] = 1
    predicted[8_999:, 1] = 1
    seen = Observation("", ("Dense",), 1, (), {UNSEEN: predicted})
    assert "89.9 %. Full marks from 90.0 %" in ITEM.judge(Evidence(model=b""), seen, challenge).plain()


def test_guessing_gets_advice() -> None:
    assert "hardly better than guessing" in verdict(probabilities(12)).plain()
    assert "hardly better than guessing" not in verdict(probabilities(50)).plain()


@pytest.mark.parametrize("change", [np.log, lambda row: 3 * row, lambda row: 0.1 * row])
def test_scores_that_are_no_probabilities_lose_that_part_alone(change: Any) -> None:
    found = verdict(change(probabilities(100)))
    assert found.score == 4
    assert "aren't probabilities" in found.plain()


@pytest.mark.parametrize(
    ("predicted", "said"),
    [
        (np.zeros((100, 11), dtype=np.float32), "has shape (100, 11); expected is (100, 10)"),
        (np.zeros((100,), dtype=np.float32), "has shape (100,)"),
        (np.full((100, 10), np.nan, dtype=np.float32), "aren't finite numbers"),
        (np.full((100, 10), np.inf, dtype=np.float32), "aren't finite numbers"),
        (np.zeros((100, 10), dtype=np.int64), "aren't finite numbers"),
    ],
)
def test_output_that_cant_be_read_earns_nothing(predicted: Any, said: str) -> None:
    found = verdict(predicted)
    assert found.score == 0
    assert said in found.reason


@pytest.mark.parametrize(
    ("layers", "parameters", "said"),
    [
        (("Dense",), 1001, "has 1,001 parameters; this task allows 1,000 at most"),
        (("Flatten",), 10, "has no Dense layer"),
        (("Conv2D", "Dense"), 10, "of the kind Conv2D"),
        (("Dense", "DepthwiseConv1D"), 10, "of the kind DepthwiseConv1D"),
        (("Dense", "LSTM"), 10, "of the kind LSTM"),
    ],
)
def test_a_broken_rule_earns_nothing(layers: tuple[str, ...], parameters: int, said: str) -> None:
    found = verdict(probabilities(100), layers, parameters)
    assert found.score == 0
    assert said in found.reason


def stub(x: Any, y: Any) -> Any: ...


def works(x: Any, y: Any) -> Any:
    return x + y


@pytest.mark.parametrize("answer", [(None,), (...,), (None, stub)])
def test_no_model_from_a_stub_is_not_attempted(answer: tuple[Any, ...]) -> None:
    assert not attempt(ITEM, answer, {}).attempted


def test_no_model_from_a_function_that_does_something_is_an_attempt() -> None:
    evidence = attempt(ITEM, (None, works), {})
    assert evidence.attempted
    assert "has no `return`" in evidence.problem


def test_something_else_than_a_model_is_named() -> None:
    import keras

    assert "value of type int" in attempt(ITEM, (3,), {}).problem
    assert "return the model itself" in attempt(ITEM, (keras.callbacks.History(),), {}).problem


def test_a_model_is_handed_over_as_its_file() -> None:
    model = attempt(ITEM, (dense(),), {}).model
    assert model is not None
    assert model.startswith(b"PK")
