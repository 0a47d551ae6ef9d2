"""A class trains faster, and nobody can tell: not from weights, random numbers, histories or messages."""

from __future__ import annotations

import json
import platform
import subprocess
import sys
from typing import Any

import pytest

from helpers.grading.faster_training.trainers import BATCHES_AT_A_TIME, BATCHES_OF_A_DATASET
from helpers.grading.isolation.processes import FIXED_VARIABLES, ROOT
from tests.grading.faster_training.random_networks import compare

pytestmark = pytest.mark.slow


def told(*arguments: str) -> Any:
    command = [sys.executable, "-m", "tests.grading.faster_training.trainings", *arguments]
    environment = {**FIXED_VARIABLES, "PATH": "/usr/bin:/bin", "PYTHONWARNINGS": "ignore"}
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1])


@pytest.fixture(scope="module")
def usual() -> Any:
    return told()


@pytest.fixture(scope="module")
def faster() -> Any:
    return told("--faster")


def test_what_comes_out_is_the_same_to_the_last_bit(usual: Any, faster: Any) -> None:
    for name, training in usual["trainings"].items():
        assert faster["trainings"][name]["same"] == training["same"], name


def test_random_networks_end_with_the_same() -> None:
    assert compare(6) == []


def test_epochs_are_in_one_order_where_a_seed_is_set_and_in_orders_of_their_own_otherwise() -> None:
    code = """
from helpers.grading.faster_training.trainers import train_faster
train_faster()
import keras
from helpers.grading.faster_training.batches import _orders
def two():
    order = _orders(60)
    return [order().numpy().tolist() for _ in range(2)]
print([two(), keras.utils.set_random_seed(1) or two()])
"""
    environment = {**FIXED_VARIABLES, "PATH": "/usr/bin:/bin", "PYTHONWARNINGS": "ignore"}
    command = [sys.executable, "-c", code]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr
    (first, second), (seeded, seeded_again) = json.loads(done.stdout.splitlines()[-1])
    assert first != second
    assert seeded == seeded_again
    assert all(sorted(order) == list(range(60)) for order in (first, second, seeded))


def test_several_batches_are_taken_at_a_time_where_nobody_looks(usual: Any, faster: Any) -> None:
    assert faster["taking several"]
    for name, training in faster["trainings"].items():
        assert usual["trainings"][name]["at a time"] == [1], name
        several = {BATCHES_AT_A_TIME} | ({BATCHES_OF_A_DATASET} if name == "dataset" else set())
        assert set(training["at a time"]) - {1} == (several if name in faster["taking several"] else set()), (
            name
        )


def test_a_call_takes_as_many_batches_as_fit_into_a_fifth_of_a_second() -> None:
    from helpers.grading.faster_training.batches import Pace

    pace = Pace()
    assert pace.batches == 1
    for taken, seconds, batches in ((1, 0.01, 8), (8, 0.016, 64), (64, 0.128, 100), (2, 0.5, 1), (1, 9.0, 1)):
        pace.adapt(taken, seconds)
        assert pace.batches == batches


@pytest.mark.skipif(platform.machine() != "x86_64", reason="compilers may fuse what is rounded here")
def test_the_steps_of_adam_are_fused_where_a_step_is_keras_s_own(usual: Any, faster: Any) -> None:
    assert not any(training["fused"] for training in usual["trainings"].values())
    fused = {name: training["fused"] for name, training in faster["trainings"].items()}
    others = {"convolutional", "built_on_the_way", "with_the_largest_so_far", "with_a_step_of_its_own"}
    assert {name for name, count in fused.items() if not count} == others, "three have other optimizers"
    assert fused["dense"] == 4
    assert fused["embedded"] == 2, "the embedding itself has gradients for some rows alone"


def test_mistakes_are_told_in_the_same_words_and_never_from_the_workshops_files(
    usual: Any, faster: Any
) -> None:
    assert len(usual["mistakes"]) == 12
    for name, said in usual["mistakes"].items():
        words = [
            text.replace("shape=(32,", "shape=(None,").replace("(32, 56)", "(None, 56)")
            for text in said["words"]
        ]
        assert faster["mistakes"][name]["words"] == words  # here a batch of 32 is one of any length
        assert not [place for place in faster["mistakes"][name]["places"] if "/helpers/" in place]
