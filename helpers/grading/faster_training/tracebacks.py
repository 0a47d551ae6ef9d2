"""Functions that stand in for Keras's own look like them in a student's traceback: they aren't in it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

_Function = TypeVar("_Function", bound=Callable[..., Any])


def as_if_keras_had_it(function: _Function, name: str | None = None) -> _Function:
    """The function, which tracebacks leave out as they leave out Keras's own: a mistake isn't made here."""
    from keras.src.backend.tensorflow import trainer

    code = function.__code__
    function.__code__ = code.replace(co_filename=trainer.__file__, co_name=name or code.co_name)
    return function
