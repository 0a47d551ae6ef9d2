"""Gradients of convolutions' biases, with the same result to the last bit.

A bias's gradient is the sum of what comes back to its channel. TensorFlow has oneDNN add it up along with the
gradient of the convolution's filters, one number after the other, which for a first convolution takes longer
than those filters. A product with a vector of ones takes the same sum in the same order.
"""

from __future__ import annotations

import functools
import os
import platform
from collections.abc import Callable
from typing import Any

import tensorflow as tf

_sums_in_order = platform.machine() == "x86_64"  # elsewhere they may be taken in another


def summed_in_order(usual: Callable[..., Any], applies: Callable[[], bool]) -> Callable[..., Any]:
    """The gradient function of BiasAdd, by a product where `applies` says so and the result is the same."""

    @functools.wraps(usual)
    def gradients(operation: Any, gradient: Any) -> Any:
        shape = gradient.shape
        if (
            not applies()
            or not _sums_in_order
            or not _on_one_thread()
            or shape.rank != 4  # not a convolution's
            or shape[-1] in (None, 1)
            or gradient.dtype != tf.float32
            or operation.get_attr("data_format") != b"NHWC"
        ):
            return usual(operation, gradient)
        rows = tf.reshape(gradient, [-1, shape[-1]])
        ones = tf.ones([1, tf.shape(rows)[0]])
        return gradient, tf.reshape(tf.matmul(ones, rows), [shape[-1]], name="BiasAddGrad")

    return gradients


def _on_one_thread() -> bool:
    """Whether nobody has TensorFlow split an operation up; then the sums of parts would be added."""
    chosen = tf.config.threading.get_intra_op_parallelism_threads()
    return bool(chosen == 1 or (chosen == 0 and os.environ.get("TF_NUM_INTRAOP_THREADS") == "1"))
