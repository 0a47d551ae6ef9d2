"""Reference networks: how good a plain, well-trained model gets, as a measure for lessons and graders.

    model, run = models.train_dense_reference(x_train, y_train)
    model, run = models.train_cnn_reference(x_train, y_train)
    model, run = models.train_cnn_best(x_train, y_train)

What they reach, and how that was measured, stands in docs/measurements.md.
"""

from helpers.models.convolutional_network import (
    cnn,
    cnn_best_recipe,
    cnn_recipe,
    train_cnn_best,
    train_cnn_reference,
)
from helpers.models.dense_network import dense, dense_recipe, train_dense_reference
from helpers.models.recipe import ModelError, Recipe, fading_rate

__all__ = [
    "ModelError",
    "Recipe",
    "cnn",
    "cnn_best_recipe",
    "cnn_recipe",
    "dense",
    "dense_recipe",
    "fading_rate",
    "train_cnn_best",
    "train_cnn_reference",
    "train_dense_reference",
]
