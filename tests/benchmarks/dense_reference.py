"""How good the dense reference network is, and what its training costs.

    python -m tests.benchmarks.dense_reference --variant full --seeds 3

Trains on all training images, measures on all test images, and prints a table. WORKSHOP_DATA_DIR names the
folder of the full data sets. The costs are the processor time (user and system, all cores) and the clock time
of the training alone, without starting TensorFlow and without measuring. Run it on a quiet machine.
"""

from __future__ import annotations

import argparse
import statistics
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from helpers import datasets, environment, models, training

Train = Callable[[np.ndarray, np.ndarray], tuple[Any, training.TrainingRun]]


@dataclass(frozen=True)
class Trial:
    """One training from one seed."""

    seed: int
    accuracy: float
    cpu_seconds: float
    seconds: float


def train_plain(x: np.ndarray, y: np.ndarray) -> tuple[Any, training.TrainingRun]:
    """What many first lessons do, for comparison: 512 units, Adam as it comes, 10 epochs, batches of 128."""
    import keras

    layers = [keras.layers.Flatten(), keras.layers.Dense(512, activation="relu")]
    model = keras.Sequential(
        [keras.Input((28, 28, 1)), *layers, keras.layers.Dense(10, activation="softmax")]
    )
    model.compile(optimizer="adam", loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    return model, training.fit(model, x, y, epochs=10, batch_size=128, live=False)


def trial(data: datasets.Dataset, seed: int, train: Train) -> Trial:
    """Train from `seed` and measure on the test images."""
    environment.set_seed(seed)
    model, run = train(data.x_train, data.y_train)
    predicted = model.predict(data.x_test, batch_size=1000, verbose=0).argmax(axis=1)
    return Trial(seed, float(np.mean(predicted == data.y_test)), run.cpu_seconds, run.seconds)


def table(trials: list[Trial]) -> str:
    """The trials as a Markdown table, with their mean in the last row."""
    lines = ["| seed | accuracy | CPU seconds | seconds |", "|---|---|---|---|"]
    lines += [
        f"| {t.seed} | {100 * t.accuracy:.2f} % | {t.cpu_seconds:.1f} | {t.seconds:.1f} |" for t in trials
    ]
    accuracy, cpu, clock = (
        statistics.mean(getattr(one, name) for one in trials)
        for name in ("accuracy", "cpu_seconds", "seconds")
    )
    return "\n".join([*lines, f"| mean | {100 * accuracy:.2f} % | {cpu:.1f} | {clock:.1f} |"])


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", default="digits", help="name of a data set with 28 × 28 pixels")
    parser.add_argument("--variant", default="auto", choices=["auto", "full", "bundled"])
    parser.add_argument("--seeds", type=int, default=3, help="how many: seeds 1, 2, …")
    parser.add_argument(
        "--plain", action="store_true", help="measure a plain network instead, for comparison"
    )
    arguments = parser.parse_args()
    environment.quiet_tensorflow()
    data = datasets.load(arguments.data, arguments.variant)
    print(f"\n{len(data.x_train):,} training and {len(data.x_test):,} test images\n")
    train = train_plain if arguments.plain else models.train_dense_reference
    print(table([trial(data, seed, train) for seed in range(1, arguments.seeds + 1)]))


if __name__ == "__main__":
    main()
