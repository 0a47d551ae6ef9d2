"""Keras set up for a class: trainings take half as long, and end with the same weights to the last bit.

Six things take time without changing what comes out. A pipeline (tf.data) cuts out each batch in threads of
its own and watches itself, to tune itself: the training waits for it, and so do other trainings on the same
cores. Keras comes back to Python after each batch, which for a small network takes as long as the batch
itself. It prepares a training twice, as it meets its optimizer's variables only on the way. TensorFlow,
before a graph runs the first time, looks for memory to be saved in it and for operations to be fused, and
takes it through a second optimizer. Adam goes through all weights twelve times a step. And gradients of
biases and of batch normalisation go through all images more often than they need to.

So nothing is tuned here, graphs go through one optimizer that looks for speed, and where nobody looks in
between (conditions), the variables are made beforehand, one call of TensorFlow takes several batches, in the
same order, from the arrays themselves (batches), and a step has less far to go (adam, biases, normalisation).
Evaluating and predicting do without a pipeline, too.

Meant for processes that run students' notebooks. What it costs and saves is in docs/grading.md.
"""

from __future__ import annotations

import contextlib
import functools
import inspect
from collections.abc import Iterator, Mapping
from contextvars import ContextVar
from typing import Any

from helpers.grading.faster_training.conditions import (
    is_alone_with_a_dataset,
    is_of_keras,
    is_plain,
    is_usual,
    parts,
    somebody_looks,
)
from helpers.grading.faster_training.tracebacks import as_if_keras_had_it

BATCHES_AT_A_TIME = 32
"""That Keras asks for; how many each call of TensorFlow takes is decided on the way."""
BATCHES_OF_A_DATASET = 8
"""Few enough for Python to stop a training of a large network soon, and so many that calling costs little."""

_without_pipeline: ContextVar[Any] = ContextVar("_without_pipeline", default=None)
"""The model that takes its batches itself just now."""
_with_fewer_operations: ContextVar[bool] = ContextVar("_with_fewer_operations", default=False)
"""Whether graphs of the model at work may have other operations with the same result."""


def train_faster() -> None:
    """Imports Keras and changes how its models are trained in this process and in its forks."""
    import keras
    from keras.src.trainers.data_adapters.array_data_adapter import ArrayDataAdapter
    from keras.src.trainers.data_adapters.tf_dataset_adapter import TFDatasetAdapter

    from helpers.grading.faster_training.batches import Batches

    if "fit" in vars(keras.Model):  # it has been called before
        return
    keras.Model.fit = _faster(keras.Model.fit, BATCHES_AT_A_TIME)
    keras.Model.evaluate = _faster(keras.Model.evaluate, BATCHES_AT_A_TIME)
    keras.Model.predict = _faster(keras.Model.predict, 1)
    _skip_passes_over_graphs()
    _take_fewer_operations()
    for adapter in (ArrayDataAdapter, TFDatasetAdapter):
        adapter.get_tf_dataset = _untuned(adapter.get_tf_dataset)
    usual = ArrayDataAdapter.get_tf_dataset

    def get_tf_dataset(self: Any) -> Any:
        return usual(self) if _without_pipeline.get() is None else Batches(self)

    ArrayDataAdapter.get_tf_dataset = as_if_keras_had_it(get_tf_dataset)


def _take_fewer_operations() -> None:
    """Where Keras makes the graph of a training, for Adam's steps and for gradients."""
    import keras
    import tensorflow as tf
    from keras.src.backend.tensorflow import nn
    from tensorflow.python.framework.ops import gradient_registry

    from helpers.grading.faster_training.adam import fused
    from helpers.grading.faster_training.biases import summed_in_order
    from helpers.grading.faster_training.normalisation import moments, normalisation

    def applies() -> bool:
        return _with_fewer_operations.get() and not tf.executing_eagerly()

    keras.optimizers.Adam.update_step = as_if_keras_had_it(fused(keras.optimizers.Adam.update_step, applies))
    nn._compute_moments = as_if_keras_had_it(moments(nn._compute_moments, applies))
    nn.batch_normalization = as_if_keras_had_it(normalisation(nn.batch_normalization))
    of_biases = as_if_keras_had_it(summed_in_order(gradient_registry.lookup("BiasAdd"), applies))
    gradient_registry._registry["BiasAdd"]["type"] = of_biases


def _skip_passes_over_graphs() -> None:
    """Leaves out two things that each graph goes through at first, and that take longer than they save.

    The saving of memory, and the second optimizer (TFG). Trainings end with the same weights without them.
    The first optimizer's two rounds stay: after one alone some trainings don't. There is no public function
    for these settings; the first operation makes them hold.
    """
    from tensorflow.core.protobuf.config_pb2 import ConfigProto
    from tensorflow.core.protobuf.rewriter_config_pb2 import RewriterConfig
    from tensorflow.python.eager import context

    settings = ConfigProto()
    settings.graph_options.rewrite_options.CopyFrom(
        RewriterConfig(memory_optimization=RewriterConfig.NO_MEM_OPT, disable_tfg_optimizer=True)
    )
    context.context()._config = settings


@contextlib.contextmanager
def _fusing(wanted: bool) -> Iterator[None]:
    """Whether TensorFlow looks for operations that could be one (remapping), as a product and its bias."""
    import tensorflow as tf

    before = tf.config.optimizer.get_experimental_options().get("remapping", True)
    tf.config.optimizer.set_experimental_options({"remapping": wanted})
    try:
        yield
    finally:
        tf.config.optimizer.set_experimental_options({"remapping": before})


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
        usually = is_usual(self, name)
        if name == "fit" and usually and is_alone_with_a_dataset(self, call.arguments):
            with _taking_from_a_dataset(self):
                return usual(self, *args, **kwargs)
        if not usually or somebody_looks(call.arguments):
            with _taking(self, None, usually):
                return usual(self, *args, **kwargs)
        if name == "fit" and all(map(is_of_keras, parts(self))):
            _make_variables(self, call.arguments)
        with _taking(self, batches if _give_functions(self) else None, True):
            return usual(self, *args, **kwargs)

    return filter_traceback(as_if_keras_had_it(faster, name))


@contextlib.contextmanager
def _taking(model: Any, batches: int | None, usual: bool) -> Iterator[None]:
    """A model takes so many batches at a time itself; with None, one after the other as Keras does it."""
    before, steps = _without_pipeline.get(), model.steps_per_execution
    fewer = _with_fewer_operations.set(usual)
    _without_pipeline.set(model if batches else None)
    if batches or before is model:
        model.steps_per_execution = batches or 1
    try:
        with _fusing(not is_plain(model)):
            yield
    finally:
        _without_pipeline.set(before)
        _with_fewer_operations.reset(fewer)
        model.steps_per_execution = steps


@contextlib.contextmanager
def _taking_from_a_dataset(model: Any) -> Iterator[None]:
    """Keras takes several batches of a dataset at a time, with functions that it makes for that alone."""
    functions = model.train_function, model.test_function
    with _taking(model, None, True):
        model.train_function = model.test_function = None
        model.steps_per_execution = BATCHES_OF_A_DATASET
        try:
            yield
        finally:
            model.train_function, model.test_function = functions


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


def _make_variables(model: Any, call: Mapping[str, Any]) -> None:
    """Makes the variables of metrics and optimizer now; in the midst of preparing they cost another go."""
    x, y = call["x"], call["y"]
    if model.built and y is not None and call["sample_weight"] is None:
        batch = slice(call["batch_size"] or 32)
        with contextlib.suppress(Exception):  # then Keras says what is wrong with the call
            model._symbolic_build(data_batch=(x[batch], y[batch]))
