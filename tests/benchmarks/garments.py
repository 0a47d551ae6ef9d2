"""How much the bundled garments are like Fashion-MNIST's, as far as it can be measured here.

    python -m tests.benchmarks.garments
    WORKSHOP_DATA_DIR=FOLDER python -m tests.benchmarks.garments --real

Prints Markdown: the pixels' mean and spread, the test accuracy of a linear, a dense and a convolutional
network trained on the bundled training images, and the last one's confusions. With --real, where the full set
is in the data folder, the same for its first 12,000 training images, and each tested on the other's, too.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from helpers import datasets, environment, models

TRAINING_IMAGES = 12_000
"""So many of each set are trained on, as many as the bundled one has."""

Train = Callable[[np.ndarray, np.ndarray], Any]


def train_linear(x: np.ndarray, y: np.ndarray) -> Any:
    """One layer from pixels to classes, 12 epochs."""
    import keras

    return _fitted([keras.layers.Flatten()], x, y, epochs=12, rate=3e-3)


def train_dense(x: np.ndarray, y: np.ndarray) -> Any:
    """The dense reference network of the lessons."""
    return models.train_dense_reference(x, y)[0]


def train_convolutional(x: np.ndarray, y: np.ndarray) -> Any:
    """Three convolutions (24, 48, 64), batch-normalised as the dense one is, and a dense layer; 8 epochs."""
    from keras import layers

    hidden: list[Any] = []
    for filters in (24, 48, 64):
        hidden += [
            layers.Conv2D(filters, 3, padding="same", use_bias=False),
            layers.BatchNormalization(momentum=0.9),
            layers.ReLU(),
            layers.MaxPooling2D(),
        ]
    hidden += [
        layers.Flatten(),
        layers.Dropout(0.4),
        layers.Dense(96, activation="relu"),
        layers.Dropout(0.2),
    ]
    return _fitted(hidden, x, y, epochs=8, rate=4e-3)


NETWORKS: Mapping[str, Train] = {
    "linear": train_linear,
    "dense": train_dense,
    "convolutional": train_convolutional,
}


def _fitted(hidden: list[Any], x: np.ndarray, y: np.ndarray, epochs: int, rate: float) -> Any:
    import keras

    model = keras.Sequential(
        [keras.Input((28, 28, 1)), *hidden, keras.layers.Dense(10, activation="softmax")]
    )
    fading = keras.optimizers.schedules.CosineDecay(rate, epochs * -(-len(x) // 128))
    model.compile(keras.optimizers.Adam(fading), loss="sparse_categorical_crossentropy")
    model.fit(x, y, batch_size=128, epochs=epochs, verbose=0)
    return model


def predictions(model: Any, data: datasets.Dataset) -> np.ndarray:
    """The class of each test image, as the model sees it."""
    return np.asarray(model.predict(data.x_test, batch_size=500, verbose=0).argmax(axis=1))


def confusions(data: datasets.Dataset, predicted: np.ndarray) -> str:
    """Rows: the true class; columns: what was predicted."""
    counts = np.zeros((10, 10), dtype=int)
    np.add.at(counts, (data.y_test, predicted), 1)
    names = data.class_names
    lines = ["| | " + " | ".join(names) + " |", "|---" * 11 + "|"]
    lines += [
        f"| {name} | " + " | ".join(map(str, row)) + " |" for name, row in zip(names, counts, strict=True)
    ]
    return "\n".join(lines)


def report(name: str, data: datasets.Dataset, others: Mapping[str, datasets.Dataset]) -> None:
    """Train each network on `data` and test it there and on the others."""
    x, y = data.x_train[:TRAINING_IMAGES], data.y_train[:TRAINING_IMAGES]
    print(f"\n## Trained on {name} images\n")
    print(f"Mean {data.x_train.mean():.4f}, standard deviation {data.x_train.std():.4f}.\n")
    print("| network | " + " | ".join(f"tested on {other}" for other in others) + " |")
    print("|---" * (1 + len(others)) + "|")
    for kind, train in NETWORKS.items():
        environment.set_seed(1)
        model = train(x, y)
        rates = [np.mean(predictions(model, other) == other.y_test) for other in others.values()]
        print(f"| {kind} | " + " | ".join(f"{100 * rate:.1f} %" for rate in rates) + " |", flush=True)
    print("\n" + confusions(data, predictions(model, data)))


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--real", action="store_true", help="measure the full data set, too")
    variants = ["bundled", "full"] if parser.parse_args().real else ["bundled"]
    environment.quiet_tensorflow()
    sets = {variant: datasets.load("fashion", variant, quiet=True) for variant in variants}
    for variant, data in sets.items():
        report(variant, data, sets)


if __name__ == "__main__":
    main()
