"""Batches cut from arrays where they are used, in place of Keras's pipeline of datasets.

A pipeline cuts out each batch in threads of its own, which the training waits for; here the function that
trains cuts out its batches itself. Which images are in which batch stays as Keras has it, to the last one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import tensorflow as tf
from keras import tree
from keras.src.trainers.data_adapters import array_slicing
from keras.src.trainers.data_adapters.array_data_adapter import ArrayDataAdapter

from helpers.grading.faster_training import as_if_keras_had_it


class Batches:
    """What Keras's adapter of arrays supplies, as often as one iterates over it: an epoch each time.

    inputs:  tensors of equal length, nested as a train step takes them.
    orders:  a dataset of one element, the order in which an epoch takes the images, int64 (n,).
    size:    images in a batch; the last one has what is left.
    """

    def __init__(self, adapter: ArrayDataAdapter) -> None:
        arrays = array_slicing.convert_to_sliceable(adapter._inputs, target_backend="tensorflow")
        self.inputs = tree.map_structure(tf.convert_to_tensor, tree.lists_to_tuples(arrays))
        self.size = adapter._batch_size
        self.orders = _orders(adapter._num_samples, adapter._shuffle)

    def __iter__(self) -> Iterator[Any]:
        return _Epoch(self)


class _Epoch(Iterator[Any]):
    """How far an epoch has come. Keras makes more than it uses: nothing is done before the first batch."""

    def __init__(self, batches: Batches) -> None:
        self.batches = batches
        self.first: Any = tf.constant(0, tf.int64)
        self._order: Any = None

    def __next__(self) -> Any:
        raise NotImplementedError("Batches are taken by the function that take_several makes.")

    @property
    def order(self) -> Any:
        if self._order is None:
            self._order = next(iter(self.batches.orders))
        return self._order


def take_several(step: Callable[[Any], Any], outcome: Callable[[], Any], batches: int) -> Callable[..., Any]:
    """A function that takes so many batches of an epoch in one call of TensorFlow, and returns the outcome.

    step: what to do with a batch. outcome: its variables are read when the last batch has been taken.
    """

    def multi_step_on_iterator(inputs: Any, order: Any, size: Any, first: Any) -> Any:
        def take(start: Any) -> tuple[Any]:
            rows = order[start : start + size]
            step(tree.map_structure(lambda tensor: tf.gather(tensor, rows, axis=0), inputs))
            return (start + size,)

        end = tf.minimum(first + batches * size, tf.size(order, tf.int64))
        (after,) = tf.while_loop(lambda start: start < end, as_if_keras_had_it(take), [first])
        with tf.control_dependencies([after]):
            return after, outcome()

    take_them = tf.function(
        as_if_keras_had_it(multi_step_on_iterator), reduce_retracing=True, autograph=False
    )

    def function(epoch: _Epoch) -> Any:
        given = epoch.batches
        size = tf.constant(given.size, tf.int64)
        epoch.first, found = take_them(given.inputs, epoch.order, size, epoch.first)
        return found

    made: Callable[..., Any] = as_if_keras_had_it(function)
    return made


def _orders(count: int, shuffle: bool) -> Any:
    """The first steps of Keras's pipeline, in which it shuffles: the same operations draw the same order."""

    @tf.autograph.experimental.do_not_convert
    def permutation(_: Any) -> Any:
        indices = tf.range(count, dtype=tf.int64)
        return tf.random.shuffle(indices) if shuffle else indices

    return tf.data.Dataset.range(1).map(permutation).prefetch(1)
