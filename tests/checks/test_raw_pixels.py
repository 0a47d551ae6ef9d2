"""A model around a network takes raw pixels and gives the network's own answers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from helpers.checks.exercise import attempt
from helpers.checks.observation import Observation
from helpers.checks.raw_pixels import RawPixels
from helpers.checks.specification import ItemSpecification
from helpers.checks.verdict import State, Verdict

ITEM = RawPixels(ItemSpecification("raw", "Raw", "raw_pixels:RawPixels", {"answers": 1.0}, ("a", "b", "c")))


def no_images(n: int, seed: int) -> Any:
    raise AssertionError("this item needs no images")


def judged(function: Callable[[Any], Any], seed: int = 0) -> Verdict:
    challenge = ITEM.draw(no_images, np.random.default_rng(seed))
    return ITEM.judge(attempt(ITEM, (function,), challenge.inputs), Observation(), challenge)


def scaled(change: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """A functional model that changes pixels before the network."""

    def from_raw(network: Any) -> Any:
        import keras

        raw = keras.Input((28, 28, 1))
        return keras.Model(raw, network(change(raw)))

    return from_raw


def by_brightest(raw: Any) -> Any:
    import keras

    return 2 * raw / keras.ops.max(raw) - 1


@pytest.mark.parametrize("seed", range(2))
@pytest.mark.parametrize(
    ("change", "right", "message"),
    [
        (lambda raw: raw / 127.5 - 1, True, ""),
        (lambda raw: (raw - 127.5) / 127.5, True, ""),
        (lambda raw: 1 * raw, False, "gets raw pixels, from 0 to 255"),
        (lambda raw: raw / 255, False, "from 0 to 1"),
        (lambda raw: raw / 255 - 1, False, "from -1 to 0"),
        (lambda raw: raw / 127.5, False, "from 0 to 2"),
        (lambda raw: 1 - raw / 127.5, False, "changed places"),
        (lambda raw: (raw / 127.5 - 1) / 127.5 - 1, False, "scaled twice"),
        (lambda raw: raw / 127.5 - 127.5, False, "added after scaling"),
        (by_brightest, False, "must stay dim"),
    ],
)
def test_the_network_gets_pixels_as_it_wants_them(
    seed: int, change: Callable[[Any], Any], right: bool, message: str
) -> None:
    verdict = judged(scaled(change), seed)
    assert (verdict.state is State.RIGHT) is right
    assert message in " ".join(verdict.plain().split())


def test_a_rescaling_layer_in_front_is_right() -> None:
    import keras

    def from_raw(network: Any) -> Any:
        return keras.Sequential([keras.Input((28, 28, 1)), keras.layers.Rescaling(1 / 127.5, -1), network])

    assert judged(from_raw).state is State.RIGHT


@pytest.mark.parametrize(
    ("returned", "message"),
    [
        (lambda network: [network][1:], "of type list"),
        (lambda network: lambda raw: network(raw), "of type function"),
        (lambda network: network.layers[0] and network.__class__(network.layers[:1]), "your model's output"),
    ],
)
def test_what_isnt_a_classifier_is_refused(returned: Any, message: str) -> None:
    verdict = judged(returned)
    assert verdict.score == 0
    assert message in " ".join(verdict.plain().split())


def test_a_stub_is_not_attempted() -> None:
    def stub(network: Any) -> Any: ...

    assert judged(stub).state is State.NOT_ATTEMPTED
