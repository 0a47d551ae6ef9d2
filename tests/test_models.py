"""The reference networks are what their documentation says, and learn."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from helpers import environment, models
from helpers.training import check_before_fit


def stripes(count: int, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """Noisy images (count, 28, 28, 1) with a bright row whose place tells the class, of four."""
    random = np.random.default_rng(seed)
    y = random.integers(0, 4, count)
    x = random.random((count, 28, 28, 1), dtype=np.float32) * 0.7
    x[np.arange(count), 5 * y + 4] += 0.3
    return x, y


@pytest.fixture(scope="module")
def network() -> Any:
    return models.dense()


def test_the_dense_network_is_compiled_for_images_and_class_indices(network: Any) -> None:
    assert network.input_shape == (None, 28, 28, 1)
    assert network.output_shape == (None, 10)
    check_before_fit(network, np.zeros((5, 28, 28, 1)), np.arange(5))


def test_it_has_dense_layers_only(network: Any) -> None:
    kinds = {type(layer).__name__ for layer in network.layers}
    assert kinds == {"InputLayer", "Flatten", "Dense", "BatchNormalization", "ReLU", "Dropout"}


def test_its_size_follows_from_its_units(network: Any) -> None:
    normalising = 2 * (512 + 256)
    assert network.count_params() == 784 * 512 + 512 * 256 + 256 * 10 + 10 + 2 * normalising


def test_its_outputs_are_probabilities(network: Any) -> None:
    p = network(np.zeros((3, 28, 28, 1))).numpy()
    assert np.allclose(p.sum(axis=1), 1)


@pytest.mark.parametrize("wrong", [{"units": [0]}, {"classes": 1}, {"dropout": 1.0}])
def test_sizes_that_make_no_network_are_named(wrong: dict[str, Any]) -> None:
    with pytest.raises(models.ModelError, match="Choose layers of at least 1 unit"):
        models.dense(**wrong)


def test_the_learning_rate_grows_then_fades_to_nothing() -> None:
    recipe = models.Recipe(epochs=10, batch_size=100, learning_rate=0.01)
    rate = models.fading_rate(1000, recipe)
    rates = [float(rate(step)) for step in range(101)]
    assert np.argmax(rates) == 10
    assert rates[10] == pytest.approx(0.01)
    assert rates[0] == pytest.approx(0.001)
    assert rates[100] == pytest.approx(0, abs=1e-6)
    assert rates[10:] == sorted(rates[10:], reverse=True)


@pytest.mark.parametrize("images", [12_000, 60_000])
def test_few_images_are_seen_in_as_many_steps_as_many(images: int) -> None:
    recipe = models.dense_recipe(images)
    assert 600 < recipe.epochs * images / recipe.batch_size < 900


def test_the_reference_learns_what_can_be_learned_and_repeats_itself() -> None:
    x, y = stripes(1500)
    x_test, y_test = stripes(300, seed=1)
    predictions = []
    for _ in range(2):
        environment.set_seed(1)
        model, run = models.train_dense_reference(x, y)
        predictions.append(model.predict(x_test, verbose=0))
        assert np.mean(predictions[-1].argmax(axis=1) == y_test) > 0.95
        assert run.epochs_done == models.dense_recipe(len(x)).epochs
    assert np.allclose(*predictions, atol=1e-3)
