"""Batches cut from arrays where they are used, in place of Keras's pipeline of datasets.

A pipeline is made anew for each training, evaluation and prediction, which takes longer than to predict two
thousand digits, and cuts out each batch in threads of its own, which the training waits for. Here the
function that takes a batch cuts it out itself. Which images are in which batch stays as Keras has it.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from functools import cache
from typing import Any

import numpy as np
import tensorflow as tf
from keras import tree
from keras.src.trainers.data_adapters import array_slicing
from keras.src.trainers.data_adapters.array_data_adapter import ArrayDataAdapter
from tensorflow.python.eager import context
from tensorflow.python.framework import ops

from helpers.grading.faster_training.tracebacks import as_if_keras_had_it

_SECONDS_A_CALL = 0.2
_MOST_GROWTH = 8  # from one call to the next


class Batches:
    """What Keras's adapter of arrays supplies, as often as one iterates over it: an epoch each time.

    inputs:  tensors of equal length, nested as a step of Keras takes them.
    count:   their length.
    size:    images in a batch; the last one has what is left.
    order:   gives the order in which the next epoch takes the images, int64 (n,); None as they are.
    kind:    the same for batches that the same function can take.
    """

    def __init__(self, adapter: ArrayDataAdapter) -> None:
        arrays = array_slicing.convert_to_sliceable(adapter._inputs, target_backend="tensorflow")
        self.inputs = tree.map_structure(_as_tensor, tree.lists_to_tuples(arrays))
        self.count = adapter._num_samples
        self.size = adapter._batch_size
        self.order = _orders(self.count) if adapter._shuffle else None
        self.kind = repr((tree.map_structure(_of_any_length, self.inputs), adapter._shuffle))

    def __iter__(self) -> Iterator[Any]:
        return _Epoch(self)


class _Epoch(Iterator[Any]):
    """How far an epoch has come. Keras makes more than it uses: nothing is done before the first batch.

    asked:   how many batches Keras has asked for.
    taken:   how many have been handed out, which may be more.
    outcome: what the function that took the last ones gave.
    """

    def __init__(self, batches: Batches) -> None:
        self._batches = batches
        self._first = 0
        self._order: Any = None
        self.asked = self.taken = 0
        self.outcome: Any = None

    def __next__(self) -> _Epoch:
        """Itself: Keras, when it predicts, asks for a batch and hands it over."""
        if self.is_over():
            raise StopIteration
        return self

    def is_over(self) -> bool:
        """Whether all images have been taken."""
        return bool(self._first >= self._batches.count)

    def next(self, batches: int) -> tuple[Any, ...]:
        """What a function of _compiled needs for the next batches."""
        given = self._batches
        if given.order is not None and self._order is None:
            self._order = given.order()
        first, self._first = self._first, min(self._first + batches * given.size, given.count)
        self.taken += -(-(self._first - first) // given.size)
        places = (tf.constant(place, tf.int64) for place in (first, self._first, given.size))
        return given.kind, given.inputs, self._order, *places


class Pace:
    """How many batches one call of TensorFlow takes: what it gets through in a fifth of a second.

    A call costs as much as several batches of a small network; but only between calls can Python stop a
    training, be it one of a large network. The first call prepares all, and seems slow.
    """

    def __init__(self) -> None:
        self.batches = 1

    def adapt(self, taken: int, seconds: float) -> None:
        """To how many batches the last call took, and for how long."""
        fitting = int(taken * _SECONDS_A_CALL / max(seconds, 1e-6))
        self.batches = max(1, min(fitting, self.batches * _MOST_GROWTH))


def take_several(step: Callable[[Any], Any], outcome: Callable[[], Any], batches: int) -> Callable[..., Any]:
    """A function that takes batches of an epoch in few calls of TensorFlow, and returns the outcome.

    step: what to do with a batch. outcome: what its variables hold when the last batch has been taken.
    batches: how many Keras asks for at a time. As nobody looks in between, more may have been taken.
    """

    def multi_step_on_iterator(inputs: Any, order: Any, first: Any, last: Any, size: Any) -> Any:
        def take(start: Any) -> tuple[Any]:
            with tf.compat.v1.get_default_graph().name_scope(None):
                step(_cut(inputs, order, start, tf.minimum(start + size, last), "0"))
            return (start + size,)

        tf.while_loop(lambda start: start < last, as_if_keras_had_it(take), [first])
        return outcome()

    compiled, pace = _compiled(multi_step_on_iterator), Pace()

    def several(epoch: _Epoch) -> Any:
        epoch.asked += batches
        while epoch.taken < epoch.asked and not epoch.is_over():
            before, started = epoch.taken, time.monotonic()
            epoch.outcome = compiled(*epoch.next(pace.batches))
            pace.adapt(epoch.taken - before, time.monotonic() - started)
        return epoch.outcome

    return as_if_keras_had_it(several)


def take_one(step: Callable[[Any], Any]) -> Callable[..., Any]:
    """A function that takes one batch of an epoch, as Keras hands it over when it predicts."""

    def one_step_on_data_distributed(inputs: Any, order: Any, first: Any, last: Any, size: Any) -> Any:
        return step(_cut(inputs, order, first, last, "data"))

    compiled = _compiled(one_step_on_data_distributed)
    return as_if_keras_had_it(lambda data: compiled(*data[0].next(1)))


def either(own: Callable[..., Any], model: Any, name: str) -> bool:
    """Sets model's function of this name: our own for epochs of Batches, else Keras's, which is made late.

    Keras drops its functions when a model is compiled anew, and with them go ours. False where ours is there
    and of no use: it has been made for other layers than the model has now.
    """
    keras_function, layers = getattr(model, name), model._flatten_layers()
    if hasattr(keras_function, "made_for"):
        return list(map(id, keras_function.made_for)) == list(map(id, layers))
    make = getattr(model, f"make_{name}")

    def function(data: Any) -> Any:
        nonlocal keras_function
        if isinstance(data[0] if isinstance(data, list) else data, _Epoch):
            return own(data)
        if keras_function is None:
            make(force=True)
            keras_function = getattr(model, name)
            setattr(model, name, made)
        return keras_function(data)

    function.made_for = layers  # type: ignore[attr-defined]
    made = as_if_keras_had_it(function)
    setattr(model, name, made)
    return True


def _as_tensor(array: Any) -> Any:
    """An array as a tensor, in its own memory where that begins at a multiple of 64 bytes (datasets.load).

    TensorFlow itself would copy it twice, for somebody might change it later. Nobody can while this is used.
    """
    if type(array) is not np.ndarray or not array.flags.c_contiguous:
        return tf.convert_to_tensor(array)
    context.ensure_initialized()
    return ops.EagerTensor(array, context.context().device_name, None)


def _cut(inputs: Any, order: Any, first: Any, last: Any, name: str) -> Any:
    """A batch, by operations in a scope of this name.

    TensorFlow adds more than two tensors up in the order of their operations' names, after changes that
    depend on known shapes: those here must have the place of those by which Keras cuts out batches, and their
    shape.
    """

    def cut(tensor: Any) -> Any:
        rows = tensor[first:last] if order is None else tf.gather(tensor, order[first:last], axis=0)
        return tf.ensure_shape(rows, [None, *tensor.shape[1:]])

    with tf.name_scope(name):
        return tree.map_structure(cut, inputs)


def _compiled(function: Callable[..., Any]) -> Callable[..., Any]:
    """A function of TensorFlow, prepared once for all tensors that differ in length alone."""
    compiled = tf.function(as_if_keras_had_it(function), autograph=False)
    prepared: dict[str, Any] = {}

    def call(kind: str, *arguments: Any) -> Any:
        if kind not in prepared:
            any_length = tree.map_structure(_of_any_length, arguments)
            prepared[kind] = compiled.get_concrete_function(*any_length)
        return prepared[kind](*arguments)

    return as_if_keras_had_it(call)


def _of_any_length(tensor: Any) -> Any:
    return tensor if tensor is None else tf.TensorSpec([None, *tensor.shape[1:]][: tensor.ndim], tensor.dtype)


def _orders(count: int) -> Callable[[], Any]:
    """The order of each epoch, which in Keras a pipeline draws that is made anew for it.

    Here a function is, and so it draws the same: where a seed is set, that of the first operation in a new
    graph; all epochs of a training then have the same order.
    """

    def permutation() -> Any:
        return tf.random.shuffle(tf.range(count, dtype=tf.int64))

    drawn = tf.function(as_if_keras_had_it(permutation), autograph=False)
    return drawn if context.global_seed() is None else cache(drawn)
