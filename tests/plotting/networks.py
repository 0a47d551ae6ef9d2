"""A small convolutional network to draw."""

from __future__ import annotations

from typing import Any


def convolutional(name: str = "small") -> Any:
    """Conv2D (4 kernels), batch normalisation, ReLU, pooling, Conv2D (6), flatten, dropout, Dense."""
    import keras
    from keras import layers

    return keras.Sequential(
        [
            keras.Input((12, 12, 1)),
            layers.Conv2D(4, 3, use_bias=False, name="first"),
            layers.BatchNormalization(name="normalise"),
            layers.ReLU(name="relu"),
            layers.MaxPooling2D(name="pool"),
            layers.Conv2D(6, 3, activation="relu", name="second"),
            layers.Flatten(name="flatten"),
            layers.Dropout(0.25, name="dropout"),
            layers.Dense(3, activation="softmax", name="answer"),
        ],
        name=name,
    )
