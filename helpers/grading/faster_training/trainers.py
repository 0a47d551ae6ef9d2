"""Keras set up for a class: trainings take half as long, and end with the same weights to the last bit.

Five things take time without changing what comes out. A pipeline (tf.data) cuts out each batch in threads
of its own and watches itself, to tune itself: the training waits for it, and so do other trainings on the
same cores. Keras comes back to Python after each batch, which for a small network takes as long as the
batch itself. It prepares a training twice, as it meets its optimizer's variables only on the way.
TensorFlow, before a graph runs the first time, looks for memory to be saved in it and for operations to be
fused, and takes it through a second optimizer. And Adam goes through all weights twelve times a step. So
nothing is tuned here, graphs go through one optimizer that looks for speed, and where nobody looks in
between, the variables are made beforehand, one call of TensorFlow takes several batches, in the same order,
from the arrays themselves (helpers.grading.faster_training.batches), and Adam has half as far to go
(helpers.grading.faster_training.adam). Evaluating and predicting do without a pipeline, too.

Meant for processes that run students' notebooks. What it costs and saves is in docs/grading.md.
"""

from __future__ import annotations

import contextlib
import functools
import inspect
from collections.abc import Iterator, Mapping
from contextvars import ContextVar
from typing import Any

import numpy as np

from helpers.grading.faster_training.tracebacks import as_if_keras_had_it

BATCHES_AT_A_TIME = 32
"""That Keras asks for; how many each call of TensorFlow takes is decided on the way."""

_OWN = {
    *("__init__", "build", "call", "compute_output_shape", "get_config", "from_config"),
    *("__module__", "__doc__", "__annotations__", "__firstlineno__", "__static_attributes__"),
}
"""What a class of one's own may have in Keras's place: it runs before a training or when a graph is made."""
_HOOKS = tuple(f"on_{what}batch_{when}" for what in ("", "train_", "test_") for when in ("begin", "end"))
_without_pipeline: ContextVar[Any] = ContextVar("_without_pipeline", default=None)
"""The model that takes its batches itself just now."""


def train_faster() -> None:
    """Imports Keras and changes how its models are trained in this process and in its forks."""
    import keras
    from keras.src.trainers.data_adapters.array_data_adapter import ArrayDataAdapter
    from keras.src.trainers.data_adapters.tf_dataset_adapter import TFDatasetAdapter

    from helpers.grading.faster_training.adam import fused
    from helpers.grading.faster_training.batches import Batches

    if "fit" in vars(keras.Model):  # it has been called before
        return
    keras.Model.fit = _faster(keras.Model.fit, BATCHES_AT_A_TIME)
    keras.Model.evaluate = _faster(keras.Model.evaluate, BATCHES_AT_A_TIME)
    keras.Model.predict = _faster(keras.Model.predict, 1)
    _skip_passes_over_graphs()
    step = fused(keras.optimizers.Adam.update_step, lambda: _without_pipeline.get() is not None)
    keras.optimizers.Adam.update_step = as_if_keras_had_it(step)
    for adapter in (ArrayDataAdapter, TFDatasetAdapter):
        adapter.get_tf_dataset = _untuned(adapter.get_tf_dataset)
    usual = ArrayDataAdapter.get_tf_dataset

    def get_tf_dataset(self: Any) -> Any:
        return usual(self) if _without_pipeline.get() is None else Batches(self)

    ArrayDataAdapter.get_tf_dataset = as_if_keras_had_it(get_tf_dataset)


def _skip_passes_over_graphs() -> None:
    """Leaves out three things that each graph goes through at first, and that take longer than they save.

    The saving of memory, the second optimizer (TFG), and the search for operations that could be one
    (remapping), as a convolution and its bias: fused ones are not faster here. Trainings end with the same
    weights without them. The first optimizer's two rounds stay: after one alone some trainings don't. There
    is no public function for these settings; the first operation makes them hold.
    """
    from tensorflow.core.protobuf.config_pb2 import ConfigProto
    from tensorflow.core.protobuf.rewriter_config_pb2 import RewriterConfig
    from tensorflow.python.eager import context

    settings = ConfigProto()
    settings.graph_options.rewrite_options.CopyFrom(
        RewriterConfig(
            memory_optimization=RewriterConfig.NO_MEM_OPT,
            disable_tfg_optimizer=True,
            remapping=RewriterConfig.OFF,
        )
    )
    context.context()._config = settings


def _untuned(get_tf_dataset: Any) -> Any:
    import tensorflow as tf

    options = tf.data.Options()
    options.autotune.enabled = False

    def get_untuned_tf_dataset(self: Any) -> Any:
        return get_tf_dataset(self).with_options(options)

    return as_if_keras_had_it(get_untuned_tf_dataset, get_tf_dataset.__name__)


def _faster(method: Any, batches: int) -> Any:
    """A method of Keras's models, but that it takes so many batches at once where nobody looks in between."""
    from keras.src.utils.traceback_utils import filter_traceback

    usual = method.__wrapped__  # without the filter of tracebacks, which comes around the whole again
    name, signature = usual.__name__, inspect.signature(usual)

    @functools.wraps(usual)
    def faster(self: Any, *args: Any, **kwargs: Any) -> Any:
        try:
            call = signature.bind(self, *args, **kwargs)
        except TypeError:
            return usual(self, *args, **kwargs)  # and Keras says what is wrong with the call
        call.apply_defaults()
        if call.arguments.get("kwargs"):  # a training evaluates, and has prepared everything
            return usual(self, *args, **kwargs)
        if not _can_take_several(self, name) or _somebody_looks(call.arguments):
            with _taking(self, None):
                return usual(self, *args, **kwargs)
        if name == "fit" and all(map(_is_of_keras, _parts(self))):
            _make_variables(self, call.arguments)
        with _taking(self, batches if _give_functions(self) else None):
            return usual(self, *args, **kwargs)

    return filter_traceback(as_if_keras_had_it(faster, name))


@contextlib.contextmanager
def _taking(model: Any, batches: int | None) -> Iterator[None]:
    """A model takes so many batches at a time itself; with None, one after the other as Keras does it."""
    before, steps = _without_pipeline.get(), model.steps_per_execution
    _without_pipeline.set(model if batches else None)
    if batches or before is model:
        model.steps_per_execution = batches or 1
    try:
        yield
    finally:
        _without_pipeline.set(before)
        model.steps_per_execution = steps


def _give_functions(model: Any) -> bool:
    """What Keras calls for its batches: functions that take them themselves, and its own for all else.

    False where layers have come or gone since they were made.
    """
    from helpers.grading.faster_training.batches import either, take_one, take_several

    def step(name: str) -> Any:
        def on_each_device(batch: Any) -> Any:
            return model.distribute_strategy.run(getattr(model, name), args=(batch,))

        return as_if_keras_had_it(on_each_device)

    several = {
        name: take_several(step(f"{name}_step"), model.get_metrics_result, BATCHES_AT_A_TIME)
        for name in ("train", "test")
    }
    functions = several | {"predict": take_one(step("predict_step"))}
    return all(either(own, model, f"{name}_function") for name, own in functions.items())


def _can_take_several(model: Any, method: str) -> bool:
    """Whether all that a batch goes through is Keras's own, or runs alone when a graph is made of it.

    Predicting takes nothing of one's own: Keras makes a graph there for batches of a certain length.
    """
    if model._distribute_strategy is not None or not (model.compiled or method == "predict"):
        return False
    if model.compiled:
        if model.run_eagerly or model.jit_compile or model.steps_per_execution != 1:
            return False
        optimizer = model._compile_config.config["optimizer"]
        if not all(map(_is_of_keras, (optimizer, getattr(optimizer, "_learning_rate", None)))):
            return False
    return all(
        _is_of_keras(part) or (method != "predict" and _runs_for_graphs_alone(part)) for part in _parts(model)
    )


def _parts(model: Any) -> list[Any]:
    """A model, its layers, loss and metrics."""
    parts = [model, *model._flatten_layers()]
    if model.compiled:
        for name in ("loss", "metrics", "weighted_metrics"):
            given = model._compile_config.config[name]
            parts += given if isinstance(given, (list, tuple)) else [given]
    return parts


def _is_of_keras(thing: Any) -> bool:
    if thing is None or isinstance(thing, str):
        return True
    origin = thing if inspect.isfunction(thing) else type(thing)
    return origin.__module__.startswith("keras.") and origin.__name__ != "Lambda"


def _runs_for_graphs_alone(thing: Any) -> bool:
    """Whether it is a function, or a layer or model with nothing of its own in Keras's place but _OWN."""
    import keras

    if inspect.isfunction(thing) or type(thing) is keras.layers.Lambda:
        return True
    usual = keras.Model if isinstance(thing, keras.Model) else keras.layers.Layer
    kinds = [kind for kind in type(thing).__mro__ if not issubclass(usual, kind)]
    own = {name for kind in kinds if not kind.__module__.startswith("keras.") for name in vars(kind)}
    return isinstance(thing, usual) and not any(hasattr(usual, name) for name in own - _OWN)


def _somebody_looks(call: Mapping[str, Any]) -> bool:
    """Whether it could be noticed what happens between batches, or how many there are isn't known."""
    import keras

    validation = call.get("validation_data")
    arrays = [call["x"], call.get("y"), call.get("sample_weight")]
    arrays += validation if isinstance(validation, (list, tuple)) else [validation]
    callbacks = call["callbacks"] or []
    return (
        any(call.get(steps) is not None for steps in ("steps", "steps_per_epoch", "validation_steps"))
        or call["x"] is None
        or not all(value is None or _is_dense(value) for value in arrays)
        or call.get("shuffle", False) not in (True, False)
        or not isinstance(call.get("epochs", 1), int)
        or not isinstance(call["batch_size"] or 1, int)
        or any(
            not isinstance(one, keras.callbacks.Callback) or _looks(one)
            for one in (callbacks if isinstance(callbacks, (list, tuple)) else [callbacks])
        )
    )


def _is_dense(value: Any) -> bool:
    return type(value) is np.ndarray and value.size > 0 and value.ndim > 0 and value.dtype.kind in "biuf"


def _looks(callback: Any) -> bool:
    """Whether a callback is called between batches, and doesn't say that it could do with fewer calls."""
    import keras

    usual, own = keras.callbacks.Callback, type(callback)
    called = any(name in vars(callback) or getattr(own, name) is not getattr(usual, name) for name in _HOOKS)
    return called and getattr(own, "needs_every_batch", True)


def _make_variables(model: Any, call: Mapping[str, Any]) -> None:
    """Makes the variables of metrics and optimizer now; in the midst of preparing they cost another go."""
    x, y = call["x"], call["y"]
    if model.built and y is not None and call["sample_weight"] is None:
        batch = slice(call["batch_size"] or 32)
        with contextlib.suppress(Exception):  # then Keras says what is wrong with the call
            model._symbolic_build(data_batch=(x[batch], y[batch]))
