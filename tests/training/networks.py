"""Tiny networks and data to train them on."""

from __future__ import annotations

from typing import Any

import numpy as np


def network(loss: str = "sparse_categorical_crossentropy", classes: int = 3, compiled: bool = True) -> Any:
    """A dense network of a few hundred weights for images of 4 × 4 pixels."""
    import keras

    pixels = keras.Input((4, 4, 1))
    outputs = keras.layers.Dense(classes, activation="softmax")(keras.layers.Flatten()(pixels))
    model = keras.Model(pixels, outputs)
    if compiled:
        model.compile(optimizer=keras.optimizers.Adam(0.05), loss=loss, metrics=["accuracy"])
    return model


def data(count: int = 60, classes: int = 3) -> tuple[np.ndarray, np.ndarray]:
    """Images (count, 4, 4, 1) whose brightness tells their class (count,)."""
    y = np.arange(count) % classes
    x = np.random.default_rng(0).random((count, 4, 4, 1)) * 0.1 + y[:, None, None, None] / classes
    return x.astype(np.float32), y.astype(np.int64)


def one_hot(y: np.ndarray, classes: int = 3) -> np.ndarray:
    return np.eye(classes, dtype=np.float32)[y]
