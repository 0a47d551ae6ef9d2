"""Images are framed and centred; what became of a base shows in its weights; letters get new numbers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from helpers import datasets, models
from helpers.checks.cases import KEPT
from helpers.checks.classifier import UNSEEN
from helpers.checks.evidence import Evidence
from helpers.checks.exercise import attempt
from helpers.checks.items import Challenge
from helpers.checks.observation import Observation, observe
from helpers.checks.specification import ItemSpecification, Ramp
from helpers.checks.transfer import (
    Base,
    FewLabels,
    FineTuned,
    NewHead,
    PreparedImages,
    few_signs,
    loaded_base,
    prepared,
)
from helpers.checks.verdict import State, Verdict
from helpers.checks.weights import Weight, weight
from tests.checks.networks import as_file

RNG = np.random.default_rng(0)
CLASSES = 4
HEAD = (weight("kernel", RNG.normal(size=(1152, CLASSES))), weight("bias", np.zeros(CLASSES)))
SETTINGS = {
    "unseen_images": 40,
    "classes": CLASSES,
    "labelled_images": 3,
    "parameters_at_most": 10**6,
    "layers_required": [],
    "layers_forbidden": [],
}


def item(kind: Any, **settings: Any) -> Any:
    points = dict.fromkeys(kind.parts, 1.0)
    ramps = dict.fromkeys(kind.ramped, Ramp(0.5, 0.9))
    hints = ("a", "b", "c")
    return kind(ItemSpecification("name", "Title", "transfer:Kind", points, hints, ramps, settings=settings))


def lost(verdict: Verdict) -> set[str]:
    """The parts that earned nothing."""
    return {finding.part for finding in verdict.findings if not finding.earned}


def no_images(n: int, seed: int) -> Any:
    raise AssertionError("this item needs no images")


# --- Preparing images


def framed(images: Any, size: int) -> Any:
    rows, columns = ((size - length) // 2 for length in images.shape[1:3])
    return np.pad(images, ((0, 0), (rows, rows), (columns, columns), (0, 0)))


def square_alone(images: Any, size: int, means: Any) -> Any:
    margin = (size - images.shape[1]) // 2
    grey = np.pad(images, ((0, 0), (margin, margin), (margin, margin), (0, 0)))
    return np.repeat(255 * grey, 3, axis=3) - means


def changing(images: Any, size: int, means: Any) -> Any:
    images *= 255
    return np.repeat(framed(images, size), 3, axis=3) - means


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize(
    ("function", "costs", "said"),
    [
        (prepared, set(), ""),
        (lambda x, size, means: prepared(x, size, means).astype(np.float32), set(), ""),
        (lambda x, size, means: prepared(x, size, means).tolist(), set(), ""),
        (
            lambda x, size, means: prepared(x / 255, size, means),
            {"channels", "margin", "means", KEPT},
            "should be 255; yours is 1. The values run from 0 to 1 here; the base wants 0 to 255.",
        ),
        (
            lambda x, size, means: prepared(x, size, means)[..., :1],
            {"channels", "margin", "means", KEPT},
            "should have the shape (1, 2, 2, 3); yours has (1, 2, 2, 1)",
        ),
        (square_alone, {"margin"}, "should have the shape"),
        (
            lambda x, size, means: framed(np.repeat(255 * x, 3, 3) - means, size),
            {"means"},
            "loses its mean, too",
        ),
        (lambda x, size, means: prepared(x, size, -means), {"means"}, "not added"),
        (lambda x, size, means: prepared(x, size, means[::-1]), {"means"}, "in the order"),
        (lambda x, size, means: prepared(x, size, means.mean()), {"means"}, "a mean of its own"),
        (lambda x, size, means: prepared(x, size, means * 255), {"means"}, "multiply first"),
        (changing, {KEPT}, "Work on a copy"),
    ],
)
def test_a_mistake_in_preparing_costs_what_it_concerns(
    seed: int, function: Callable[..., Any], costs: set[str], said: str
) -> None:
    checked = item(PreparedImages)
    challenge = checked.draw(no_images, np.random.default_rng(seed))
    verdict = checked.judge(attempt(checked, (function,), challenge.inputs), Observation(), challenge)
    assert lost(verdict) == costs
    assert said in " ".join(verdict.plain().split())


# --- What became of the base


def at(*places: int, change: Callable[[Any], Any]) -> tuple[Weight, ...]:
    """The base with the arrays in these places changed, and a head."""
    arrays = list(models.backbone_weights().values())
    base = [
        weight(was.name, change(array), trainable=False) if place in places else replace(was, trainable=False)
        for place, (was, array) in enumerate(zip(loaded_base(), arrays, strict=True))
    ]
    return (*base, *HEAD)


def places(*names: str) -> list[int]:
    """Of the base's arrays whose kind is among these."""
    return [place for place, one in enumerate(loaded_base()) if one.name in names]


def a_little(array: Any) -> Any:
    return array + 0.01


def newborn(array: Any) -> Any:
    return RNG.normal(size=array.shape) * array.std()


KERNELS = places("kernel")
STATISTICS = places("moving_mean", "moving_variance")
NORMALISING = places("gamma", "beta", "moving_mean", "moving_variance")
EVERYTHING = range(len(loaded_base()))
FROZEN = at(change=a_little)


def headed(weights: Sequence[Weight], outputs: Any = None) -> Verdict:
    """The verdict of NewHead on a model with such weights and outputs."""
    if outputs is None:
        outputs = np.full((6, CLASSES), 1 / CLASSES)
    seen = Observation(predictions={UNSEEN: outputs}, weights=tuple(weights))
    challenge = Challenge(inputs={"classes": np.array(CLASSES)})
    verdict: Verdict = item(NewHead, images=6).judge(Evidence(model=b"model"), seen, challenge)
    return verdict


@pytest.mark.parametrize(
    ("weights", "said"),
    [
        ([*HEAD], "isn't in the model"),
        ((*FROZEN[:-3], *HEAD), "isn't in the model"),
        (at(*STATISTICS, change=a_little), "drifted"),
        (at(*NORMALISING, change=a_little), "BatchNormalization's layers aren't"),
        (at(*EVERYTHING, change=a_little), "trained along"),
        (at(*EVERYTHING[10:], change=a_little), "only some of its layers"),
        (at(*EVERYTHING, change=newborn), "random numbers"),
        (at(*EVERYTHING, change=lambda array: array * np.nan), "pretrained weights"),
        ([replace(one, trainable=True) for one in FROZEN], "still trainable"),
    ],
)
def test_a_base_that_isnt_frozen_is_told_in_which_way(weights: Any, said: str) -> None:
    verdict = headed(weights)
    assert lost(verdict) == {"base"}
    assert said in " ".join(verdict.plain().split())


@pytest.mark.parametrize("weights", [FROZEN, (*HEAD, *FROZEN), (*at(0, change=newborn)[:-2], *FROZEN)])
def test_a_frozen_base_is_found_wherever_it_lies(weights: Any) -> None:
    assert headed(weights).state is State.RIGHT


@pytest.mark.parametrize(
    ("outputs", "said"),
    [
        (np.full((6, CLASSES + 1), 1 / (CLASSES + 1)), "expected is (6, 4)"),
        (np.full((6, CLASSES), np.nan), "finite"),
        (np.ones((6, CLASSES)), "aren't probabilities"),
    ],
)
def test_a_head_that_doesnt_fit_costs_the_head(outputs: Any, said: str) -> None:
    verdict = headed(FROZEN, outputs)
    assert lost(verdict) == {"head"}
    assert said in " ".join(verdict.plain().split())


def test_a_head_that_cant_learn_is_none() -> None:
    verdict = headed([replace(one, trainable=False) for one in FROZEN])
    assert lost(verdict) == {"head"}
    assert "freeze the base alone" in verdict.plain()


@pytest.mark.parametrize("nested", [True, False])
def test_the_base_of_a_real_model_is_found(nested: bool) -> None:
    import keras

    base = models.load_backbone()
    base.trainable = False
    flat = keras.layers.Flatten()
    image = keras.Input((28, 28, 1)) if nested else base.input
    features = flat(base(image) if nested else base.output)
    model = keras.Model(image, keras.layers.Dense(CLASSES)(features))
    found = Base.within(observe(as_file(model), {}).weights)
    assert found is not None
    assert found.changed() == []
    assert not any(one.trainable for one in found.found)


# --- Few labels and fine-tuning


def drawn(kind: Any) -> tuple[Any, Challenge]:
    checked = item(kind, **SETTINGS)

    def images(n: int, seed: int) -> Any:
        return np.zeros((n, 28, 28, 1), np.float32), np.arange(n) % CLASSES

    return checked, checked.draw(images, np.random.default_rng(3))


def test_letters_get_new_numbers_for_each_challenge() -> None:
    _, challenge = drawn(FewLabels)
    order = challenge.inputs["order"]
    assert sorted(order) == list(range(CLASSES))
    assert not np.array_equal(order, np.arange(CLASSES))
    np.testing.assert_array_equal(challenge.key["labels"], order[np.arange(40) % CLASSES])
    assert set(challenge.inputs) == {"order", "seed"}


@pytest.mark.parametrize(
    ("numbers", "said"), [([1, 2, 3, 0], "other numbers than those in y"), ([0, 0, 0, 0], "than guessing")]
)
def test_who_learned_other_numbers_is_told_so(numbers: list[int], said: str) -> None:
    checked, challenge = drawn(FewLabels)
    outputs = np.eye(CLASSES)[np.array(numbers)[challenge.key["labels"]]] * 0.8 + 0.05
    seen = Observation(predictions={UNSEEN: outputs}, weights=FROZEN)
    verdict = checked.judge(Evidence(model=b"model"), seen, challenge)
    assert lost(verdict) == {"accuracy"}
    assert said in " ".join(verdict.plain().split())


@pytest.mark.parametrize("weights", [HEAD, at(*EVERYTHING, change=newborn)])
def test_who_trains_from_scratch_answers_another_question(weights: Any) -> None:
    checked, challenge = drawn(FewLabels)
    outputs = np.eye(CLASSES)[challenge.key["labels"]]
    seen = Observation(predictions={UNSEEN: outputs}, weights=weights)
    verdict = checked.judge(Evidence(model=b"model"), seen, challenge)
    assert (verdict.state, verdict.score) == (State.WRONG, 0)
    assert "pretrained base isn't in the model" in " ".join(verdict.plain().split())


def test_few_signs_are_as_many_of_each_letter_and_named_by_the_order(monkeypatch: pytest.MonkeyPatch) -> None:
    letters = np.arange(80) % CLASSES
    images = np.broadcast_to(letters[:, None, None, None], (80, 28, 28, 1)).astype(np.float32)
    data = datasets.Dataset(
        name="signs",
        x_train=images,
        y_train=letters,
        x_test=images,
        y_test=letters,
        class_names=("A", "B", "C", "D"),
        origin="here",
    )
    monkeypatch.setattr(datasets, "load", lambda *names, **options: data)
    order = np.array([2, 0, 3, 1])
    x, y = few_signs(5, seed=1, order=order)
    np.testing.assert_array_equal(np.bincount(y), [5] * CLASSES)
    np.testing.assert_array_equal(y, order[x[:, 0, 0, 0].astype(int)])
    assert not np.array_equal(few_signs(5, seed=2)[1], few_signs(5, seed=1)[1])


def tuned(weights: Sequence[Weight], right: float = 1.0) -> Verdict:
    checked, challenge = drawn(FineTuned)
    labels = challenge.key["labels"].copy()
    labels[round(right * len(labels)) :] = 0
    seen = Observation(predictions={UNSEEN: np.eye(CLASSES)[labels]}, weights=tuple(weights))
    verdict: Verdict = checked.judge(Evidence(model=b"model"), seen, challenge)
    return verdict


LAST = KERNELS[-1]


@pytest.mark.parametrize(
    ("weights", "costs", "said"),
    [
        (at(LAST, change=a_little), set(), ""),
        (at(LAST, *STATISTICS, change=a_little), {"statistics"}, "stay frozen"),
        (at(*KERNELS, change=a_little), {"thawed"}, "3 of the 3 convolutions"),
        (at(KERNELS[0], change=a_little), {"thawed"}, "1 of the 3 convolutions"),
        (at(*NORMALISING, change=a_little), {"thawed", "statistics"}, "hasn't changed"),
    ],
)
def test_fine_tuning_changes_the_last_convolution_alone(weights: Any, costs: set[str], said: str) -> None:
    verdict = tuned(weights)
    assert lost(verdict) == costs
    assert said in " ".join(verdict.plain().split())


def test_a_base_that_was_forgotten_costs_the_accuracy() -> None:
    assert lost(tuned(at(LAST, change=a_little), right=0.3)) == {"accuracy"}


@pytest.mark.parametrize(
    ("weights", "said"),
    [(FROZEN, "has changed"), ([*HEAD], "isn't in"), (at(*EVERYTHING, change=newborn), "isn't in")],
)
def test_what_isnt_fine_tuned_earns_nothing(weights: Any, said: str) -> None:
    verdict = tuned(weights)
    assert (verdict.state, verdict.score) == (State.WRONG, 0)
    assert said in " ".join(verdict.plain().split())


@pytest.mark.parametrize("kind", [PreparedImages, NewHead, FewLabels, FineTuned])
def test_a_stub_is_not_attempted(kind: Any) -> None:
    def stub(*given: Any) -> Any: ...

    assert attempt(item(kind, **SETTINGS), (stub,), {}) == Evidence(attempted=False)
