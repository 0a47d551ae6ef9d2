"""Whether a training can be done otherwise, and nobody could tell."""

from __future__ import annotations

import inspect
from collections.abc import Mapping
from typing import Any

import numpy as np

_OWN = {
    *("__init__", "build", "call", "compute_output_shape", "get_config", "from_config"),
    *("__module__", "__doc__", "__annotations__", "__firstlineno__", "__static_attributes__"),
}
"""What a class of one's own may have in Keras's place: it runs before a training or when a graph is made."""
_HOOKS = tuple(f"on_{what}batch_{when}" for what in ("", "train_", "test_") for when in ("begin", "end"))
_PLAIN = {
    *("Sequential", "Functional", "InputLayer", "Rescaling", "Flatten", "Dense", "Conv2D", "MaxPooling2D"),
    *("Dropout", "BatchNormalization", "Activation", "Softmax"),
}
_PLAIN_ACTIVATIONS = {"linear", "relu", "softmax"}
"""Of these layers TensorFlow's operations give the same, to the last bit, whether it fuses them or not."""
_NOT_IN_LOOPS = {"silu", "hard_silu"}
"""Activations that TensorFlow fuses, but not in a loop over batches, which shows in their last bits."""


def is_usual(model: Any, method: str) -> bool:
    """Whether all that a batch goes through is Keras's own, or runs alone when a graph is made of it.

    Predicting takes nothing of one's own: Keras makes a graph there for batches of a certain length.
    """
    if model._distribute_strategy is not None or not (model.compiled or method == "predict"):
        return False
    if model.compiled:
        if model.run_eagerly or model.jit_compile or model.steps_per_execution != 1:
            return False
        optimizer = model._compile_config.config["optimizer"]
        if not all(map(is_of_keras, (optimizer, getattr(optimizer, "_learning_rate", None)))):
            return False
    if any(_activation(layer) in _NOT_IN_LOOPS for layer in model._flatten_layers()):
        return False
    return all(
        is_of_keras(part) or (method != "predict" and _runs_for_graphs_alone(part)) for part in parts(model)
    )


def parts(model: Any) -> list[Any]:
    """A model, its layers, loss and metrics."""
    found = [model, *model._flatten_layers()]
    if model.compiled:
        for name in ("loss", "metrics", "weighted_metrics"):
            given = model._compile_config.config[name]
            found += given if isinstance(given, (list, tuple)) else [given]
    return found


def is_of_keras(thing: Any) -> bool:
    """Whether Keras has it: nothing, a name, a function or an object, but none that takes a function."""
    if thing is None or isinstance(thing, str):
        return True
    origin = thing if inspect.isfunction(thing) else type(thing)
    return origin.__module__.startswith("keras.") and origin.__name__ not in ("Lambda", "LambdaCallback")


def _runs_for_graphs_alone(thing: Any) -> bool:
    """Whether it is a function, or a layer or model with nothing of its own in Keras's place but _OWN."""
    import keras

    if inspect.isfunction(thing) or type(thing) is keras.layers.Lambda:
        return True
    usual = keras.Model if isinstance(thing, keras.Model) else keras.layers.Layer
    kinds = [kind for kind in type(thing).__mro__ if not issubclass(usual, kind)]
    own = {name for kind in kinds if not kind.__module__.startswith("keras.") for name in vars(kind)}
    return isinstance(thing, usual) and not any(hasattr(usual, name) for name in own - _OWN)


def is_alone_with_a_dataset(model: Any, call: Mapping[str, Any]) -> bool:
    """Whether a model that is Keras's own, with its callbacks, trains on as many batches as a dataset has."""
    import tensorflow as tf

    validation = call["validation_data"]
    datasets = [call["x"]] + ([] if validation is None else [validation])
    return (
        all(isinstance(data, tf.data.Dataset) and data.cardinality() > 0 for data in datasets)
        and call["y"] is None
        and call["sample_weight"] is None
        and all(map(is_of_keras, parts(model) + _callbacks(call)))
        and not _counts_or_looks(call)
    )


def somebody_looks(call: Mapping[str, Any]) -> bool:
    """Whether it could be noticed what happens between batches, or not all is in arrays."""
    validation = call.get("validation_data")
    arrays = [call["x"], call.get("y"), call.get("sample_weight")]
    arrays += validation if isinstance(validation, (list, tuple)) else [validation]
    return (
        call["x"] is None
        or not all(value is None or _is_dense(value) for value in arrays)
        or call.get("shuffle", False) not in (True, False)
        or _counts_or_looks(call)
    )


def _counts_or_looks(call: Mapping[str, Any]) -> bool:
    """Whether numbers of batches are chosen, or aren't numbers, or a callback is called between batches."""
    return (
        any(call.get(steps) is not None for steps in ("steps", "steps_per_epoch", "validation_steps"))
        or not isinstance(call.get("epochs", 1), int)
        or not isinstance(call["batch_size"] or 1, int)
        or any(map(_looks, _callbacks(call)))
    )


def _callbacks(call: Mapping[str, Any]) -> list[Any]:
    given = call["callbacks"] or []
    return list(given) if isinstance(given, (list, tuple)) else [given]


def _is_dense(value: Any) -> bool:
    return type(value) is np.ndarray and value.size > 0 and value.ndim > 0 and value.dtype.kind in "biuf"


def _looks(callback: Any) -> bool:
    """Whether a callback is called between batches, and doesn't say that it could do with fewer calls."""
    import keras

    if not isinstance(callback, keras.callbacks.Callback):
        return True
    usual, own = keras.callbacks.Callback, type(callback)
    called = any(name in vars(callback) or getattr(own, name) is not getattr(usual, name) for name in _HOOKS)
    return called and getattr(own, "needs_every_batch", True)


def is_plain(model: Any) -> bool:
    """Whether all layers are known not to change when operations are fused."""
    return all(
        is_of_keras(layer) and type(layer).__name__ in _PLAIN and _activation(layer) in _PLAIN_ACTIVATIONS
        for layer in model._flatten_layers()
    )


def _activation(layer: Any) -> str:
    return str(getattr(getattr(layer, "activation", None), "__name__", "linear"))
