"""Keras set up for a class: trainings take half as long, and end with the same weights to the last bit.

Three things take time without changing what comes out. A pipeline (tf.data) cuts out each batch in threads
of its own and watches itself, to tune itself: the training waits for it, and so do other trainings on the
same cores. Keras comes back to Python after each batch, which for a small network takes as long as the batch
itself. And it prepares a training twice, as it meets its optimizer's variables only on the way. So nothing is
tuned here, and where nobody looks in between, the variables are made beforehand, and one call of TensorFlow
takes several batches, in the same order, from the arrays themselves.

Meant for processes that run students' notebooks. What it costs and saves is in docs/grading.md.
"""

from __future__ import annotations

import contextlib
import functools
import inspect
from collections.abc import Mapping
from contextvars import ContextVar
from typing import Any

import numpy as np

BATCHES_AT_A_TIME = 8
"""More would save hardly more, and Python can stop a training only in between."""

WORTHWHILE_BATCHES = 500
"""Of a whole training; preparing one that takes several at a time takes a tenth of a second more."""

_HOOKS = tuple(f"on_{what}batch_{when}" for what in ("", "train_", "test_") for when in ("begin", "end"))
_FUNCTIONS = "train_function", "test_function", "predict_function"  # which Keras makes for a number of steps
_NOT_MADE = (None,) * len(_FUNCTIONS)
_KEPT = "_functions_for_several"
_takes_several: ContextVar[bool] = ContextVar("_takes_several", default=False)


def train_faster() -> None:
    """Imports Keras and changes how its models are trained in this process and in its forks."""
    import keras
    from keras.src.trainers.data_adapters.array_data_adapter import ArrayDataAdapter
    from keras.src.trainers.data_adapters.tf_dataset_adapter import TFDatasetAdapter

    if "fit" in vars(keras.Model):  # it has been called before
        return
    keras.Model.fit = _taking_several(keras.Model.fit)
    for adapter in (ArrayDataAdapter, TFDatasetAdapter):
        adapter.get_tf_dataset = _untuned(adapter.get_tf_dataset)
    ArrayDataAdapter.get_tf_dataset = _without_pipeline(ArrayDataAdapter.get_tf_dataset)


def _untuned(get_tf_dataset: Any) -> Any:
    import tensorflow as tf

    options = tf.data.Options()
    options.autotune.enabled = False

    def get_untuned_tf_dataset(self: Any) -> Any:
        return get_tf_dataset(self).with_options(options)

    return as_if_keras_had_it(get_untuned_tf_dataset, get_tf_dataset.__name__)


def _without_pipeline(get_tf_dataset: Any) -> Any:
    """Batches in place of a dataset where a training takes several; it is the first to ask for one."""
    from helpers.grading.batches import Batches

    def get_batches(self: Any) -> Any:
        if _takes_several.get():
            _takes_several.set(False)
            return Batches(self)
        return get_tf_dataset(self)

    return as_if_keras_had_it(get_batches, get_tf_dataset.__name__)


def _taking_several(fit: Any) -> Any:
    """Keras's fit, but that it takes several batches at a time where nobody looks in between."""
    from keras.src.utils.traceback_utils import filter_traceback

    usual = fit.__wrapped__  # without the filter of tracebacks, which comes around the whole again
    signature = inspect.signature(usual)

    @functools.wraps(usual)
    def taking_several(self: Any, *args: Any, **kwargs: Any) -> Any:
        try:
            call = signature.bind(self, *args, **kwargs)
        except TypeError:
            return usual(self, *args, **kwargs)  # and Keras says what is wrong with the call
        call.apply_defaults()
        if not _is_keras_alone(self) or _somebody_looks(call.arguments):
            return usual(self, *args, **kwargs)
        _make_variables(self, call.arguments)
        if _batches(call.arguments) < WORTHWHILE_BATCHES:
            return usual(self, *args, **kwargs)
        compiled = self._compile_config
        one_at_a_time = _functions(self)
        kept = vars(self).get(_KEPT)
        _set_functions(self, kept[1] if kept and kept[0] is compiled else _NOT_MADE)
        self.train_function = self.train_function or _train_function(self)
        self.steps_per_execution = BATCHES_AT_A_TIME
        _takes_several.set(True)
        try:
            return usual(self, *args, **kwargs)
        finally:
            _takes_several.set(False)
            if self._compile_config is compiled:
                vars(self)[_KEPT] = compiled, _functions(self)
                _set_functions(self, one_at_a_time)
                self.steps_per_execution = 1

    return filter_traceback(as_if_keras_had_it(taking_several, usual.__name__))


def _train_function(model: Any) -> Any:
    """Keras's train step, for several batches in one call."""
    from helpers.grading.batches import take_several

    def step(batch: Any) -> None:
        model.distribute_strategy.run(model.train_step, args=(batch,))

    return take_several(as_if_keras_had_it(step), model.get_metrics_result, BATCHES_AT_A_TIME)


def _functions(model: Any) -> tuple[Any, ...]:
    return tuple(getattr(model, name) for name in _FUNCTIONS)


def _set_functions(model: Any, functions: tuple[Any, ...]) -> None:
    for name, function in zip(_FUNCTIONS, functions, strict=True):
        setattr(model, name, function)


def as_if_keras_had_it(function: Any, name: str | None = None) -> Any:
    """The function, which tracebacks leave out as they leave out Keras's own: a mistake isn't made here."""
    from keras.src.backend.tensorflow import trainer

    code = function.__code__
    function.__code__ = code.replace(co_filename=trainer.__file__, co_name=name or code.co_name)
    return function


def _is_keras_alone(model: Any) -> bool:
    """Whether model, layers, loss and metrics are Keras's own: other people's code could notice."""
    if not getattr(model, "compiled", False) or model.run_eagerly or model.jit_compile:
        return False
    if model.steps_per_execution != 1 or model._distribute_strategy is not None:
        return False
    settings = model._compile_config.config
    optimizer = settings["optimizer"]
    parts = [*model._flatten_layers(), optimizer, getattr(optimizer, "_learning_rate", None)]
    for name in ("loss", "metrics", "weighted_metrics"):
        given = settings[name]
        parts += given if isinstance(given, (list, tuple)) else [given]
    return all(part is None or isinstance(part, str) or _is_of_keras(part) for part in parts)


def _is_of_keras(thing: Any) -> bool:
    origin = thing if inspect.isfunction(thing) else type(thing)
    return origin.__module__.startswith("keras.") and origin.__name__ != "Lambda"


def _somebody_looks(call: Mapping[str, Any]) -> bool:
    """Whether it could be noticed what happens between batches, or how many there are isn't known."""
    import keras

    validation = call["validation_data"]
    arrays = [call["x"], call["y"], call["sample_weight"]]
    arrays += validation if isinstance(validation, (list, tuple)) else [validation]
    callbacks = call["callbacks"] or []
    return (
        any(value is not None for value in (call["steps_per_epoch"], call["validation_steps"]))
        or not all(
            value is None or (type(value) is np.ndarray and value.ndim and value.dtype != object)
            for value in arrays
        )
        or call["x"] is None
        or call["shuffle"] not in (True, False)
        or not isinstance(call["epochs"], int)
        or not isinstance(call["batch_size"] or 1, int)
        or any(
            not isinstance(one, keras.callbacks.Callback) or _looks(one)
            for one in (callbacks if isinstance(callbacks, (list, tuple)) else [callbacks])
        )
    )


def _looks(callback: Any) -> bool:
    """Whether a callback is called between batches, and doesn't say that it could do with fewer calls."""
    import keras

    usual, own = keras.callbacks.Callback, type(callback)
    called = any(name in vars(callback) or getattr(own, name) is not getattr(usual, name) for name in _HOOKS)
    return called and getattr(own, "needs_every_batch", True)


def _batches(call: Mapping[str, Any]) -> float:
    """How many batches a training takes, roughly; its x is an array."""
    return float(len(call["x"]) / (call["batch_size"] or 32) * call["epochs"])


def _make_variables(model: Any, call: Mapping[str, Any]) -> None:
    """Makes the variables of metrics and optimizer now; in the midst of preparing they cost another go."""
    x, y = call["x"], call["y"]
    if model.built and y is not None and call["sample_weight"] is None:
        batch = slice(call["batch_size"] or 32)
        with contextlib.suppress(Exception):  # then Keras says what is wrong with the call
            model._symbolic_build(data_batch=(x[batch], y[batch]))
