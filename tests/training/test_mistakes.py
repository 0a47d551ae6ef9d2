"""Every classic mistake is named before the training, with what to do about it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from helpers.training import TrainingError, check_before_fit, fit
from tests.training.networks import data, network, one_hot

X, Y = data()
SPARSE = network()
ONE_HOT = network("categorical_crossentropy")


def with_nan() -> np.ndarray:
    x = X.copy()
    x[7, 1, 2, 0] = np.nan
    return x


MISTAKES: dict[str, tuple[Callable[[], Any], str]] = {
    "no model": (lambda: check_before_fit("model", X, Y), "must be a Keras model; this is of type str"),
    "not compiled": (
        lambda: check_before_fit(network(compiled=False), X, Y),
        r"not compiled yet.*model\.compile\(",
    ),
    "no epoch": (lambda: check_before_fit(SPARSE, X, Y, epochs=0), "epochs is 0"),
    "half an epoch": (lambda: check_before_fit(SPARSE, X, Y, epochs=0.5), "epochs is 0.5"),  # type: ignore[arg-type]
    "no batch": (lambda: check_before_fit(SPARSE, X, Y, batch_size=-1), "batch_size is -1"),
    "nothing": (lambda: check_before_fit(SPARSE, X[:0], Y[:0]), "x is empty"),
    "lengths": (lambda: check_before_fit(SPARSE, X, Y[:-1]), "60 images, but y has 59 labels"),
    "not a number": (lambda: check_before_fit(SPARSE, with_nan(), Y), r"1 value that are.*at \[7, 1, 2, 0\]"),
    "infinite": (lambda: check_before_fit(SPARSE, X / 0, Y), "NaN or infinite"),
    "words": (lambda: check_before_fit(SPARSE, X, ["a"] * 60), "y must be an array of numbers"),
    "flat": (lambda: check_before_fit(SPARSE, X.reshape(60, 16), Y), r"x\.reshape\(\(-1, 4, 4, 1\)\)"),
    "channel": (lambda: check_before_fit(SPARSE, X[..., 0], Y), r"x\.reshape\(\(-1, 4, 4, 1\)\)"),
    "size": (
        lambda: check_before_fit(SPARSE, np.zeros((60, 5, 5, 1)), Y),
        r"expects images of shape \(4, 4, 1\)",
    ),
    "one-hot": (lambda: check_before_fit(SPARSE, X, one_hot(Y)), r"y is one-hot.*y\.argmax\(axis=1\)"),
    "indices": (lambda: check_before_fit(ONE_HOT, X, Y), r"y holds class indices.*to_categorical\(y, 3\)"),
    "column": (lambda: check_before_fit(ONE_HOT, X, Y[:, None]), "y holds class indices"),
    "columns": (
        lambda: check_before_fit(ONE_HOT, X, one_hot(Y, 5)),
        "5 columns, but the model has 3 outputs",
    ),
    "out of range": (
        lambda: check_before_fit(SPARSE, X, Y + 1),
        "labels from 1 to 3, but the model's 3 outputs",
    ),
    "negative": (lambda: check_before_fit(SPARSE, X, Y - 1), "count classes from 0"),
    "fractions": (lambda: check_before_fit(SPARSE, X, Y / 2), "holds fractions"),
    "two validations": (
        lambda: check_before_fit(SPARSE, X, Y, validation_data=(X, Y), validation_split=0.1),
        "not both",
    ),
    "no pair": (lambda: check_before_fit(SPARSE, X, Y, validation_data=X), "must be a pair"),
    "percent": (lambda: check_before_fit(SPARSE, X, Y, validation_split=10), "share below 1"),
    "too little": (
        lambda: check_before_fit(SPARSE, X[:1], Y[:1], validation_split=0.5),
        "no image to learn from",
    ),
    "validation": (
        lambda: check_before_fit(SPARSE, X, Y, validation_data=(X, one_hot(Y))),
        "validation y is one-hot",
    ),
}


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_mistake_is_named_with_its_remedy(mistake: str) -> None:
    act, message = MISTAKES[mistake]
    with pytest.raises(TrainingError, match=message), np.errstate(all="ignore"):
        act()


@pytest.mark.parametrize(
    "labels", [Y, Y[:, None], Y.astype(np.float32), Y.tolist()], ids=["n", "n × 1", "float", "list"]
)
def test_class_indices_fit_the_sparse_loss_in_any_form(labels: Any) -> None:
    check_before_fit(SPARSE, X, labels)


def test_one_hot_labels_fit_the_other_loss() -> None:
    check_before_fit(ONE_HOT, X, one_hot(Y), validation_data=[X, one_hot(Y)])


def test_a_loss_may_be_an_object_or_a_function() -> None:
    import keras

    for loss in (keras.losses.SparseCategoricalCrossentropy(), keras.losses.sparse_categorical_crossentropy):
        with pytest.raises(TrainingError, match="one-hot"):
            check_before_fit(network(loss), X, one_hot(Y))


def test_a_model_that_takes_any_shape_is_left_to_keras() -> None:
    import keras

    model = keras.Sequential([keras.layers.Flatten(), keras.layers.Dense(3, activation="softmax")])
    model.compile(optimizer="adam", loss="sparse_categorical_crossentropy")
    check_before_fit(model, X, Y)


def test_losses_that_are_not_for_classes_are_left_alone() -> None:
    check_before_fit(network("mean_squared_error"), X, one_hot(Y))


def test_nothing_is_trained_when_a_mistake_is_found() -> None:
    model = network()
    before = [weights.copy() for weights in model.get_weights()]
    with pytest.raises(TrainingError):
        fit(model, X, Y[:-1], epochs=1)
    assert all(np.array_equal(a, b) for a, b in zip(before, model.get_weights(), strict=True))
