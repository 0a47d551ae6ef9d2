"""Reference networks: how good a plain, well-trained model is, so that lessons and graders have a measure.

model = models.dense()
run = training.fit(model, x_train, y_train, **models.DENSE_RECIPE)
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from helpers.errors import WorkshopError

if TYPE_CHECKING:
    from helpers.training import TrainingRun

# How to train `dense`: few passes in large steps, which is what a small processor does fastest.
DENSE_RECIPE: Mapping[str, int] = MappingProxyType({"epochs": 7, "batch_size": 512})
DENSE_LEARNING_RATE = 4e-3


class ModelError(WorkshopError):
    """A model cannot be built from these numbers."""


def dense(
    units: Sequence[int] = (512, 256),
    classes: int = 10,
    dropout: float = 0.25,
    learning_rate: Any = DENSE_LEARNING_RATE,
) -> Any:
    """A compiled dense network for images of 28 × 28 pixels: the reference of lesson 01.

    Flatten; for each of `units` a dense layer, batch normalisation, ReLU and dropout; softmax at the end.
    Expects x (n, 28, 28, 1) from 0 to 1 and class indices (n,) from 0.

    Args:
        units: the size of each hidden layer.
        classes: how many outputs.
        dropout: the share of each hidden layer that rests in every training step.
        learning_rate: a number, or one of Keras's schedules such as `fading_rate` gives.

    Raises:
        ModelError: for sizes that make no network.
    """
    if classes < 2 or any(size < 1 for size in units) or not 0 <= dropout < 1:
        raise ModelError(
            f"No network has units={tuple(units)}, classes={classes} and dropout={dropout}. "
            "Choose layer sizes of at least 1, at least 2 classes, and a dropout from 0 to below 1."
        )
    import keras
    from keras import layers

    pixels = keras.Input((28, 28, 1), name="image")
    x = layers.Flatten(name="flatten")(pixels)
    for number, size in enumerate(units, start=1):
        x = layers.Dense(size, use_bias=False, name=f"hidden_{number}")(x)
        x = layers.BatchNormalization(momentum=0.9, name=f"normalise_{number}")(x)
        x = layers.Activation("relu", name=f"relu_{number}")(x)
        x = layers.Dropout(dropout, name=f"dropout_{number}")(x)
    probabilities = layers.Dense(classes, activation="softmax", name="probabilities")(x)
    model = keras.Model(pixels, probabilities, name="dense")
    model.compile(
        optimizer=keras.optimizers.Adam(learning_rate=learning_rate),
        loss="sparse_categorical_crossentropy",
        metrics=["accuracy"],
    )
    return model


def fading_rate(images: int, epochs: int, batch_size: int, peak: float = DENSE_LEARNING_RATE) -> Any:
    """A learning rate that rises for a tenth of the steps, then falls to 0 along half a cosine wave."""
    import keras

    steps = -(-images // batch_size) * epochs
    rising = steps // 10
    return keras.optimizers.schedules.CosineDecay(
        initial_learning_rate=peak / 10, decay_steps=steps - rising, warmup_target=peak, warmup_steps=rising
    )


def train_dense_reference(x: Any, y: Any, *, live: bool = False) -> tuple[Any, TrainingRun]:
    """The dense reference network, trained by its recipe on x (n, 28, 28, 1) and y (n,); and the run.

    Seed the random numbers first (`environment.set_seed`). Measured figures: docs/measurements.md.
    """
    from helpers.training import fit

    classes = int(max(y)) + 1
    model = dense(classes=classes, learning_rate=fading_rate(len(x), **DENSE_RECIPE))
    return model, fit(model, x, y, **DENSE_RECIPE, title="Dense reference", live=live)
