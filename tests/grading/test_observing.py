"""Observing models in a clean process: hostile files cost themselves, and nothing else."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from helpers.checks.observation import Observation
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


def with_a_billion_units(config: dict[str, Any]) -> None:
    dense = config["config"]["layers"][-1]["config"]
    dense["units"] = 2_000_000_000


@pytest.fixture(scope="module")
def seen() -> dict[str, Observation]:
    """Good models, observed together with hostile ones between them."""
    good = networks.as_file(networks.dense((8, 10)))
    models = {
        "first": good,
        "text": b"not a model at all",
        "cut": good[: len(good) // 2],
        "bomb": rewritten(good, "model.weights.h5", lambda _: bytes(300 * 2**20)),
        "lambda": with_lambda(),
        "foreign": configured(good, of_a_class_of_the_students),
        "huge": configured(good, with_a_billion_units),
        "nonsense": rewritten(good, "config.json", lambda _: b"[" * 100_000),
        "last": good,
    }
    assert len(models["bomb"]) < 2**20
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


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("text", "isn't a whole .keras file"),
        ("cut", "isn't a whole .keras file"),
        ("bomb", "unpacks to 300 MB"),
        ("lambda", "can't be loaded"),
        ("foreign", "can't be loaded"),
        ("huge", "The model can't be"),
        ("nonsense", "can't be loaded"),
    ],
)
def test_a_hostile_model_is_told_what_is_wrong_with_it(
    seen: dict[str, Observation], name: str, said: str
) -> None:
    assert said in seen[name].problem
    assert not seen[name].predictions


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
