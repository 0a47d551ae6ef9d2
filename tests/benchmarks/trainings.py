"""What training costs in a class, as Keras does it and as helpers.grading.faster_training does it.

    python -m tests.benchmarks.trainings [ROUNDS]

The networks of the solutions to assignments 01 and 03, one on each core at the same time, each in a fork of a
process that has imported Keras. The two ways take turns. Prints seconds of the clock and of the processors
for one training on each core, the ratio of the clocks, and whether the weights are the same to the last bit.
"""

from __future__ import annotations

import hashlib
import os
import resource
import statistics
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from helpers import datasets
from helpers.environment.preparing import quiet_tensorflow, uncollected
from helpers.grading.faster_training.trainers import train_faster
from helpers.grading.isolation.processes import FIXED_VARIABLES

IMAGES = 12_000


@dataclass(frozen=True)
class Trained:
    """One training on each core. clock, processor: seconds; weights: a digest of those of each network."""

    clock: float
    processor: float
    weights: frozenset[str]


def main(rounds: int = 3) -> None:
    """Trains each network both ways, in so many rounds."""
    os.environ.update(FIXED_VARIABLES)
    with uncollected():
        quiet_tensorflow()
        import keras  # noqa: F401
    ways: dict[str, Callable[[], None]] = {"as Keras does it": lambda: None, "faster": train_faster}
    for network in (dense, convolutional):
        found: dict[str, list[Trained]] = {name: [] for name in ways}
        for _ in range(rounds):
            for name, prepare in ways.items():
                found[name].append(on_each_core(network, prepare))
        print(f"{network.__doc__}, {rounds} rounds on {os.cpu_count()} cores")
        clocks = {}
        for name, trained in found.items():
            clocks[name] = statistics.median(one.clock for one in trained)
            processor = statistics.median(one.processor for one in trained)
            print(f"  {name:18} {clocks[name]:6.2f} s {processor:6.2f} CPU s")
        usual, faster = clocks.values()
        same = len({digest for trained in found.values() for one in trained for digest in one.weights}) == 1
        print(f"  {usual / faster:.2f} times as fast; weights {'the same' if same else 'NOT THE SAME'}")


def dense(x: Any, y: Any) -> Any:
    """The dense network of assignment 01"""
    from keras import Input, Sequential, layers

    model = Sequential(
        [
            Input((28, 28, 1)),
            layers.Flatten(),
            layers.Dense(256, activation="relu"),
            layers.Dropout(0.3),
            layers.Dense(128, activation="relu"),
            layers.Dense(10, activation="softmax"),
        ]
    )
    model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
    model.fit(x, y, epochs=12, batch_size=128, verbose=0)
    return model


def convolutional(x: Any, y: Any) -> Any:
    """The convolutional network of assignment 03"""
    from keras import Input, Sequential, layers

    model = Sequential(
        [
            Input((28, 28, 1)),
            layers.Conv2D(16, 3, activation="relu"),
            layers.MaxPooling2D(),
            layers.Conv2D(32, 3, activation="relu"),
            layers.MaxPooling2D(),
            layers.Flatten(),
            layers.Dropout(0.2),
            layers.Dense(10, activation="softmax"),
        ]
    )
    model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
    model.fit(x, y, epochs=10, batch_size=128, verbose=0)
    return model


def on_each_core(train: Callable[[Any, Any], Any], prepare: Callable[[], None]) -> Trained:
    """Trains in a fork for each core, all at the same time."""
    before, started = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
    answers = [_in_fork(train, prepare) for _ in range(os.cpu_count() or 1)]
    weights = []
    for child, answer in answers:
        with open(answer) as file:
            weights.append(file.read())
        os.waitpid(child, 0)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    processor = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return Trained(time.monotonic() - started, processor, frozenset(weights))


def _in_fork(train: Callable[[Any, Any], Any], prepare: Callable[[], None]) -> tuple[int, int]:
    """A child process and the end of a pipe that its answer comes out of."""
    way_out, way_in = os.pipe()
    child = os.fork()
    if child:
        os.close(way_in)
        return child, way_out
    try:
        import keras

        prepare()
        digits = datasets.load("digits", "bundled", quiet=True)
        keras.utils.set_random_seed(1)
        model = train(digits.x_train[:IMAGES], digits.y_train[:IMAGES])
        content = b"".join(weight.tobytes() for weight in model.get_weights())
        os.write(way_in, hashlib.sha256(content).hexdigest().encode())
    finally:
        os._exit(0)


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
