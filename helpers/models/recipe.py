"""How a reference network is trained: epochs, batches, learning rate."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from helpers.errors import WorkshopError
from helpers.training import TrainingRun, fit


class ModelError(WorkshopError):
    """A model cannot be built from these numbers."""


@dataclass(frozen=True)
class Recipe:
    """How a model is trained.

    Attributes:
        epochs: how often it sees all images.
        batch_size: images in each step.
        learning_rate: how far the largest steps go.
    """

    epochs: int
    batch_size: int
    learning_rate: float


def fading_rate(images: int, recipe: Recipe) -> Any:
    """A learning rate that grows in the first tenth of all steps, then fades to 0 along a cosine wave.

    Large steps do harm at the start, before the network knows anything, and miss the goal at the end.
    """
    import keras

    steps = -(-images // recipe.batch_size) * recipe.epochs
    growing = steps // 10
    return keras.optimizers.schedules.CosineDecay(
        initial_learning_rate=recipe.learning_rate / 10,
        decay_steps=steps - growing,
        warmup_target=recipe.learning_rate,
        warmup_steps=growing,
    )


def compiled(model: Any, learning_rate: Any) -> Any:
    """The model, compiled for class indices, with Adam at this rate (a number, or a schedule)."""
    import keras

    model.compile(
        optimizer=keras.optimizers.Adam(learning_rate=learning_rate),
        loss="sparse_categorical_crossentropy",
        metrics=["accuracy"],
    )
    return model


def trained(model: Any, x: Any, y: Any, recipe: Recipe, title: str, live: bool) -> tuple[Any, TrainingRun]:
    """The model, trained by the recipe, and what was measured on the way."""
    run = fit(model, x, y, epochs=recipe.epochs, batch_size=recipe.batch_size, title=title, live=live)
    return model, run


def classes_in(y: Any) -> int:
    """How many classes the indices y (n,) tell apart, counted from 0."""
    return int(max(y)) + 1
