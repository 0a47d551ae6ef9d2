"""What the pretrained backbone is worth: one network from scratch, frozen and fine-tuned, with few labels.

    WORKSHOP_DATA_DIR=FOLDER python -m tests.benchmarks.transfer --variant full
    python -m tests.benchmarks.transfer --variant bundled

For each number of labelled images of each letter and each seed it draws so many training images by chance,
trains the network of `helpers.models.load_backbone` under a new head in each of the three ways on these same
images, and measures on all test images. WORKSHOP_DATA_DIR names the folder of the full data sets. Costs are
processor time (user and system, all cores) of training and of preparing it, without starting TensorFlow and
without measuring.

With --choosing, the last quarter of the training images is set aside and measured on instead: for trying
things out without a look at the test images. --weights FOLDER measures other weights, as `workshop backbone`
writes them.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from helpers import datasets, environment, models
from helpers.models import backbone
from tests.benchmarks.set_aside import choosing

BATCH_SIZE = 32
ROUNDS: Mapping[str, Mapping[int, int]] = {
    "from scratch": {5: 40, 10: 30, 50: 15},
    "frozen": {5: 60, 10: 40, 50: 20},
    "fine-tuned": {5: 20, 10: 15, 50: 10},
}
"""How often each way goes through its images: more changed nothing that was clear of chance."""


@dataclass(frozen=True)
class Task:
    """Few images to learn from, and those to measure on."""

    x: np.ndarray
    y: np.ndarray
    x_test: np.ndarray
    y_test: np.ndarray
    labels: int

    @property
    def classes(self) -> int:
        return int(self.y_test.max()) + 1


def few(data: datasets.Dataset, labels: int, seed: int) -> Task:
    """So many training images of each class, drawn by chance."""
    random = np.random.default_rng(seed)
    rows = np.concatenate(
        [
            random.choice(np.flatnonzero(data.y_train == label), labels, replace=False)
            for label in range(len(data.class_names))
        ]
    )
    return Task(data.x_train[rows], data.y_train[rows], data.x_test, data.y_test, labels)


def from_scratch(task: Task) -> Any:
    """All of it from random weights."""
    import keras

    model = keras.Sequential([models.load_backbone(pretrained=False), _head(task)])
    return _fitted(model, task.x, task, "from scratch", 2e-3)


def frozen(task: Task) -> Any:
    """A new head on the base's feature maps, which are computed once."""
    import keras

    base = models.load_backbone()
    base.trainable = False
    maps = base.predict(task.x, batch_size=256, verbose=0)
    head = _fitted(_head(task), maps, task, "frozen", 3e-3)
    return keras.Sequential([base, head])


def fine_tuned(task: Task) -> Any:
    """The same, and then all convolutions with a tenth of the rate; normalisation layers stay frozen."""
    from keras import layers

    model = frozen(task)
    base = model.layers[0]
    base.trainable = True
    for layer in base.layers:
        layer.trainable = not isinstance(layer, layers.BatchNormalization)
    return _fitted(model, task.x, task, "fine-tuned", 3e-4)


WAYS: Mapping[str, Callable[[Task], Any]] = {
    "from scratch": from_scratch,
    "frozen": frozen,
    "fine-tuned": fine_tuned,
}


def _head(task: Task) -> Any:
    import keras
    from keras import layers

    return keras.Sequential(
        [
            keras.Input((3, 3, backbone.FILTERS[-1])),
            layers.Flatten(),
            layers.Dropout(0.3),
            layers.Dense(task.classes, activation="softmax"),
        ]
    )


def _fitted(model: Any, x: np.ndarray, task: Task, way: str, rate: float) -> Any:
    """The model, trained with a rate that fades along a cosine wave."""
    import keras

    rounds = ROUNDS[way][task.labels]
    steps = rounds * -(-len(x) // BATCH_SIZE)
    model.compile(
        optimizer=keras.optimizers.Adam(keras.optimizers.schedules.CosineDecay(rate, steps)),
        loss="sparse_categorical_crossentropy",
        metrics=["accuracy"],
    )
    model.fit(x, task.y, batch_size=BATCH_SIZE, epochs=rounds, verbose=0)
    return model


def measured(way: str, task: Task, seed: int) -> tuple[float, float]:
    """The share of test images that are named rightly, and the processor time of the training, in seconds."""
    environment.set_seed(seed)
    began = time.process_time()
    model = WAYS[way](task)
    cost = time.process_time() - began
    predicted = model.predict(task.x_test, batch_size=500, verbose=0).argmax(axis=1)
    return float(np.mean(predicted == task.y_test)), cost


def row(labels: int, way: str, shares: list[float], first: float | None, costs: list[float]) -> str:
    """A row of the table; the gain is over the mean from scratch, where that was measured."""
    runs = ", ".join(f"{100 * share:.1f}" for share in shares)
    mean, deviation = 100 * float(np.mean(shares)), 100 * float(np.std(shares, ddof=1))
    gain = "" if first is None or way == "from scratch" else f"{mean - 100 * first:+.1f}"
    return f"| {labels} | {way} | {runs} | {mean:.1f} ± {deviation:.1f} | {gain} | {np.mean(costs):.1f} |"


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--variant", default="auto", choices=["auto", "full", "bundled"])
    parser.add_argument("--seeds", nargs="+", type=int, default=[1, 2, 3, 4, 5])
    parser.add_argument("--labels", nargs="+", type=int, default=[5, 10, 50], choices=[5, 10, 50])
    parser.add_argument("--ways", nargs="+", default=list(WAYS), choices=list(WAYS))
    parser.add_argument("--choosing", action="store_true", help="measure on training images set aside")
    parser.add_argument("--weights", type=Path, help="the folder of other weights")
    arguments = parser.parse_args()
    environment.quiet_tensorflow()
    if arguments.weights:
        backbone.WEIGHTS = arguments.weights / backbone.WEIGHTS.name
        backbone.CARD = arguments.weights / backbone.CARD.name
    data = datasets.load("signs", arguments.variant)
    if arguments.choosing:
        data = choosing(data, parts=4)
    print(f"\n{len(data.x_train):,} images to draw from, {len(data.x_test):,} test images\n")
    print("| labels a letter | way | runs (%) | mean ± deviation (%) | gain (points) | CPU seconds |")
    print("|---|---|---|---|---|---|")
    for labels in arguments.labels:
        first = None
        for way in arguments.ways:
            results = [measured(way, few(data, labels, seed), seed) for seed in arguments.seeds]
            shares, costs = [share for share, _ in results], [cost for _, cost in results]
            first = float(np.mean(shares)) if way == "from scratch" else first
            print(row(labels, way, shares, first, costs), flush=True)


if __name__ == "__main__":
    main()
