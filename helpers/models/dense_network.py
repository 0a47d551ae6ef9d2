"""The dense network of lesson 01, at its best."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from helpers.models.recipe import ModelError, Recipe, classes_in, compiled, fading_rate, trained

if TYPE_CHECKING:
    from helpers.training import TrainingRun


def dense_recipe(images: int) -> Recipe:
    """How to train `dense` on so many images.

    The network needs some 800 steps. Where there are many images, these steps can be large ones, which
    compute faster for each image.
    """
    return Recipe(epochs=7, batch_size=512 if images > 30_000 else 128, learning_rate=4e-3)


def dense(
    units: Sequence[int] = (512, 256), classes: int = 10, dropout: float = 0.25, learning_rate: Any = 1e-3
) -> Any:
    """A compiled dense network for images of 28 × 28 pixels.

    Flatten; for each of `units` a dense layer, batch normalisation, ReLU and dropout; softmax at the end.
    Expects x (n, 28, 28, 1) from 0 to 1 and class indices y (n,).

    Args:
        units: the size of each hidden layer.
        classes: how many outputs.
        dropout: the share of each hidden layer's values that is left out of every training step.
        learning_rate: a number, or a schedule such as `fading_rate` gives.

    Raises:
        ModelError: for sizes that make no network.
    """
    if classes < 2 or any(size < 1 for size in units) or not 0 <= dropout < 1:
        raise ModelError(
            f"No network has units={tuple(units)}, classes={classes} and dropout={dropout}. "
            "Choose layers of at least 1 unit, at least 2 classes, and a dropout from 0 to below 1."
        )
    import keras
    from keras import layers

    image = keras.Input((28, 28, 1), name="image")
    x = layers.Flatten(name="flatten")(image)
    for number, size in enumerate(units, start=1):
        x = layers.Dense(size, use_bias=False, name=f"dense_{number}")(x)  # normalising brings its own bias
        x = layers.BatchNormalization(momentum=0.9, name=f"normalise_{number}")(x)
        x = layers.ReLU(name=f"relu_{number}")(x)
        x = layers.Dropout(dropout, name=f"dropout_{number}")(x)
    probabilities = layers.Dense(classes, activation="softmax", name="probabilities")(x)
    return compiled(keras.Model(image, probabilities, name="dense"), learning_rate)


def train_dense_reference(x: Any, y: Any, *, live: bool = False) -> tuple[Any, TrainingRun]:
    """The dense reference network, trained on x (n, 28, 28, 1) and class indices y (n,).

    Seed the random numbers before (`environment.set_seed`).
    """
    recipe = dense_recipe(len(x))
    model = dense(classes=classes_in(y), learning_rate=fading_rate(len(x), recipe))
    return trained(model, x, y, recipe, "Dense reference", live)
