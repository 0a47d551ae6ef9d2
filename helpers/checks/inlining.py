"""Models of a student's own classes, rewritten into Keras's own layers and operations.

A grader loads models without anybody's code, so a class that only the student's notebook knows can't be
loaded there. Here, in the notebook, such a model is called once on a symbolic image. Keras's layers and
operations note what they are applied to; own classes are stepped into, so nothing of them is left. What comes
out is a functional model that shares its weights with the original, and is verified to predict the same.
"""

from __future__ import annotations

import inspect
import itertools
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np

from helpers.checks.evidence import exported
from helpers.checks.exercise import told
from helpers.checks.items import UnusableReturn
from helpers.checks.observation import is_keras_own

IMAGE_SHAPE = (28, 28, 1)
_SAMPLES = 16
_TOLERANCE = 1e-3


def exported_inlined(model: Any, shape: tuple[int, ...] = IMAGE_SHAPE) -> bytes:
    """The bytes of a .keras file that loads from Keras's own parts, also for a model of one's own classes.

    Args:
        model: a trained Keras model of whatever class.
        shape: that of one image, without the batch axis.

    Raises:
        UnusableReturn: the model can't be rewritten; the message says what stands in the way.
    """
    import keras

    if not _has_own_class(model):
        return exported(model)
    images = np.random.default_rng(0).random((_SAMPLES, *shape), dtype=np.float32)
    expected = _called(model, images)  # builds what isn't built yet, too
    image, output, steps = _traced(model, shape)
    with _names_told_apart(steps):
        functional = keras.Model(image, output, name=model.name)
        if not _alike(_called(functional, images), expected):
            raise UnusableReturn(
                f"What {type(model).__name__} computes doesn't follow from its layers and keras.ops alone, "
                "so it can't be handed over. Its `call` should give the same for the same images each "
                "time: what is random belongs to training alone."
            )
        return exported(functional)


def _has_own_class(layer: Any) -> bool:
    """Whether a layer or model, or anything in it, is of a class that Keras doesn't have."""
    parts = layer._flatten_layers(include_self=True, recursive=True)
    return not all(is_keras_own(type(part)) for part in parts)


def _called(model: Any, images: Any) -> Any:
    import keras

    try:
        output = model(images, training=False)
    except Exception as error:
        shape = images.shape
        raise UnusableReturn(f"The model can't predict images of shape {shape}: {told(error)}") from error
    if not keras.ops.is_tensor(output):
        raise UnusableReturn(f"The model should give one tensor, but it gives a {type(output).__name__}.")
    return keras.ops.convert_to_numpy(output)


def _alike(found: Any, expected: Any) -> bool:
    return found.shape == expected.shape and np.allclose(found, expected, atol=_TOLERANCE, equal_nan=True)


def _traced(model: Any, shape: tuple[int, ...]) -> tuple[Any, Any, list[Any]]:
    """A symbolic image, what the model makes of it, and the steps between them."""
    import keras

    image = keras.Input(shape, name="image")
    try:
        with _own_classes_stepped_into():
            output = model(image, training=False)
        steps = _steps_to(output)
    except Exception as error:
        raise UnusableReturn(
            f"What {type(model).__name__} computes can't be handed over. Use Keras's own layers and "
            "keras.ops alone in `call`: keras.ops.reshape, not tf.reshape; -1 for the number of images. "
            f"({told(error)})"
        ) from error
    return image, output, steps


@contextmanager
def _own_classes_stepped_into() -> Iterator[None]:
    """While this lasts, a layer that has a part of one's own isn't noted as one step: its `call` is run."""
    import keras

    noted = keras.layers.Layer.__call__

    def step(layer: Any, *args: Any, **kwargs: Any) -> Any:
        if not _has_own_class(layer):
            return noted(layer, *args, **kwargs)
        return layer.call(*args, **_accepted(layer, kwargs))

    keras.layers.Layer.__call__ = step
    try:
        yield
    finally:
        keras.layers.Layer.__call__ = noted


def _accepted(layer: Any, kwargs: dict[str, Any]) -> dict[str, Any]:
    """The arguments for a layer's `call`, which need not know `training`; nothing trains here."""
    takes = inspect.signature(layer.call).parameters
    return {name: value for name, value in {**kwargs, "training": False}.items() if name in takes}


@contextmanager
def _names_told_apart(steps: list[Any]) -> Iterator[None]:
    """While this lasts, no two steps have the same name: two blocks may each have called a layer "conv"."""
    before = [step.name for step in steps]
    taken = set(before)
    for number, step in enumerate(steps):
        if step.name in before[:number]:
            step.name = next(name for name in _numbered(step.name) if name not in taken)
            taken.add(step.name)
    try:
        yield
    finally:
        for step, name in zip(steps, before, strict=True):
            step.name = name


def _numbered(name: str) -> Iterator[str]:
    return (f"{name}_{number}" for number in itertools.count(2))


def _steps_to(output: Any) -> list[Any]:
    """The layers and operations that a symbolic output came from, each once."""
    steps: dict[int, Any] = {}
    waiting = [output]
    while waiting:
        step, node_index, _ = waiting.pop()._keras_history
        steps[id(step)] = step
        waiting += step._inbound_nodes[node_index].input_tensors
    return list(steps.values())
