"""The backbone comes with its weights, offline, and says so where they are damaged."""

from __future__ import annotations

import shutil
import time
import tomllib
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from helpers import models
from helpers.datasets import bundled
from helpers.models import backbone as module


@pytest.fixture(scope="module")
def backbone() -> Any:
    return models.load_backbone()


@pytest.fixture
def copied(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of a copy of the weights' two files, which is read in place of theirs."""
    for name in ("WEIGHTS", "CARD"):
        monkeypatch.setattr(module, name, Path(shutil.copy(getattr(module, name), tmp_path)))
    return tmp_path


def test_it_takes_the_workshops_images_and_gives_maps(backbone: Any) -> None:
    assert backbone.name == "backbone"
    assert backbone.input_shape == (None, 28, 28, 1)
    assert backbone.output_shape == (None, 3, 3, 128)
    kernels = 9 * (24 + 24 * 48 + 48 * 96 + 96 * 128)
    assert backbone.count_params() == kernels + 4 * (24 + 48 + 96 + 128)


def test_it_is_made_of_keras_own_layers_and_all_of_it_trains(backbone: Any) -> None:
    kinds = {type(layer).__name__ for layer in backbone.layers}
    wanted = {"InputLayer", "Rescaling", "Conv2D", "MaxPooling2D", "BatchNormalization", "ReLU"}
    assert kinds == wanted
    assert all(layer.trainable for layer in backbone.layers)
    assert not backbone.compiled


def test_its_weights_are_those_that_come_with_the_workshop(backbone: Any) -> None:
    bundled_weights = models.backbone_weights()
    assert len(bundled_weights) == len(backbone.get_weights()) == 20
    for own, given in zip(backbone.get_weights(), bundled_weights.values(), strict=True):
        assert own.dtype == given.dtype == np.float32
        np.testing.assert_array_equal(own, given)


def test_they_are_named_after_layer_and_variable(backbone: Any) -> None:
    names = [f"{layer.name}/{variable.name}" for layer in backbone.layers for variable in layer.weights]
    assert list(models.backbone_weights()) == names
    assert names[:2] == ["convolution_1/kernel", "normalise_1/gamma"]


def test_each_call_gives_a_network_of_its_own(backbone: Any) -> None:
    other = models.load_backbone()
    other.set_weights([np.zeros_like(array) for array in other.get_weights()])
    assert any(array.any() for array in backbone.get_weights())


def test_without_them_it_is_the_same_network_with_random_kernels(backbone: Any) -> None:
    newborn = models.load_backbone(pretrained=False)
    assert [layer.name for layer in newborn.layers] == [layer.name for layer in backbone.layers]
    kernel, trained = newborn.get_weights()[0], backbone.get_weights()[0]
    assert kernel.shape == trained.shape
    assert not np.allclose(kernel, trained, atol=0.05)


def test_the_weights_are_small_and_soon_there() -> None:
    assert module.WEIGHTS.stat().st_size < 1_000_000
    began = time.process_time()
    models.backbone_weights()
    assert time.process_time() - began < 0.5


def test_hands_of_one_letter_are_nearer_to_each_other_in_its_maps_than_in_pixels(backbone: Any) -> None:
    x, y = bundled.draw("signs", 480, seed=41)
    maps = backbone.predict(x, batch_size=240, verbose=0)
    assert named_by_the_nearest(maps, y) > named_by_the_nearest(x, y) + 0.15


def named_by_the_nearest(features: np.ndarray, y: np.ndarray) -> float:
    """The share of images whose nearest other one, by angle, has the same label."""
    rows = features.reshape(len(y), -1) - features.reshape(len(y), -1).mean(axis=0)
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    alike = rows @ rows.T - 2 * np.eye(len(y))
    return float(np.mean(y[alike.argmax(axis=1)] == y))


def test_its_card_says_how_it_was_made() -> None:
    card = tomllib.loads(module.CARD.read_text(encoding="utf-8"))
    assert set(card) == {"sha256", "recipe", "measured"}
    assert card["recipe"]["seed"] >= 0


def test_one_changed_byte_is_noticed(copied: Path) -> None:
    path = copied / module.WEIGHTS.name
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)
    with pytest.raises(
        models.BackboneError, match=r"are damaged: .*backbone_weights\.npz.*checksum"
    ) as problem:
        models.load_backbone()
    assert "unpack the course's zip once more" in str(problem.value)


def test_a_file_that_ends_early_is_noticed(copied: Path) -> None:
    path = copied / module.WEIGHTS.name
    path.write_bytes(path.read_bytes()[:1000])
    with pytest.raises(models.BackboneError, match="1,000 bytes"):
        models.backbone_weights()


@pytest.mark.parametrize("name", ["WEIGHTS", "CARD"])
def test_a_missing_file_is_named(copied: Path, name: str) -> None:
    path = getattr(module, name)
    path.unlink()
    with pytest.raises(models.BackboneError, match=path.name):
        models.backbone_weights()


@pytest.mark.parametrize("card", ["", "sha256 = ", "sha256 = 'abc'"])
def test_a_card_that_was_tampered_with_is_refused(copied: Path, card: str) -> None:
    (copied / module.CARD.name).write_text(card)
    with pytest.raises(models.BackboneError, match="anew"):
        models.backbone_weights()
