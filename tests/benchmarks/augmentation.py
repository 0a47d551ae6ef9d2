"""What augmentation is worth: the same network with and without, on images as they are and on changed ones.

    WORKSHOP_DATA_DIR=FOLDER python -m tests.benchmarks.augmentation --variant full
    python -m tests.benchmarks.augmentation --variant bundled

Trains the convolutional network of `helpers.models.cnn` twice from each seed, for equally many steps: on the
training images as they are, and moved and turned at random by Keras's layers. Measures both on all test
images: clean, moved by up to 4 pixels, turned by up to 20 degrees, and both at once, which is done by
`helpers.warping`, other code than what they were trained with. WORKSHOP_DATA_DIR names the folder of the full
data sets. Costs are processor time (user and system, all cores) of the training alone.
"""

from __future__ import annotations

import argparse
from typing import Any

import numpy as np

from helpers import datasets, environment, models, training
from helpers.warping import warped

SHIFT, TURN = 4, 20
SEED_OF_CHANGES = 1


def changed(images: np.ndarray) -> dict[str, np.ndarray]:
    """The test images by kind of change."""
    seed = SEED_OF_CHANGES
    return {
        "clean": images,
        "moved": warped(images, shift=SHIFT, seed=seed),
        "turned": warped(images, turn=TURN, seed=seed),
        "both": warped(images, shift=SHIFT, turn=TURN, seed=seed),
    }


def network(images: int, recipe: models.Recipe, filters: list[int], augment: bool) -> Any:
    """The network, compiled for training on so many images."""
    import keras
    from keras import layers

    side = SHIFT / 28
    front = [
        layers.RandomRotation(TURN / 360, fill_mode="constant"),
        # By whole pixels: a second interpolation would blur every training image, while no test image is.
        layers.RandomTranslation(side, side, fill_mode="constant", interpolation="nearest"),
    ]
    base = models.cnn(filters=filters)
    model = keras.Sequential([keras.Input((28, 28, 1)), *(front if augment else []), base])
    model.compile(
        optimizer=keras.optimizers.Adam(models.fading_rate(images, recipe)),
        loss="sparse_categorical_crossentropy",
        metrics=["accuracy"],
    )
    return model


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--variant", default="auto", choices=["auto", "full", "bundled"])
    parser.add_argument("--seeds", nargs="+", type=int, default=[1])
    parser.add_argument("--epochs", type=int, default=8)
    parser.add_argument("--filters", nargs="+", type=int, default=[24, 48, 64])
    arguments = parser.parse_args()
    environment.quiet_tensorflow()
    data = datasets.load("digits", arguments.variant)
    x, y = data.x_train, data.y_train
    many = len(x) > 30_000
    recipe = models.Recipe(arguments.epochs, 256 if many else 128, 8e-3 if many else 4e-3)
    tests = changed(data.x_test)
    print(f"\n{len(x):,} training and {len(data.x_test):,} test images\n")
    print(f"| seed | augmented | {' | '.join(tests)} | CPU seconds |\n|{'---|' * (len(tests) + 3)}")
    for seed in arguments.seeds:
        for augment in (False, True):
            environment.set_seed(seed)
            model = network(len(x), recipe, arguments.filters, augment)
            run = training.fit(model, x, y, epochs=recipe.epochs, batch_size=recipe.batch_size, live=False)
            shares = [
                np.mean(model.predict(images, batch_size=1000, verbose=0).argmax(axis=1) == data.y_test)
                for images in tests.values()
            ]
            cells = [f"{100 * share:.2f} %" for share in shares]
            print(f"| {seed} | {augment} | {' | '.join(cells)} | {run.cpu_seconds:.0f} |", flush=True)


if __name__ == "__main__":
    main()
