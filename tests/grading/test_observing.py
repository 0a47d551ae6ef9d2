"""Observing models in a clean process: hostile files cost themselves, and nothing else."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from helpers.checks.inlining import exported_inlined
from helpers.checks.observation import Observation, observe
from helpers.grading.observing import CleanProcess, Exhibit
from tests.checks import networks

pytestmark = pytest.mark.slow

IMAGES = {"unseen": np.random.default_rng(1).random((7, 28, 28, 1), dtype=np.float32)}


def rewritten(exported: bytes, name: str, change: Callable[[bytes], bytes]) -> bytes:
    """A .keras file with one of its entries changed."""
    result = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(exported)) as old,
        zipfile.ZipFile(result, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for entry in old.namelist():
            content = old.read(entry)
            new.writestr(entry, change(content) if entry == name else content)
    return result.getvalue()


def configured(exported: bytes, change: Callable[[dict[str, Any]], None]) -> bytes:
    """A .keras file whose config.json is changed."""

    def edit(content: bytes) -> bytes:
        config = json.loads(content)
        change(config)
        return json.dumps(config).encode()

    return rewritten(exported, "config.json", edit)


def with_lambda() -> bytes:
    import keras

    return networks.as_file(
        networks.sequential(keras.layers.Flatten(), keras.layers.Lambda(lambda x: x[:, :10]))
    )


def of_a_class_of_the_students(config: dict[str, Any]) -> None:
    config["config"]["layers"][-1].update(module="os", class_name="system", registered_name="os>system")


def registered(name: str, package: str, **methods: Any) -> bytes:
    """A network with a layer of the student's, registered as a student can do it in their kernel."""
    import keras

    own = type(name, (keras.layers.Dense,), {"__module__": "__main__", **methods})
    keras.saving.register_keras_serializable(package)(own)
    return networks.as_file(networks.sequential(keras.layers.Flatten(), own(10)))


def called_like_kerass_own() -> bytes:
    return registered("Dense", "keras.layers")


def said_to_be_kerass_own(config: dict[str, Any]) -> None:
    """The student's class under the place and the name of one of Keras's, its registered name kept."""
    config["config"]["layers"][-1].update(module="keras.layers", class_name="Generous")


def with_a_config_of_its_own() -> bytes:
    return registered(
        "Settled", "mine", get_config=lambda self: {"units": 10, "name": "dense", "activation": "softmax"}
    )


def with_a_function_of_its_own() -> bytes:
    import keras

    @keras.saving.register_keras_serializable("mine")
    def winner(x: Any) -> Any:
        return x

    dense = keras.layers.Dense(10, activation=winner)
    return networks.as_file(networks.sequential(keras.layers.Flatten(), dense))


def with_a_function_from_a_module(config: dict[str, Any]) -> None:
    config["config"]["layers"][-1]["config"]["activation"] = {
        "module": "os",
        "class_name": "function",
        "config": "system",
        "registered_name": "system",
    }


def with_a_lambda_between_layers(config: dict[str, Any]) -> None:
    config["config"]["layers"][-1]["config"]["activation"] = {
        "class_name": "__lambda__",
        "config": {"value": ["4wAAAA==", None, None]},
    }


def with_a_billion_units(config: dict[str, Any]) -> None:
    dense = config["config"]["layers"][-1]["config"]
    dense["units"] = 2_000_000_000


def of_a_class_of_ones_own() -> Any:
    import keras

    class Own(keras.Model):
        def __init__(self) -> None:
            super().__init__()
            self.conv, self.head = keras.layers.Conv2D(2, 3), keras.layers.Dense(10)

        def call(self, x: Any) -> Any:
            return keras.ops.softmax(self.head(keras.ops.mean(self.conv(x), axis=(1, 2))))

    return Own()


@pytest.fixture(scope="module")
def seen() -> dict[str, Observation]:
    """Good models, observed together with hostile ones between them."""
    import keras

    known = keras.saving.get_custom_objects()
    before = dict(known)
    good = networks.as_file(networks.dense((8, 10)))
    models = {
        "first": good,
        "text": b"not a model at all",
        "cut": good[: len(good) // 2],
        "bomb": rewritten(good, "model.weights.h5", lambda _: bytes(300 * 2**20)),
        "lambda": with_lambda(),
        "foreign": configured(good, of_a_class_of_the_students),
        "namesake": called_like_kerass_own(),
        "place": configured(registered("Generous", "keras"), said_to_be_kerass_own),
        "config": with_a_config_of_its_own(),
        "function": with_a_function_of_its_own(),
        "module": configured(good, with_a_function_from_a_module),
        "lambda function": configured(good, with_a_lambda_between_layers),
        "inlined": exported_inlined(of_a_class_of_ones_own()),
        "huge": configured(good, with_a_billion_units),
        "nonsense": rewritten(good, "config.json", lambda _: b"[" * 100_000),
        "last": good,
    }
    assert len(models["bomb"]) < 2**20
    known.clear()
    known.update(before)
    return CleanProcess()({name: Exhibit(model, IMAGES) for name, model in models.items()})


def test_a_good_model_is_seen_as_it_is(seen: dict[str, Observation]) -> None:
    first = seen["first"]
    assert first.problem == ""
    assert first.layers == ("Flatten", "Dense", "Dense")
    assert first.parameters == 784 * 8 + 8 + 8 * 10 + 10
    assert first.input_shape == (28, 28, 1)
    assert first.predictions["unseen"].shape == (7, 10)
    np.testing.assert_allclose(first.predictions["unseen"].sum(axis=1), 1, atol=1e-5)


def test_models_after_a_hostile_one_are_seen_too(seen: dict[str, Observation]) -> None:
    np.testing.assert_array_equal(seen["last"].predictions["unseen"], seen["first"].predictions["unseen"])


def test_a_model_of_a_students_class_is_seen_once_it_is_inlined(seen: dict[str, Observation]) -> None:
    found = seen["inlined"]
    assert found.problem == ""
    assert {"Conv2D", "Dense"} <= set(found.layers)
    assert found.predictions["unseen"].shape == (7, 10)


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("text", "isn't a whole .keras file"),
        ("cut", "isn't a whole .keras file"),
        ("bomb", "unpacks to 300 MB"),
        ("lambda", "can't be loaded"),
        ("foreign", "can't be loaded"),
        ("namesake", "can't be loaded"),
        ("place", "can't be loaded"),
        ("config", "can't be loaded"),
        ("function", "can't be loaded"),
        ("module", "can't be loaded"),
        ("lambda function", "can't be loaded"),
        ("huge", "The model can't be"),
        ("nonsense", "can't be loaded"),
    ],
)
def test_a_hostile_model_is_told_what_is_wrong_with_it(
    seen: dict[str, Observation], name: str, said: str
) -> None:
    assert said in seen[name].problem
    assert not seen[name].predictions


def nested() -> Any:
    import keras

    part = keras.Sequential([keras.Input((28, 28, 1)), keras.layers.Conv2D(4, 3, activation="relu")])
    head = keras.Sequential([keras.layers.Flatten(), keras.layers.Dense(10, activation="softmax")])
    return keras.Sequential([part, keras.layers.MaxPooling2D(), keras.layers.BatchNormalization(), head])


def functional() -> Any:
    import keras

    given = keras.Input((28, 28, 1))
    part = keras.Sequential([keras.layers.Flatten(), keras.layers.Dropout(0.5), keras.layers.Dense(8)])
    sure = keras.layers.Dense(10, activation="softmax", kernel_initializer="random_normal")
    return keras.Model(given, sure(keras.layers.Concatenate()([part(given), keras.layers.Flatten()(given)])))


def built_by_images() -> Any:
    import keras

    layers = [keras.layers.Rescaling(2.0), keras.layers.Flatten(), keras.layers.Dense(10)]
    model = keras.Sequential(layers)
    model(IMAGES["unseen"])
    return model


def test_models_are_seen_as_a_notebook_sees_them() -> None:
    made = (nested(), networks.sequential(nested()), functional(), built_by_images())
    files = {str(number): networks.as_file(model) for number, model in enumerate(made)}
    seen = CleanProcess()({name: Exhibit(file, IMAGES) for name, file in files.items()})
    for name, file in files.items():
        there, here = seen[name], observe(file, IMAGES)
        np.testing.assert_allclose(there.predictions["unseen"], here.predictions["unseen"], atol=1e-5)
        assert replace(there, predictions={}) == replace(here, predictions={})
        assert here.problem == ""


def test_a_process_that_takes_too_long_is_ended() -> None:
    import keras

    good = networks.as_file(networks.dense((8, 10)))
    many = {"unseen": np.zeros((30_000, 28, 28, 1), np.float32)}

    # Hours of computing on any computer, so that however fast one is, it is ended.
    widths = (512, 512, 512, 512)
    convolutions = [keras.layers.Conv2D(width, 3, padding="same") for width in widths]
    slow = networks.as_file(networks.sequential(*convolutions, keras.layers.GlobalMaxPooling2D()))
    seen = CleanProcess(seconds=15)({"slow": Exhibit(slow, many), "good": Exhibit(good, IMAGES)})
    assert "took too long" in seen["slow"].problem
    assert seen["good"].problem == ""
