"""The convolutional networks of lessons 03 and 06: one that trains in half a minute, and the best one."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from helpers.models.recipe import ModelError, Recipe, classes_in, compiled, fading_rate, trained

if TYPE_CHECKING:
    from helpers.training import TrainingRun

STEPS = 700
BATCH_SIZES = ((30_000, 256), (6_000, 128), (1_000, 64), (0, 32))
"""Above so many images, batches of this size."""


def cnn_recipe(images: int) -> Recipe:
    """How to train `cnn` on so many images.

    Some 700 steps are enough, be the images 60,000 or 600. Where there are many, these steps can be large
    ones, which compute faster for each image and may go further.
    """
    batch_size = next(size for above, size in BATCH_SIZES if images > above)
    epochs = math.ceil(STEPS * batch_size / images)
    return Recipe(epochs, batch_size, learning_rate=8e-3 if batch_size == 256 else 4e-3)


def cnn_best_recipe(images: int) -> Recipe:
    """How to train the best network on so many images: it needs some thousands of steps."""
    return Recipe(epochs=10 if images > 30_000 else 30, batch_size=128, learning_rate=5e-3)


def cnn(
    filters: Sequence[int] = (24, 48, 64),
    classes: int = 10,
    dropout: float = 0.3,
    learning_rate: Any = 1e-3,
    augment: bool = False,
) -> Any:
    """A compiled convolutional network for images of 28 × 28 pixels.

    For each of `filters` a block: a convolution with kernels of 3 × 3, max pooling, batch normalisation and
    ReLU. Then flatten, dropout, and softmax. Each block halves height and width: 28, 14, 7, 3, 1. Pooling
    comes right after the convolution, so that the layers behind it have a quarter of the work.
    Expects x (n, 28, 28, 1) from 0 to 1 and class indices y (n,).

    Args:
        filters: how many filters each convolution has; one to four convolutions.
        classes: how many outputs.
        dropout: the share of the last feature maps' values that is left out of every training step.
        learning_rate: a number, or a schedule such as `fading_rate` gives.
        augment: move each image by up to 2 whole pixels and turn it by up to 11° in training, each time anew.

    Raises:
        ModelError: for sizes that make no network.
    """
    sizes_fit = 1 <= len(filters) <= 4 and all(count >= 1 for count in filters)
    if not sizes_fit or classes < 2 or not 0 <= dropout < 1:
        raise ModelError(
            f"No network has filters={tuple(filters)}, classes={classes} and dropout={dropout}. "
            "Choose one to four convolutions of at least 1 filter, at least 2 classes, and a dropout from 0 "
            "to below 1."
        )
    import keras
    from keras import layers

    image = keras.Input((28, 28, 1), name="image")
    x = image
    if augment:
        # "nearest": moved by whole pixels, so that nothing is blurred.
        x = layers.RandomTranslation(0.07, 0.07, "constant", interpolation="nearest", name="move")(x)
        x = layers.RandomRotation(0.03, "constant", name="turn")(x)
    for number, count in enumerate(filters, start=1):
        # Normalising brings its own bias.
        x = layers.Conv2D(count, 3, padding="same", use_bias=False, name=f"convolution_{number}")(x)
        x = layers.MaxPooling2D(name=f"pool_{number}")(x)
        x = layers.BatchNormalization(momentum=0.9, name=f"normalise_{number}")(x)
        x = layers.ReLU(name=f"relu_{number}")(x)
    x = layers.Flatten(name="flatten")(x)
    x = layers.Dropout(dropout, name="dropout")(x)
    probabilities = layers.Dense(classes, activation="softmax", name="probabilities")(x)
    return compiled(keras.Model(image, probabilities, name="cnn"), learning_rate)


def train_cnn_reference(x: Any, y: Any, *, live: bool = False) -> tuple[Any, TrainingRun]:
    """The convolutional reference network, trained on x (n, 28, 28, 1) and class indices y (n,).

    Seed the random numbers before (`environment.set_seed`).
    """
    recipe = cnn_recipe(len(x))
    model = cnn(classes=classes_in(y), learning_rate=fading_rate(len(x), recipe))
    return trained(model, x, y, recipe, "Convolutional reference", live)


def train_cnn_best(x: Any, y: Any, *, live: bool = False) -> tuple[Any, TrainingRun]:
    """The same with more filters, trained for longer on images that are moved and turned a little.

    Takes x (n, 28, 28, 1) and class indices y (n,). The classes must bear being moved and turned, as digits
    do. Takes several minutes on 60,000 images. Seed the random numbers before (`environment.set_seed`).
    """
    recipe = cnn_best_recipe(len(x))
    model = cnn(
        filters=(32, 64, 128),
        classes=classes_in(y),
        learning_rate=fading_rate(len(x), recipe),
        augment=True,
    )
    return trained(model, x, y, recipe, "Best convolutional network", live)
