"""A model is seen from outside, its parts and its predictions; whatever is wrong becomes a sentence."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from helpers.checks.observation import Observation, observe
from tests.checks.networks import as_file, dense, sequential

IMAGES = np.random.default_rng(0).random((7, 28, 28, 1), dtype=np.float32)


def seen(model: Any) -> Observation:
    return observe(as_file(model), {"unseen": IMAGES})


def test_a_dense_network_is_described_and_predicts() -> None:
    model = dense((8, 10))
    found = seen(model)
    assert found.problem == ""
    assert found.layers == ("Flatten", "Dense", "Dense")
    assert found.parameters == 784 * 8 + 8 + 8 * 10 + 10
    assert found.input_shape == (28, 28, 1)
    np.testing.assert_allclose(found.predictions["unseen"], model.predict(IMAGES, verbose=0), atol=1e-5)


def test_frozen_parameters_count_too() -> None:
    model = dense((8, 10))
    for layer in model.layers:
        layer.trainable = False
    assert seen(model).parameters == 784 * 8 + 8 + 8 * 10 + 10


def test_layers_inside_models_and_wrappers_are_seen() -> None:
    import keras

    L = keras.layers  # noqa: N806
    inner = sequential(L.Dense(3), L.Reshape((3, 1)), L.Bidirectional(L.LSTM(2)), shape=(784,))
    outer = keras.Sequential([keras.Input((28, 28, 1)), L.Flatten(), inner, L.Dense(10)])
    found = seen(outer)
    assert found.problem == ""
    assert {"Flatten", "Dense", "Reshape", "Bidirectional", "LSTM"} <= set(found.layers)
    assert not {"Sequential", "InputLayer", "Functional"} & set(found.layers)


def test_operations_between_layers_are_seen() -> None:
    import keras

    image = keras.Input((28, 28, 1))
    blurred = keras.ops.conv(image, np.ones((3, 3, 1, 2), dtype=np.float32))
    flat = keras.layers.Flatten()(blurred)
    found = seen(keras.Model(image, keras.layers.Dense(10)(flat)))
    assert found.problem == ""
    assert "Conv" in found.layers
    assert found.parameters == 3 * 3 * 2 + 26 * 26 * 2 * 10 + 10


def test_activations_between_layers_are_keras_own() -> None:
    import keras

    image = keras.Input((28, 28, 1))
    flat = keras.layers.Flatten()(keras.activations.relu(image))
    found = seen(keras.Model(image, keras.activations.softmax(keras.layers.Dense(10)(flat))))
    assert found.problem == ""
    assert {"ReLU", "Softmax"} <= set(found.layers)


def test_predictions_are_made_as_in_use_not_as_in_training() -> None:
    import keras

    model = sequential(keras.layers.Flatten(), keras.layers.Dropout(0.9), keras.layers.Dense(10))
    bytes_of_it = as_file(model)
    first, second = (observe(bytes_of_it, {"unseen": IMAGES}) for _ in range(2))
    np.testing.assert_array_equal(first.predictions["unseen"], second.predictions["unseen"])


def own_layer() -> Any:
    import keras

    class Mine(keras.layers.Dense):
        pass

    return sequential(keras.layers.Flatten(), Mine(10))


def own_model() -> Any:
    import keras

    class Mine(keras.Model):
        def __init__(self) -> None:
            super().__init__()
            self.dense = keras.layers.Dense(10)

        def call(self, x: Any) -> Any:
            return self.dense(keras.ops.reshape(x, (-1, 784)))

    model = Mine()
    model(IMAGES)
    return model


def with_lambda() -> Any:
    import keras

    return sequential(keras.layers.Lambda(lambda x: x), keras.layers.Flatten(), keras.layers.Dense(10))


def other_input() -> Any:
    import keras

    return sequential(keras.layers.Dense(10), shape=(784,))


def registered() -> Any:
    """A class that this process has registered loads here, but nowhere else."""
    import keras

    @keras.saving.register_keras_serializable("student")
    class Registered(keras.layers.Dense):
        pass

    return sequential(keras.layers.Flatten(), Registered(10))


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (own_layer, "can't be loaded"),
        (own_model, "can't be loaded"),
        (with_lambda, "can't be loaded from its own parts: a Lambda layer is code of your own"),
        (registered, "Registered isn't one of Keras's own layers"),
        (other_input, "can't predict images of shape (7, 28, 28, 1)"),
    ],
)
def test_what_makes_a_model_unusable_is_told(make: Callable[[], Any], said: str) -> None:
    found = seen(make())
    assert said in found.problem
    assert not found.predictions
    assert len(found.problem) < 300


def damaged(name: str, content: bytes) -> bytes:
    """A model's file in which one part is replaced."""
    source, target = io.BytesIO(as_file(dense((4, 10)))), io.BytesIO()
    with zipfile.ZipFile(source) as whole, zipfile.ZipFile(target, "w") as changed:
        for entry in whole.namelist():
            changed.writestr(entry, content if entry == name else whole.read(entry))
    return target.getvalue()


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"not a model",
        as_file.__name__.encode() * 1000,
        pytest.param(("config.json", b"{}"), id="empty config"),
        pytest.param(("config.json", b"[" * 100_000), id="deep config"),
        pytest.param(("model.weights.h5", b"\x89HDF\r\n\x1a\n" + bytes(100)), id="damaged weights"),
    ],
)
def test_bytes_that_are_no_model_are_told(content: Any) -> None:
    bytes_of_it = damaged(*content) if isinstance(content, tuple) else content
    assert "can't be loaded" in observe(bytes_of_it, {"unseen": IMAGES}).problem


def test_values_that_are_no_numbers_are_predictions_all_the_same() -> None:
    model = dense((8, 10))
    model.layers[-1].set_weights([np.full((8, 10), np.nan), np.zeros(10)])
    found = seen(model)
    assert found.problem == ""
    assert np.isnan(found.predictions["unseen"]).all()
