"""Small Keras models, good and broken, made without training."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from helpers.checks.evidence import exported


def sequential(*layers: Any, shape: tuple[int, ...] = (28, 28, 1)) -> Any:
    """A Sequential model of the given layers."""
    import keras

    return keras.Sequential([keras.Input(shape), *layers])


def dense(units: Sequence[int] = (8, 10), last: str | None = "softmax") -> Any:
    """A dense network with relu between, `last` at the end."""
    import keras

    stack = [keras.layers.Flatten()]
    stack += [keras.layers.Dense(n, activation="relu") for n in units[:-1]]
    return sequential(*stack, keras.layers.Dense(units[-1], activation=last))


def as_file(model: Any) -> bytes:
    """What a student's notebook hands over."""
    return exported(model)
