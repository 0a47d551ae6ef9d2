"""The reference networks are what their documentation says, and learn."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from helpers import environment, models
from helpers.training import TrainingRun, check_before_fit

Train = Callable[[np.ndarray, np.ndarray], tuple[Any, TrainingRun]]


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


@pytest.fixture(scope="module")
def convolutional() -> Any:
    return models.cnn()


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


@pytest.mark.parametrize(
    ("recipe", "fewest", "most"),
    [
        (models.dense_recipe, 600, 900),
        (models.cnn_recipe, 600, 900),
        (models.cnn_best_recipe, 2500, 5000),
    ],
)
@pytest.mark.parametrize("images", [12_000, 60_000])
def test_few_images_are_seen_in_as_many_steps_as_many(
    recipe: Callable[[int], models.Recipe], fewest: int, most: int, images: int
) -> None:
    how = recipe(images)
    assert fewest < how.epochs * images / how.batch_size < most


@pytest.mark.parametrize("images", [300, 634, 4_172, 9_600, 27_455])
def test_the_convolutional_network_takes_no_fewer_steps_for_few_signs(images: int) -> None:
    how = models.cnn_recipe(images)
    assert 600 < how.epochs * images / how.batch_size < 900


def test_the_recipe_of_the_published_figures_stays() -> None:
    assert models.cnn_recipe(60_000) == models.Recipe(epochs=3, batch_size=256, learning_rate=8e-3)
    assert models.cnn_recipe(12_000) == models.Recipe(epochs=8, batch_size=128, learning_rate=4e-3)


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


def test_the_convolutional_network_is_compiled_for_images_and_class_indices(convolutional: Any) -> None:
    assert convolutional.input_shape == (None, 28, 28, 1)
    assert convolutional.output_shape == (None, 10)
    check_before_fit(convolutional, np.zeros((5, 28, 28, 1)), np.arange(5))


def test_each_of_its_blocks_halves_the_image(convolutional: Any) -> None:
    shapes = [convolutional.get_layer(f"relu_{block}").output.shape[1:] for block in (1, 2, 3)]
    assert shapes == [(14, 14, 24), (7, 7, 48), (3, 3, 64)]


def test_its_size_follows_from_its_filters(convolutional: Any) -> None:
    kernels = 9 * (1 * 24 + 24 * 48 + 48 * 64)
    normalising = 4 * (24 + 48 + 64)
    assert convolutional.count_params() == kernels + normalising + (3 * 3 * 64 + 1) * 10


def test_four_convolutions_are_as_many_as_an_image_bears() -> None:
    assert models.cnn(filters=[2, 2, 2, 2]).get_layer("relu_4").output.shape[1:] == (1, 1, 2)


@pytest.mark.parametrize(
    "wrong", [{"filters": []}, {"filters": [8] * 5}, {"filters": [0]}, {"classes": 1}, {"dropout": 1.0}]
)
def test_filters_that_make_no_network_are_named(wrong: dict[str, Any]) -> None:
    with pytest.raises(models.ModelError, match="Choose one to four convolutions"):
        models.cnn(**wrong)


def test_images_are_moved_and_turned_in_training_alone() -> None:
    environment.set_seed(1)
    model = models.cnn(filters=[2], augment=True)
    image = np.zeros((1, 28, 28, 1), dtype=np.float32)
    image[0, 10:18, 13:15] = 1
    move, turn = model.get_layer("move"), model.get_layer("turn")
    assert not np.allclose(turn(move(image, training=True), training=True), image, atol=0.1)
    assert np.allclose(turn(move(image, training=False), training=False), image)
    assert np.allclose(model.predict(image, verbose=0), model(image, training=False), atol=1e-5)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("train", "images"), [(models.train_cnn_reference, 1000), (models.train_cnn_best, 600)]
)
def test_convolutional_references_learn_what_can_be_learned(train: Train, images: int) -> None:
    x, y = stripes(images)
    x_test, y_test = stripes(300, seed=1)
    environment.set_seed(1)
    model, run = train(x, y)
    assert np.mean(model.predict(x_test, verbose=0).argmax(axis=1) == y_test) > 0.9
    assert run.cpu_seconds > 0
