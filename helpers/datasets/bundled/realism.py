"""How real the bundled images are, measured: what is learned on them, tested on the real ones, and back.

    WORKSHOP_DATA_DIR=FOLDER python -m helpers.datasets.bundled.realism rps signs

FOLDER holds the full data sets. With --seeds 3 it trains three times and says how far the results lie apart,
which is much where the real images are few. data/README.md has the figures.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from helpers import datasets
from helpers.datasets import bundled, catalog

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Images = NDArray[np.float32]
    Labels = NDArray[np.int64]

EPOCHS = 12
STEPS = 1800
"""No network takes fewer, however few its images: with 120 steps it names 60 % of those it was trained on."""
BATCH_SIZE = 64


@dataclass(frozen=True)
class Realism:
    """Shares of images that a small convolutional network names rightly.

    bundled_to_real: trained on the bundled training images, tested on every real image at hand.
    real_to_bundled: trained on the real training images, tested on the bundled test images.
    bundled_to_bundled: trained on the bundled training images, tested on the bundled test images.
    """

    name: str
    bundled_to_real: float
    real_to_bundled: float
    bundled_to_bundled: float


def measure(name: str, seed: int = 0) -> Realism:
    """Train the network twice and test it three times; takes minutes.

    Raises DataError if the full variant of the data set is not there.
    """
    real = datasets.load(name, "full", quiet=True)
    drawing = catalog.entry(name).drawing
    x_train, y_train = bundled.draw(name, drawing.train_images, drawing.train_seed)
    x_test, y_test = bundled.draw(name, drawing.test_images, drawing.test_seed)
    classes = len(real.class_names)
    from_bundled = _trained(x_train, y_train, classes, seed)
    from_real = _trained(real.x_train, real.y_train, classes, seed)
    x_real = np.concatenate([real.x_train, real.x_test])
    y_real = np.concatenate([real.y_train, real.y_test])
    return Realism(
        name,
        bundled_to_real=_accuracy(from_bundled, x_real, y_real),
        real_to_bundled=_accuracy(from_real, x_test, y_test),
        bundled_to_bundled=_accuracy(from_bundled, x_test, y_test),
    )


def _trained(x: Images, y: Labels, classes: int, seed: int) -> Any:
    """The small network, trained on images that are shifted, turned, scaled and lit a little differently."""
    import keras

    keras.utils.set_random_seed(seed)
    order = np.random.default_rng(seed).permutation(len(y))
    batches = -(-len(y) // BATCH_SIZE)
    epochs = max(EPOCHS, -(-STEPS // batches))
    model = _network(classes, keras.optimizers.schedules.CosineDecay(2e-3, epochs * batches))
    model.fit(x[order], y[order], epochs=epochs, batch_size=BATCH_SIZE, verbose=0)
    return model


def _network(classes: int, learning_rate: Any) -> Any:
    import keras
    from keras import layers

    model = keras.Sequential(
        [
            keras.Input((28, 28, 1)),
            layers.RandomTranslation(0.08, 0.08, fill_mode="nearest"),
            layers.RandomRotation(0.03, fill_mode="nearest"),
            layers.RandomZoom(0.12, fill_mode="nearest"),
            layers.RandomContrast(0.3, value_range=(0, 1)),
            layers.RandomBrightness(0.12, value_range=(0, 1)),
        ]
    )
    for filters in (32, 64, 128):
        model.add(layers.Conv2D(filters, 3, padding="same", use_bias=False))
        model.add(layers.BatchNormalization())
        model.add(layers.ReLU())
        model.add(layers.MaxPooling2D())
    model.add(layers.Flatten())
    model.add(layers.Dropout(0.4))
    model.add(layers.Dense(128, activation="relu"))
    model.add(layers.Dropout(0.3))
    model.add(layers.Dense(classes, activation="softmax"))
    model.compile(
        optimizer=keras.optimizers.Adam(learning_rate),
        loss="sparse_categorical_crossentropy",
        metrics=["accuracy"],
    )
    return model


def _accuracy(model: Any, x: Images, y: Labels) -> float:
    return float(np.mean(model.predict(x, verbose=0, batch_size=512).argmax(axis=1) == y))


def summary(results: Sequence[Realism]) -> str:
    """One line for one data set: each direction's mean and, of several results, lowest and highest."""
    parts = []
    for title, field in (
        ("bundled → real", "bundled_to_real"),
        ("real → bundled", "real_to_bundled"),
        ("bundled → bundled", "bundled_to_bundled"),
    ):
        shares = [getattr(result, field) for result in results]
        span = f" ({min(shares):.1%} to {max(shares):.1%})" if len(shares) > 1 else ""
        parts.append(f"{title} {np.mean(shares):.1%}{span}")
    return f"{results[0].name}: " + ", ".join(parts)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("names", nargs="+", metavar="NAME", help="data sets")
    parser.add_argument("--seeds", type=int, default=1, help="train each so often, from seed 0 on")
    arguments = parser.parse_args()
    for name in arguments.names:
        print(summary([measure(name, seed) for seed in range(max(1, arguments.seeds))]), flush=True)


if __name__ == "__main__":
    main()
