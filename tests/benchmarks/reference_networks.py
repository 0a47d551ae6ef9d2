"""How good the reference networks are, and what their training costs.

    python -m tests.benchmarks.reference_networks --networks cnn plain-cnn --variant full
    python -m tests.benchmarks.reference_networks --networks dense plain-dense --variant bundled
    python -m tests.benchmarks.reference_networks --data signs --variant full

Trains each network on all training images from each seed, measures on all test images, and prints a table.
WORKSHOP_DATA_DIR names the folder of the full data sets. The costs are the processor time (user and system,
all cores) and the clock time of the training alone: with compiling the network, without starting TensorFlow
and without measuring. The networks take turns, so that what else the machine does falls on all of them; even
so, run it on a quiet one.

With --choosing, the last twelfth of the training images is set aside and measured on instead: for trying
things out without a look at the test images.
"""

from __future__ import annotations

import argparse
import statistics
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from helpers import datasets, environment, models, training
from tests.benchmarks.set_aside import choosing

Train = Callable[[np.ndarray, np.ndarray], tuple[Any, training.TrainingRun]]


@dataclass(frozen=True)
class Trial:
    """One training from one seed."""

    network: str
    seed: int
    accuracy: float
    cpu_seconds: float
    seconds: float


def train_plain_dense(x: np.ndarray, y: np.ndarray) -> tuple[Any, training.TrainingRun]:
    """What many first lessons do, for comparison: 512 units, Adam as it comes, 10 epochs, batches of 128."""
    from keras import layers

    return _trained([layers.Flatten(), layers.Dense(512, activation="relu")], x, y, epochs=10)


def train_plain_cnn(x: np.ndarray, y: np.ndarray) -> tuple[Any, training.TrainingRun]:
    """What many first lessons do: two convolutions (32, 64) and a dense layer (128), 4 epochs."""
    from keras import layers

    hidden = [
        layers.Conv2D(32, 3, activation="relu"),
        layers.MaxPooling2D(),
        layers.Conv2D(64, 3, activation="relu"),
        layers.MaxPooling2D(),
        layers.Flatten(),
        layers.Dense(128, activation="relu"),
    ]
    return _trained(hidden, x, y, epochs=4 if len(x) > 30_000 else 10)


def _trained(
    hidden: list[Any], x: np.ndarray, y: np.ndarray, epochs: int
) -> tuple[Any, training.TrainingRun]:
    import keras

    output = keras.layers.Dense(int(y.max()) + 1, activation="softmax")
    model = keras.Sequential([keras.Input((28, 28, 1)), *hidden, output])
    model.compile(optimizer="adam", loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    return model, training.fit(model, x, y, epochs=epochs, batch_size=128, live=False)


NETWORKS: Mapping[str, Train] = {
    "dense": models.train_dense_reference,
    "plain-dense": train_plain_dense,
    "cnn": models.train_cnn_reference,
    "cnn-best": models.train_cnn_best,
    "plain-cnn": train_plain_cnn,
}


def trial(data: datasets.Dataset, network: str, seed: int) -> Trial:
    """Train from `seed` and measure on the test images."""
    environment.set_seed(seed)
    model, run = NETWORKS[network](data.x_train, data.y_train)
    predicted = model.predict(data.x_test, batch_size=1000, verbose=0).argmax(axis=1)
    return Trial(network, seed, float(np.mean(predicted == data.y_test)), run.cpu_seconds, run.seconds)


def row(network: str, seed: str, accuracy: float, cpu_seconds: float, seconds: float) -> str:
    """A row of the table."""
    return f"| {network} | {seed} | {100 * accuracy:.2f} % | {cpu_seconds:.1f} | {seconds:.1f} |"


def mean(trials: list[Trial], measure: str) -> float:
    """The mean of "accuracy", "cpu_seconds" or "seconds"."""
    return float(statistics.mean(getattr(one, measure) for one in trials))


def summary(trials: list[Trial]) -> str:
    """A row of means for each network, and how the others' errors and costs compare to the first one's."""
    groups = {t.network: [u for u in trials if u.network == t.network] for t in trials}
    lines = [
        row(name, "mean", *(mean(group, m) for m in ("accuracy", "cpu_seconds", "seconds")))
        for name, group in groups.items()
    ]
    first, *others = groups
    for other in others:
        cost = mean(groups[other], "cpu_seconds") / mean(groups[first], "cpu_seconds")
        errors = 1 - mean(groups[other], "accuracy")
        if first_errors := 1 - mean(groups[first], "accuracy"):
            told = f"{errors / first_errors:.2f} times the errors of {first}"
        else:
            told = f"errors in {100 * errors:.2f} % of the images, {first} in none"
        lines.append(f"\n{other}: {told}, {cost:.2f} times its CPU seconds.")
    return "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--networks", nargs="+", default=["cnn", "plain-cnn"], choices=list(NETWORKS))
    parser.add_argument("--data", default="digits", help="name of a data set with 28 × 28 pixels")
    parser.add_argument("--variant", default="auto", choices=["auto", "full", "bundled"])
    parser.add_argument("--seeds", type=int, default=3, help="how many: seeds 1, 2, …")
    parser.add_argument(
        "--choosing", action="store_true", help="measure on training images that are set aside"
    )
    arguments = parser.parse_args()
    environment.quiet_tensorflow()
    data = datasets.load(arguments.data, arguments.variant)
    if arguments.choosing:
        data = choosing(data, parts=12)
    print(f"\n{len(data.x_train):,} training and {len(data.x_test):,} test images\n")
    print("| network | seed | accuracy | CPU seconds | seconds |\n|---|---|---|---|---|")
    trials = []
    for seed in range(1, arguments.seeds + 1):
        for network in arguments.networks:
            one = trial(data, network, seed)
            print(row(network, str(seed), one.accuracy, one.cpu_seconds, one.seconds), flush=True)
            trials.append(one)
    print(summary(trials))


if __name__ == "__main__":
    main()
