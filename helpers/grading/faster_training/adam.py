"""Adam's step in six operations for each variable in place of twelve, with the same result to the last bit.

Keras writes the step with an operation of TensorFlow's for each sign in the formula (Kingma & Ba 2015,
algorithm 1), and each goes through memory once; the rate is worked out anew for each variable. Here the same
arithmetic is in operations that TensorFlow has for other optimizers: gradient descent on the two moments,
towards the gradient and its square, and Adagrad's division by a root on the variable itself.
"""

from __future__ import annotations

import functools
import platform
from collections.abc import Callable
from typing import Any
from weakref import WeakKeyDictionary

import tensorflow as tf
from keras import ops

_same_arithmetic = platform.machine() == "x86_64"  # elsewhere compilers may fuse what is rounded here
_rates: WeakKeyDictionary[Any, dict[int, tuple[Any, Any]]] = WeakKeyDictionary()


def fused(update_step: Callable[..., None], applies: Callable[[], bool]) -> Callable[..., None]:
    """Adam.update_step, in fewer operations where `applies` says so and the result is known to be the same.

    Called for each variable while a graph is made, as Keras does it.
    """

    @functools.wraps(update_step)
    def step(self: Any, gradient: Any, variable: Any, learning_rate: Any) -> None:
        constants = (self.beta_1, self.beta_2, self.epsilon)
        if (
            not applies()
            or not _same_arithmetic
            or self.amsgrad
            or not isinstance(gradient, tf.Tensor)  # those of embeddings have rows alone
            or not gradient.dtype == variable.dtype == tf.float32
            or not all(type(constant) is float for constant in constants)
        ):
            update_step(self, gradient, variable, learning_rate)
            return
        index = self._get_variable_index(variable)
        first, second = self._momentums[index].value, self._velocities[index].value
        _approach(first, gradient, 1 - self.beta_1)
        _approach(second, tf.square(gradient), 1 - self.beta_2)
        tf.raw_ops.ResourceApplyAdagradV2(
            var=variable.handle,
            accum=second.handle,
            lr=_rate(self, learning_rate),
            epsilon=tf.constant(self.epsilon, tf.float32),
            grad=first.read_value(),
            update_slots=False,
        )

    return step


def _approach(moment: Any, target: Any, share: float) -> None:
    """moment += (target - moment) * share"""
    tf.raw_ops.ResourceApplyGradientDescent(
        var=moment.handle, alpha=tf.constant(-share, tf.float32), delta=target - moment
    )


def _rate(optimizer: Any, learning_rate: Any) -> Any:
    """Adam's rate in this step, corrected for moments that began at zero; the same for all variables."""
    known = _rates.setdefault(tf.compat.v1.get_default_graph(), {})
    if id(learning_rate) not in known:
        step = ops.cast(optimizer.iterations + 1, tf.float32)
        power_1, power_2 = (
            ops.power(ops.cast(beta, tf.float32), step) for beta in (optimizer.beta_1, optimizer.beta_2)
        )
        rate = ops.cast(learning_rate, tf.float32) * ops.sqrt(1 - power_2) / (1 - power_1)
        known[id(learning_rate)] = learning_rate, rate  # the first is kept, so its id stays its own
    return known[id(learning_rate)][1]
