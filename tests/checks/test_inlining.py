"""Models of a student's own classes are handed over as Keras's own parts, which load without their code."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from helpers.checks.inlining import exported_inlined
from helpers.checks.items import UnusableReturn
from helpers.checks.observation import Observation, observe
from tests.checks.networks import as_file, dense, sequential

IMAGES = np.random.default_rng(0).random((7, 28, 28, 1), dtype=np.float32)


def a_class(name: str, *, base: str = "Model", **methods: Any) -> Any:
    """A class as a student would write it in a cell."""
    import keras

    parent = keras.Model if base == "Model" else keras.layers.Layer

    def __init__(self: Any, *args: Any) -> None:  # noqa: N807
        parent.__init__(self)
        methods["parts"](self, keras.layers, *args)

    body = {key: value for key, value in methods.items() if key != "parts"}
    return type(name, (parent,), {"__init__": __init__, "__module__": "__main__", **body})


def block() -> Any:
    """A residual block with a name inside that every one of them has."""
    import keras

    def parts(self: Any, layers: Any, filters: int) -> None:
        self.conv = layers.Conv2D(filters, 3, padding="same", name="conv")
        self.normalise = layers.BatchNormalization()
        self.drop = layers.Dropout(0.5)

    def call(self: Any, x: Any, training: Any = None) -> Any:
        y = keras.ops.relu(self.normalise(self.conv(x), training=training))
        return keras.ops.concatenate([x, self.drop(y, training=training) * 0.5 + 1], axis=-1)

    return a_class("Block", base="Layer", parts=parts, call=call)


def own_model() -> Any:
    """Blocks of one's own within a Sequential within a model of one's own, operations between."""
    import keras

    own = block()

    def parts(self: Any, layers: Any) -> None:
        self.body = keras.Sequential([own(4), layers.MaxPooling2D(), own(3)])
        self.head = layers.Dense(10)

    def call(self: Any, x: Any) -> Any:
        x = keras.ops.mean(self.body(2 * x - 1), axis=(1, 2))[:, 1:]
        x = keras.ops.reshape(x, (-1, x.shape[-1]))
        return keras.ops.softmax(self.head(x))

    return a_class("Net", parts=parts, call=call)()


def sequential_of_blocks() -> Any:
    import keras

    own = block()
    head = [keras.layers.GlobalAveragePooling2D(), keras.layers.Dense(10, activation="softmax")]
    return sequential(own(4), keras.layers.MaxPooling2D(), own(4), *head)


def functional_subclass() -> Any:
    """A class that only trains in a way of its own."""
    import keras

    own = type("Trained", (keras.Model,), {"__module__": "__main__", "train_step": lambda self, data: {}})
    image = keras.Input((28, 28, 1))
    flat = keras.layers.Flatten()(keras.layers.Conv2D(2, 3)(image))
    return own(image, keras.layers.Dense(10)(flat))


def shared_layer() -> Any:
    """One layer that is applied three times."""
    import keras

    def parts(self: Any, layers: Any) -> None:
        self.stem, self.same = layers.Conv2D(4, 3), layers.Conv2D(4, 3, padding="same")
        self.pool, self.head = layers.GlobalMaxPooling2D(), layers.Dense(10)

    def call(self: Any, x: Any, training: bool = False) -> Any:
        x = self.stem(x)
        for _ in range(3):
            x = x + keras.activations.relu(self.same(x))
        return self.head(self.pool(x))

    return a_class("Shared", parts=parts, call=call)()


def own_weights() -> Any:
    """A layer with a weight of its own."""
    import keras

    def build(self: Any, shape: Any) -> None:
        self.scale = self.add_weight(shape=(784,), initializer="random_normal")

    own = a_class(
        "Scale",
        base="Layer",
        parts=lambda self, layers: None,
        build=build,
        call=lambda self, x: x * self.scale,
    )
    return sequential(keras.layers.Flatten(), own(), keras.layers.Dense(10))


GOOD = [own_model, sequential_of_blocks, functional_subclass, shared_layer, own_weights]


def seen(model: Any) -> Observation:
    return observe(exported_inlined(model), {"unseen": IMAGES})


@pytest.mark.parametrize("make", GOOD)
def test_it_predicts_the_same_from_keras_own_parts(make: Callable[[], Any]) -> None:
    import keras

    model = make()
    found = seen(model)
    assert found.problem == ""
    expected = keras.ops.convert_to_numpy(model(IMAGES, training=False))
    np.testing.assert_allclose(found.predictions["unseen"], expected, atol=1e-5)
    assert found.parameters == model.count_params()


def test_nothing_of_the_students_classes_is_in_the_file() -> None:
    with zipfile.ZipFile(io.BytesIO(exported_inlined(own_model()))) as archive:
        config = json.loads(archive.read("config.json"))
    modules = {entry["module"] for entry in config["config"]["layers"]}
    assert all(module.startswith("keras.") for module in modules)
    assert "Block" not in json.dumps(config)


def test_layers_within_own_classes_are_seen() -> None:
    assert {"Conv2D", "BatchNormalization", "Dropout", "MaxPooling2D", "Dense"} <= set(
        seen(own_model()).layers
    )


def test_the_students_model_stays_as_it_is() -> None:
    model = sequential_of_blocks()
    names = [layer.name for layer in model._flatten_layers()]
    before = model.get_weights()
    exported_inlined(model)
    assert [layer.name for layer in model._flatten_layers()] == names
    assert names.count("conv") == 2
    for now, then in zip(model.get_weights(), before, strict=True):
        np.testing.assert_array_equal(now, then)


def test_keras_calls_layers_as_before_once_it_is_done() -> None:
    import keras

    before = keras.layers.Layer.__call__
    exported_inlined(own_model())
    with pytest.raises(UnusableReturn):
        exported_inlined(with_tensorflow())
    assert keras.layers.Layer.__call__ is before


def test_a_model_of_keras_own_classes_is_handed_over_as_it_is() -> None:
    model = dense()
    assert seen(model).layers == observe(as_file(model), {}).layers


def with_call(call: Any) -> Any:
    def parts(self: Any, layers: Any) -> None:
        self.flatten, self.head = layers.Flatten(), layers.Dense(10)

    return a_class("Net", parts=parts, call=call)()


def with_tensorflow() -> Any:
    import tensorflow as tf

    return with_call(lambda self, x: tf.nn.softmax(self.head(self.flatten(x))))


def with_numpy() -> Any:
    return with_call(lambda self, x: self.head(self.flatten(np.sqrt(x))))


def with_chance() -> Any:
    return with_call(lambda self, x: self.head(self.flatten(x)) + np.random.default_rng().random(10))


def with_two_outputs() -> Any:
    return with_call(lambda self, x: {"a": self.head(self.flatten(x)), "b": x})


def for_other_images() -> Any:
    return with_call(lambda self, x: self.head(self.flatten(x)[:, :1000, None] @ np.ones((3, 3))))


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (with_tensorflow, "keras.ops.reshape, not tf.reshape"),
        (with_numpy, "Use Keras's own layers and keras.ops alone"),
        (with_chance, "doesn't follow from its layers and keras.ops alone"),
        (with_two_outputs, "should give one tensor, but it gives a dict"),
        (for_other_images, "can't predict images of shape (16, 28, 28, 1)"),
    ],
)
def test_what_stands_in_the_way_is_told(make: Callable[[], Any], said: str) -> None:
    with pytest.raises(UnusableReturn) as raised:
        exported_inlined(make())
    assert said in str(raised.value)


def test_a_lambda_within_an_own_class_is_refused_as_anywhere() -> None:
    import keras

    own = block()
    model = sequential(
        own(2), keras.layers.Lambda(lambda x: x), keras.layers.Flatten(), keras.layers.Dense(10)
    )
    assert "can't be loaded" in seen(model).problem
