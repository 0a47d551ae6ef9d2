"""The graded items of assignment 01 that aren't a model: arrays, parameter counts, a shifted test set."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from helpers.checks.evidence import Arrays, Evidence
from helpers.checks.items import Challenge, ImageSource, Item, is_empty, outputs_as_arrays
from helpers.checks.observation import Observation
from helpers.checks.verdict import Finding

CLASSES = 10


class Prepare(Item):
    """`prepare(images, labels)`: uint8 images to float32 in [0, 1] with a channel axis; labels to one-hot.

    What is drawn are patterns of no usual size. They are dim (no value reaches 255), and no label is a 9: an
    answer that measures either of the two from the batch is wrong for the next batch.
    """

    parts = ("images", "labels")

    def draw(self, images: ImageSource, rng: np.random.Generator) -> Challenge:
        n, height, width = rng.integers(30, 40), *rng.choice(np.arange(8, 28), 2, replace=False)
        dim = rng.integers(0, 200, (n, height, width), dtype=np.uint8)
        return Challenge(inputs={"images": dim, "labels": rng.permutation(np.arange(n) % (CLASSES - 1))})

    def collect(self, answer: tuple[Any, ...], inputs: Arrays) -> Evidence:
        prepare = answer[0]
        if prepare is None or is_empty(prepare):
            return Evidence(attempted=False)
        returned = prepare(inputs["images"].copy(), inputs["labels"].copy())
        return Evidence(arrays=outputs_as_arrays(returned, ("x", "y")))

    def findings(self, evidence: Evidence, seen: Observation, challenge: Challenge) -> tuple[Finding, ...]:
        inputs = challenge.inputs
        problem_x = _image_problem(evidence.arrays.get("x"), inputs["images"])
        problem_y = _one_hot_problem(evidence.arrays.get("y"), inputs["labels"])
        return (
            self.finding(
                "images", not problem_x, "The images are float32, scaled, and have a channel axis.", problem_x
            ),
            self.finding("labels", not problem_y, "The labels are one-hot rows of 10.", problem_y),
        )


def _image_problem(x: NDArray[Any] | None, images: NDArray[Any]) -> str:
    expected = (*images.shape, 1)
    if x is None or x.shape != expected:
        found = "missing" if x is None else f"{x.shape}"
        return f"The shape of x should be {expected} (the last axis is the channel), but is {found}."
    if x.dtype != np.float32:
        return (
            f"x should be float32, but is {x.dtype}. Keras works in float32; float64 takes twice the memory."
        )
    if not np.all(np.isfinite(x)) or x.min() < 0 or x.max() > 1:
        return f"The values of x should lie from 0 to 1, but run from {x.min():g} to {x.max():g}."
    if not np.allclose(x[..., 0] * 255, images, atol=0.01):
        return (
            "The values of x aren't the images divided by 255. A dim batch must stay dim: its own maximum "
            f"is {images.max()}, so its largest value after scaling is {images.max() / 255:.3f}; "
            f"yours is {x.max():.3f}."
        )
    return ""


def _one_hot_problem(y: NDArray[Any] | None, labels: NDArray[Any]) -> str:
    expected = (len(labels), CLASSES)
    if y is None or y.shape != expected:
        found = "missing" if y is None else f"{y.shape}"
        return f"The shape of y should be {expected}, for any batch, also one without a 9; but it is {found}."
    if not np.all((y == 0) | (y == 1)) or not np.all(y.sum(axis=1) == 1):
        return "Each row of y should hold a single 1 and nine 0s."
    wrong = np.flatnonzero(y.argmax(axis=1) != labels)
    if len(wrong):
        row = wrong[0]
        return (
            f"Row {row} of y has its 1 at position {y[row].argmax()}, but the label there is {labels[row]}."
        )
    return ""


class ParameterCount(Item):
    """`count_parameters(sizes)`: weights and biases of a stack of dense layers, e.g. [784, 32, 10]."""

    parts = ("count",)

    def draw(self, images: ImageSource, rng: np.random.Generator) -> Challenge:
        networks = np.zeros((12, 6), dtype=np.int64)  # a row a network, padded with zeros
        for row in networks:
            depth = rng.integers(2, 7)
            row[:depth] = rng.integers(1, 1000, depth)
        return Challenge(inputs={"networks": networks})

    def collect(self, answer: tuple[Any, ...], inputs: Arrays) -> Evidence:
        count = answer[0]
        if count is None or is_empty(count):
            return Evidence(attempted=False)
        counts = [count([int(size) for size in row if size]) for row in inputs["networks"]]
        return Evidence(arrays=outputs_as_arrays(counts, ("counts",)) if _numbers(counts) else {})

    def findings(self, evidence: Evidence, seen: Observation, challenge: Challenge) -> tuple[Finding, ...]:
        networks = challenge.inputs["networks"]
        weights = (networks[:, :-1] * networks[:, 1:]).sum(axis=1)
        expected = weights + networks[:, 1:].sum(axis=1)
        counts = evidence.arrays.get("counts")
        if counts is None or counts.shape != expected.shape:
            return (
                Finding("count", 0.0, "count_parameters should return one whole number for each network."),
            )
        wrong = np.flatnonzero(counts != expected)
        if not len(wrong):
            return (Finding("count", 1.0, f"Right for {len(expected)} networks of 2 to 6 sizes."),)
        row = wrong[0]
        sizes = [int(size) for size in networks[row] if size]
        advice = _miscounted(counts, weights, networks)
        reason = f"For the sizes {sizes} you count {counts[row]:,}, which isn't right. {advice}"
        return (Finding("count", 0.0, reason),)


def _miscounted(counts: NDArray[Any], weights: NDArray[Any], networks: NDArray[Any]) -> str:
    """What the wrong counts look like, as advice."""
    if np.array_equal(counts, weights):
        return "That is the weights alone: each unit has a bias, too."
    if np.array_equal(counts, weights + networks.sum(axis=1)):
        return "The input values have no biases: they are given, not computed."
    return "Count a small one on paper: [2, 3, 1] has 13."


def _numbers(values: list[Any]) -> bool:
    return all(isinstance(value, int | float | np.number) for value in values)


class ShiftDrop(Item):
    """`shift_and_compare(model, images, labels, pixels)`: predictions when shifted, and what it costs.

    The model is a template matcher whose weights are drawn with the challenge, so the item stands on its own
    whatever became of the student's network, and the judge knows every prediction. The drop may follow from
    the student's own predictions: who moves the images the wrong way, but compares rightly, loses one part.
    """

    parts = ("predictions", "drop")

    def draw(self, images: ImageSource, rng: np.random.Generator) -> Challenge:
        x, y = images(500, int(rng.integers(2**31)))
        weights, bias = _template_matcher(x[300:], y[300:])
        # Where there is no ink before the move, and none after it, the model is touchy: what comes back in
        # on the left (np.roll), or comes in white, changes its mind.
        by_column = weights.reshape(*x.shape[1:3], CLASSES)
        by_column[:, :_TOUCHY_COLUMNS] += rng.normal(size=by_column[:, :_TOUCHY_COLUMNS].shape)
        pixels = np.array(rng.integers(_TOUCHY_COLUMNS + 1, 9))
        return Challenge(
            inputs={"images": x[:300], "labels": y[:300], "pixels": pixels, "weights": weights, "bias": bias}
        )

    def collect(self, answer: tuple[Any, ...], inputs: Arrays) -> Evidence:
        compare = answer[0]
        if compare is None or is_empty(compare):
            return Evidence(attempted=False)
        model = _keras_template_matcher(inputs["weights"], inputs["bias"])
        returned = compare(model, inputs["images"].copy(), inputs["labels"].copy(), int(inputs["pixels"]))
        return Evidence(arrays=outputs_as_arrays(returned, ("predictions", "drop")))

    def findings(self, evidence: Evidence, seen: Observation, challenge: Challenge) -> tuple[Finding, ...]:
        given = challenge.inputs
        predictions = evidence.arrays.get("predictions")
        if predictions is None or predictions.shape != given["labels"].shape:
            shape = "missing" if predictions is None else f"{predictions.shape}"
            message = (
                f"predictions should be one class an image, shape {given['labels'].shape}; yours: {shape}."
            )
            return Finding("predictions", 0.0, message), self._drop(evidence, challenge, None)
        return self._predictions(predictions, given), self._drop(evidence, challenge, predictions)

    def _predictions(self, found: NDArray[Any], given: Arrays) -> Finding:
        pixels = int(given["pixels"])
        moved = shift_right(given["images"], pixels)
        # Two ways to sum the same products can tip a tie; one image in a hundred is allowed for that.
        agreement = float(np.mean(found == _predict(moved, given)))
        message = f"Your predictions agree with the model's on images moved {pixels} pixels right: "
        if agreement >= _AGREEMENT:
            return Finding("predictions", 1.0, f"{message}{100 * agreement:.0f} %.")
        return Finding(
            "predictions", 0.0, f"{message}{100 * agreement:.0f} %. {_looks_like(found, given)}".strip()
        )

    def _drop(self, evidence: Evidence, challenge: Challenge, predictions: NDArray[Any] | None) -> Finding:
        found = evidence.arrays.get("drop")
        if found is None or found.shape != () or not np.isfinite(found):
            return Finding(
                "drop", 0.0, "drop should be a single number: accuracy before minus accuracy after."
            )
        value, given = float(found), challenge.inputs
        still = _predict(given["images"], given)
        moved = _predict(shift_right(given["images"], int(given["pixels"])), given)
        before, after = (float(np.mean(classes == given["labels"])) for classes in (still, moved))
        accepted = [before - after]
        if predictions is not None and np.mean(predictions == still) < _AGREEMENT:
            accepted.append(before - float(np.mean(predictions == given["labels"])))
        right = any(abs(value - drop) <= _TOLERANCE for drop in accepted)
        said = f"The drop you report is {value:.3f}"
        wrong = f"{said}, which isn't the accuracy before minus the accuracy after. "
        wrong += _miscompared(value, before, accepted[-1])
        return self.finding("drop", right, f"{said}, as it should be.", wrong.strip())


_AGREEMENT = 0.99
_RESEMBLANCE = 0.95
_TOLERANCE = 0.01
_TOUCHY_COLUMNS = 4


def _looks_like(found: NDArray[Any], given: Arrays) -> str:
    """Which other move the predictions look like, as advice; "" where they look like none."""
    images, pixels = given["images"], int(given["pixels"])
    mistakes = {
        "They are those of images that were not moved at all.": images,
        "They look like a move to the left.": shift_right(images[:, :, ::-1], pixels)[:, :, ::-1],
        "They look like a move down: the second axis is rows, the third is columns.": _turned(
            shift_right(_turned(images), pixels)
        ),
        "They look like a move up.": _turned(shift_right(_turned(images)[:, :, ::-1], pixels)[:, :, ::-1]),
        "What leaves on the right seems to come back in on the left; it should be lost.": np.roll(
            images, pixels, axis=2
        ),
    }
    resemblance = {
        message: float(np.mean(found == _predict(moved, given))) for message, moved in mistakes.items()
    }
    best = max(resemblance, key=resemblance.__getitem__)
    return best if resemblance[best] >= _RESEMBLANCE else ""


def _turned(images: NDArray[Any]) -> NDArray[Any]:
    """Rows as columns and columns as rows."""
    return np.swapaxes(images, 1, 2)


def _miscompared(value: float, before: float, drop: float) -> str:
    """What a wrong drop looks like, as advice; "" where it looks like nothing known."""
    looks = {
        "It looks like after minus before: a loss should be a positive drop.": -drop,
        "It looks like per cent; accuracies here run from 0 to 1.": 100 * drop,
        "It looks like the accuracy after the move, not the difference.": before - drop,
        "It looks like a share of the accuracy before; the plain difference is asked for.": drop / before
        if before
        else drop,
    }
    for message, wrong in looks.items():
        if abs(value - wrong) <= (1.0 if "per cent" in message else _TOLERANCE):
            return message
    return ""


def shift_right(images: NDArray[Any], pixels: int) -> NDArray[Any]:
    """Images (n, 28, 28, 1) moved right, black where nothing is left; the outermost columns are lost."""
    moved = np.zeros_like(images)
    moved[:, :, pixels:] = images[:, :, : images.shape[2] - pixels]
    return moved


def _template_matcher(x: NDArray[Any], y: NDArray[Any]) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Weights (784, 10) and bias (10,) of the classifier that picks the nearest class mean."""
    flat = x.reshape(len(x), -1)
    means = np.stack([flat[y == label].mean(axis=0) for label in range(CLASSES)])
    return means.T.astype(np.float32), (-0.5 * (means**2).sum(axis=1)).astype(np.float32)


def _keras_template_matcher(weights: NDArray[Any], bias: NDArray[Any]) -> Any:
    import keras

    layers = [
        keras.Input((28, 28, 1)),
        keras.layers.Flatten(),
        keras.layers.Dense(CLASSES, activation="softmax"),
    ]
    model = keras.Sequential(layers)
    model.layers[-1].set_weights([weights, bias])
    model.compile(loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    return model


def _predict(images: NDArray[Any], given: Arrays) -> NDArray[np.int64]:
    scores = images.reshape(len(images), -1) @ given["weights"] + given["bias"]
    return np.asarray(scores.argmax(axis=1))
