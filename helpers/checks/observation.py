"""What can be seen of a model without knowing any label: its layers, its size and its predictions.

A student's notebook observes the exported file in its own kernel; a grader does so in a process of its own
(helpers.grading). The judge sees an Observation in both, so both judge alike.
"""

from __future__ import annotations

import tempfile
import textwrap
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from helpers.checks.evidence import Arrays
from helpers.checks.weights import Weight, weights_of

_BATCH = 500
_LONG = 64  # numbers in a list; what layers are usually told is shorter
# Where Keras keeps what a model is made of; its wrappers of other frameworks' code lie elsewhere.
_KERAS_ITSELF = ("keras.src.layers.", "keras.src.models.", "keras.src.ops.", "keras.src.activations.")


@dataclass(frozen=True)
class Observation:
    """A model as seen from outside.

    problem:      why it can't be used, in a sentence; "" where it can.
    layers:       class names of all layers, nested and wrapped ones too, without models and inputs; then
                  those of plain operations (keras.ops) between layers.
    parameters:   trainable and frozen ones together, and arrays that are fixed between layers.
    input_shape:  without the batch axis, e.g. (28, 28, 1).
    predictions:  by name of the images that were given, e.g. {"unseen": float array (n, classes)}.
    weights:      of each array, in the model's own order, whether it is still what it was.
    """

    problem: str = ""
    layers: tuple[str, ...] = ()
    parameters: int = 0
    input_shape: tuple[int | None, ...] = ()
    predictions: Arrays = field(default_factory=dict)
    weights: tuple[Weight, ...] = ()


def observe(exported: bytes, images: Arrays) -> Observation:
    """Loads the bytes of a .keras file, observes the model on named batches of images.

    Images are float32 (n, 28, 28, 1) in [0, 1]. The model is loaded in safe mode, from Keras's own layers
    alone. Whatever it does wrong becomes the observation's `problem`; nothing is raised.
    """
    import keras

    try:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "model.keras"
            path.write_bytes(exported)
            model = keras.saving.load_model(path, compile=False, safe_mode=True)
    except Exception as error:
        return Observation(problem=f"The model can't be loaded from its own parts: {_unloadable(error)}")
    foreign = _foreign_part(model)
    if foreign:
        return Observation(
            problem=f"{foreign} isn't one of Keras's own layers. Build the model from those alone."
        )
    try:
        predictions = {name: _predicted(model, batch) for name, batch in images.items()}
    except Exception as error:
        shapes = ", ".join(str(batch.shape) for batch in images.values())
        return Observation(problem=f"The model can't predict images of shape {shapes}: {_said(error)}")
    return Observation(
        layers=tuple(type(part).__name__ for part in parts_of(model)),
        parameters=int(model.count_params()) + _fixed_numbers(model) + _numbers_in_settings(model),
        input_shape=_input_shape(model),
        predictions=predictions,
        weights=weights_of(model),
    )


def _predicted(model: Any, images: NDArray[np.float32]) -> NDArray[Any]:
    """The model's outputs, called batch by batch: a single pass needs no compiled function."""
    import keras

    batches = [images[start : start + _BATCH] for start in range(0, len(images), _BATCH)]
    return np.concatenate([keras.ops.convert_to_numpy(model(batch, training=False)) for batch in batches])


def parts_of(model: Any) -> Iterator[Any]:
    """All layers of a model, those inside other models and wrappers too, then the operations between them."""
    import keras

    nested = [model, *model._flatten_layers(include_self=False, recursive=True)]
    structure = keras.Model | keras.layers.InputLayer
    yield from (layer for layer in nested if not isinstance(layer, structure))
    for part in nested:
        operations = getattr(part, "operations", ()) if isinstance(part, keras.Model) else ()
        yield from (step for step in operations if not isinstance(step, keras.layers.Layer))


def _fixed_numbers(model: Any) -> int:
    """How many numbers stand in the arrays between layers, which are weights in all but name."""
    import keras

    nested = [model, *model._flatten_layers(include_self=False, recursive=True)]
    steps = [
        step for part in nested if isinstance(part, keras.Model) for step in getattr(part, "operations", ())
    ]
    given = [(node.arguments.args, node.arguments.kwargs) for step in steps for node in step._inbound_nodes]
    arrays = [value for value in keras.tree.flatten(given) if _is_array(value)]
    return sum(int(np.prod(array.shape)) for array in arrays)


def _numbers_in_settings(model: Any) -> int:
    """How many numbers stand in long lists among layers' settings, which can be weights in all but name."""
    layers = [layer for layer in parts_of(model) if hasattr(layer, "get_config")]
    return sum(_long_lists(layer.get_config()) for layer in layers)


def _long_lists(setting: Any) -> int:
    """How many numbers the lists in it hold, those left out that are short or hold anything else."""
    import keras

    if isinstance(setting, dict):
        return sum(map(_long_lists, setting.values()))
    if not isinstance(setting, list | tuple | np.ndarray):
        return 0
    leaves = setting.ravel().tolist() if isinstance(setting, np.ndarray) else keras.tree.flatten(setting)
    if all(isinstance(leaf, int | float) for leaf in leaves):
        return len(leaves) if len(leaves) > _LONG else 0
    return sum(map(_long_lists, setting))


def _is_array(value: Any) -> bool:
    import keras

    return isinstance(value, np.ndarray) or (
        keras.ops.is_tensor(value) and not keras.backend.is_keras_tensor(value)
    )


def _foreign_part(model: Any) -> str:
    """The class name of a part that only the student's code could load; "" where there is none."""
    for part in (model, *parts_of(model)):
        kind = type(part)
        if not is_keras_own(kind) or kind.__name__ == "Lambda":
            return kind.__name__
    return ""


def is_keras_own(kind: type) -> bool:
    """Whether a class of layers, models or operations is one that Keras brings along."""
    return kind.__module__.startswith(_KERAS_ITSELF)


def _input_shape(model: Any) -> tuple[int | None, ...]:
    """The shape of one input; () for models that take several inputs or were never told their shape."""
    shape = getattr(model, "input_shape", None)
    return tuple(shape[1:]) if isinstance(shape, tuple) else ()


def _unloadable(error: Exception) -> str:
    """Why a model can't be loaded; what Keras says of a Lambda layer is advice for whoever loads it."""
    if "`Lambda` layer" not in str(error):
        return _said(error)
    return (
        "a Lambda layer is code of your own, and none of that is run here. Use Keras's own layers in its "
        "place, such as Rescaling for arithmetic on images."
    )


def _said(error: Exception) -> str:
    # Some errors have no text at all; most say what matters in their first line.
    first = (str(error).strip().splitlines() or ["no message"])[0]
    return f"{type(error).__name__}: {textwrap.shorten(first, 160, placeholder=' …')}"
