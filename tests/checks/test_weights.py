"""Weights are told apart to the last bit, and how far apart they are; nothing larger than needed is read."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest

from helpers.checks.observation import observe
from helpers.checks.weights import as_facts, distance, from_facts, weight, weights_of
from tests.checks.networks import as_file, dense

RNG = np.random.default_rng(0)
KERNEL = RNG.normal(size=(3, 3, 4, 8)).astype(np.float32)


def test_equal_arrays_have_equal_digests_and_others_have_not() -> None:
    changed = KERNEL.copy()
    changed[1, 2, 3, 4] = np.nextafter(changed[1, 2, 3, 4], np.float32(9))
    assert weight("kernel", KERNEL).digest == weight("kernel", KERNEL.astype(np.float64)).digest
    assert weight("kernel", KERNEL).digest != weight("kernel", changed).digest


@pytest.mark.parametrize(
    ("other", "least", "most"),
    [
        (KERNEL, 0.0, 0.0),
        (KERNEL + 0.01, 0.001, 0.05),
        (RNG.normal(size=KERNEL.shape), 0.8, 2.5),
        (np.full(KERNEL.shape, np.nan), np.inf, np.inf),
    ],
)
def test_the_distance_tells_trained_from_unrelated(other: Any, least: float, most: float) -> None:
    assert least <= distance([weight("", other)], [weight("", KERNEL)]) <= most


def test_what_is_written_can_be_read_again() -> None:
    weights = (weight("kernel", KERNEL, trainable=False), weight("bias", np.full(3, np.nan)))
    read = from_facts(json.loads(json.dumps(as_facts(weights))))
    assert read[0] == weights[0]
    assert read[1].digest == weights[1].digest


@pytest.mark.parametrize("facts", [None, 7, [{"name": "kernel"}], [[]], as_facts([weight("", KERNEL)]) * 501])
def test_what_isnt_a_list_of_weights_is_refused(facts: Any) -> None:
    with pytest.raises((KeyError, TypeError, ValueError)):
        from_facts(facts)


def test_whatever_was_written_is_cut_to_its_size() -> None:
    (entry,) = as_facts([weight("kernel", KERNEL)])
    entry |= {"name": "k" * 10_000, "shape": [1] * 10_000, "digest": "0" * 10_000, "sample": [0.0] * 10_000}
    (read,) = from_facts([entry])
    assert max(map(len, (read.name, read.shape, read.digest, read.sample))) <= 64


def test_a_model_with_more_arrays_than_anybody_needs_shows_none() -> None:
    class Enormous:
        weights = (None,) * 501

    assert weights_of(Enormous()) == ()


def test_an_observed_model_shows_its_weights_in_order() -> None:
    model = dense((4, 10))
    model.layers[1].trainable = False
    found = observe(as_file(model), {}).weights
    assert [one.name for one in found] == ["kernel", "bias"] * 2
    assert [one.shape for one in found] == [(784, 4), (4,), (4, 10), (10,)]
    assert [one.trainable for one in found] == [False, False, True, True]
    assert [one.digest for one in found] == [weight("", values).digest for values in model.get_weights()]
