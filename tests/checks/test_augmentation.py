"""Random changes are judged by what they do to marked images; networks on straight and on crooked ones."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from helpers.checks.augmentation import RandomChanges, SteadyClassifier
from helpers.checks.classifier import UNSEEN
from helpers.checks.evidence import Evidence
from helpers.checks.exercise import attempt
from helpers.checks.observation import Observation
from helpers.checks.specification import ItemSpecification, Ramp
from helpers.checks.verdict import State, Verdict
from helpers.warping import _resampled, warped

CHANGES = RandomChanges(
    ItemSpecification(
        name="changes",
        title="Changes",
        check="augmentation:RandomChanges",
        points=dict.fromkeys(RandomChanges.parts, 1.0),
        hints=("a", "b", "c"),
        settings={"turn": 15, "down": 2, "right": 5, "lighter": 0.2},
    )
)


def no_images(n: int, seed: int) -> Any:
    raise AssertionError("this item needs no images")


def judged(make: Callable[[], Any], seed: int = 0) -> Verdict:
    challenge = CHANGES.draw(no_images, np.random.default_rng(seed))
    return CHANGES.judge(attempt(CHANGES, (make,), challenge.inputs), Observation(), challenge)


def lost(verdict: Verdict) -> set[str]:
    """The parts that earned nothing."""
    return {finding.part for finding in verdict.findings if not finding.earned}


def said(verdict: Verdict) -> str:
    return " ".join(verdict.plain().split())


def scanner(
    turn: float = 15,
    down: float = 2,
    right: float = 5,
    light: float = 0.2,
    *,
    least: tuple[float, float, float, float] = (-1, -1, -1, -1),
    before: Callable[[NDArray[Any]], NDArray[Any]] = lambda images: images,
    after: Callable[[NDArray[Any]], NDArray[Any]] = lambda images: np.clip(images, 0, 1),
    background: float = 0.0,
    sizes: tuple[float, float] = (1, 1),
    seed: int = 3,
) -> Callable[[], Any]:
    """A right answer, of which one thing can be made wrong. Of each amount, `least` is the lower bound."""
    rng = np.random.default_rng(seed)
    largest = np.array([turn, down, right, light], dtype=np.float64)

    def change(images: NDArray[Any], training: bool) -> NDArray[Any]:
        if not training:
            return images
        amounts = largest * rng.uniform(least, 1, (len(images), 4))
        moved = _resampled(
            before(images) - np.float32(background),
            amounts[:, 1:3],
            np.radians(amounts[:, 0]),
            rng.uniform(*sizes, len(images)),
        )
        return after(moved + background + amounts[:, 3, None, None, None]).astype(np.float32)

    return lambda: change


@pytest.mark.parametrize("seed", range(4))
def test_changes_as_asked_for_are_right(seed: int) -> None:
    assert judged(scanner(seed=seed), seed).state is State.RIGHT


def flipped(images: NDArray[Any]) -> NDArray[Any]:
    return np.where(np.arange(len(images))[:, None, None, None] % 2, images, images[:, :, ::-1])


@pytest.mark.parametrize("seed", range(2))
@pytest.mark.parametrize(
    ("make", "costs", "message"),
    [
        (scanner(turn=30), {"turns"}, "its 1 is a full circle"),
        (scanner(turn=5), {"turns"}, "±15° was asked for"),
        (scanner(turn=0), {"turns"}, "Nothing turns them"),
        (scanner(least=(0, -1, -1, -1)), {"turns"}, "in both directions"),
        (scanner(down=5, right=2), {"moves"}, "The other way round: the height comes first"),
        (scanner(right=2), {"moves"}, "±2 and ±5 were asked for. A layer counts in shares"),
        (scanner(down=0, right=0), {"moves"}, "Nothing moves them"),
        (scanner(down=8, right=8), {"moves"}, "was lost"),
        (scanner(least=(-1, 0, 0, -1)), {"moves"}, "in both directions"),
        (scanner(light=0), {"light"}, "Nothing makes them lighter"),
        (scanner(light=0.05), {"light"}, "±0.2 was asked for"),
        (scanner(least=(-1, -1, -1, 0)), {"light"}, "others darker"),
        (scanner(before=flipped), {"rest"}, "are mirrored"),
        (scanner(sizes=(0.8, 1.1)), {"rest"}, "times as large"),
        (scanner(background=1.0), {"rest"}, "is bright"),
        (scanner(after=lambda images: images), {"form"}, "stays white; darker than black, black"),
    ],
)
def test_a_mistake_costs_what_it_concerns(seed: int, make: Any, costs: set[str], message: str) -> None:
    verdict = judged(make, seed)
    assert lost(verdict) == costs
    assert message in said(verdict)


def test_upside_down_is_mirrored_and_not_turned_too_far() -> None:
    verdict = judged(scanner(before=lambda images: images[:, ::-1]))
    assert lost(verdict) == {"rest"}


def test_mirrored_both_ways_is_turned_too_far() -> None:
    assert lost(judged(scanner(before=lambda images: images[:, ::-1, ::-1]))) == {"turns"}


def test_nothing_is_on_without_training() -> None:
    change = scanner()()
    verdict = judged(lambda: lambda images, training: change(images, True))
    assert lost(verdict) == {"off"}


def test_nothing_at_all_loses_what_was_asked_for() -> None:
    verdict = judged(lambda: lambda images, training: images)
    assert lost(verdict) == {"draws", "turns", "moves", "light", "rest"}
    assert "come out as they went in" in said(verdict)


def test_the_same_draws_at_each_call_arent_new() -> None:
    verdict = judged(lambda: lambda images, training: scanner()()(images, training))
    assert lost(verdict) == {"draws"}
    assert "a second call" in said(verdict)


def test_a_batch_that_is_changed_alike_has_no_amounts_of_its_own() -> None:
    def make() -> Any:
        change = scanner()()
        return lambda images, training: (
            np.repeat(change(images[:1], True), len(images), 0) if training else images
        )

    verdict = judged(make)
    assert "draws" in lost(verdict)
    assert "are changed alike" in said(verdict)


def test_what_keras_fills_in_by_default_isnt_black() -> None:
    from keras import layers

    def make() -> Any:
        import keras

        return keras.Sequential(
            [
                layers.RandomTranslation(2 / 28, 5 / 28),
                layers.RandomRotation(15 / 360),
                layers.RandomBrightness(0.2, value_range=(0, 1)),
            ]
        )

    verdict = judged(make)
    assert lost(verdict) == {"rest"}
    assert "fill_mode" in said(verdict)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda images, training: images[:, :-1], "it should have the same"),
        (lambda images, training: [][:], "came an array of shape (0,)"),
        (lambda images: images, "TypeError"),
    ],
)
def test_what_isnt_an_image_for_each_image_earns_nothing(change: Any, message: str) -> None:
    verdict = judged(lambda: change)
    assert verdict.score == 0
    assert message in said(verdict)


@pytest.mark.parametrize(
    ("returned", "message"),
    [(None, "Is its `return` there"), ([1, 2], "keras.Sequential makes one"), (3, "but returned int")],
)
def test_what_cant_be_called_earns_nothing(returned: Any, message: str) -> None:
    def make() -> Any:
        return [returned][0]

    verdict = judged(make)
    assert verdict.score == 0
    assert message in said(verdict)


@pytest.mark.parametrize(
    ("value", "costs"), [(np.nan, "form"), (np.inf, "form"), (0.0, "draws"), (1.0, "turns")]
)
def test_images_of_one_value_are_judged_all_the_same(value: float, costs: str) -> None:
    def make() -> Any:
        return lambda images, training: np.full_like(images, value) if training else images

    assert costs in lost(judged(make))


def test_other_types_than_float32_are_named() -> None:
    change = scanner()()
    verdict = judged(lambda: lambda images, training: change(images, training).astype(np.float64))
    assert lost(verdict) == {"form"}
    assert "float64" in said(verdict)


def test_a_stub_is_not_attempted() -> None:
    def stub() -> Any: ...

    assert judged(stub).state is State.NOT_ATTEMPTED


# --- Networks

STEADY = SteadyClassifier(
    ItemSpecification(
        name="model",
        title="A network",
        check="augmentation:SteadyClassifier",
        points={"probabilities": 1.0, "clean": 1.0, "moved": 2.0},
        hints=("a", "b", "c"),
        ramps={"clean": Ramp(0.8, 0.9), "moved": Ramp(0.6, 0.8)},
        settings={
            "unseen_images": 100,
            "classes": 10,
            "parameters_at_most": 1000,
            "layers_required": [],
            "layers_forbidden": [],
            "shift": 4,
            "turn": 30,
        },
    )
)


def some_images(n: int, seed: int) -> Any:
    rng = np.random.default_rng(seed)
    return rng.random((n, 28, 28, 1), dtype=np.float32), rng.integers(0, 10, n)


def asked_twice(clean: int, moved: int) -> Verdict:
    """The verdict on a network that has so many right, straight and crooked."""
    challenge = STEADY.draw(some_images, np.random.default_rng(0))
    labels = challenge.key["labels"]
    predictions = {}
    for name, right in ((UNSEEN, clean), ("moved", moved)):
        classes = np.where(np.arange(100) < right, labels, (labels + 1) % 10)
        predictions[name] = np.eye(10, dtype=np.float32)[classes]
    seen = Observation("", ("Dense",), 500, (28, 28, 1), predictions)
    return STEADY.judge(Evidence(model=b"model"), seen, challenge)


@pytest.mark.parametrize(
    ("clean", "moved", "score"), [(95, 85, 4), (95, 70, 3), (85, 85, 3.5), (95, 60, 2), (80, 60, 1)]
)
def test_straight_and_crooked_images_have_ramps_of_their_own(clean: int, moved: int, score: float) -> None:
    verdict = asked_twice(clean, moved)
    assert verdict.score == pytest.approx(score)
    assert verdict.state is (State.RIGHT if score == 4 else State.WRONG)


def test_who_reads_straight_ones_far_better_gets_advice() -> None:
    assert "Has it seen moved and turned ones" in said(asked_twice(97, 70))
    assert "Has it seen moved and turned ones" not in said(asked_twice(75, 70))


def test_the_unseen_images_are_moved_and_turned_and_come_without_labels() -> None:
    challenge = STEADY.draw(some_images, np.random.default_rng(1))
    again = STEADY.draw(some_images, np.random.default_rng(1))
    clean, moved = challenge.unseen[UNSEEN], challenge.unseen["moved"]
    assert set(challenge.unseen) == {UNSEEN, "moved"}
    assert challenge.inputs == {}
    np.testing.assert_array_equal(moved, again.unseen["moved"])
    assert moved.shape == clean.shape
    assert np.abs(moved - clean).mean() > 0.1
    assert not np.array_equal(moved, warped(clean, shift=4, turn=30, seed=1))


def test_output_that_cant_be_read_is_refused_on_either_set() -> None:
    challenge = STEADY.draw(some_images, np.random.default_rng(0))
    good = np.eye(10, dtype=np.float32)[challenge.key["labels"]]
    for predictions in ({UNSEEN: good, "moved": good * np.nan}, {UNSEEN: good[:, :9], "moved": good}):
        seen = Observation("", ("Dense",), 500, (28, 28, 1), predictions)
        verdict = STEADY.judge(Evidence(model=b"model"), seen, challenge)
        assert verdict.score == 0
        assert verdict.reason
