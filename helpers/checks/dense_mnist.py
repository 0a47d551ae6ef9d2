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

    The images drawn are dim (their largest value is below 255) and some digits are missing among the labels:
    an answer that measures either of the two from the batch is wrong for the next batch.
    """

    def draw(self, images: ImageSource, rng: np.random.Generator) -> Challenge:
        x, y = images(200, int(rng.integers(2**31)))
        kept = y < CLASSES - 1
        dim = np.round(x[kept, :, :, 0] * 200).astype(np.uint8)
        return Challenge(inputs={"images": dim, "labels": y[kept]})

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
        expected = (networks[:, :-1] * networks[:, 1:] + networks[:, 1:] * (networks[:, :-1] > 0)).sum(axis=1)
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
        reason = (
            f"For the sizes {sizes} you count {counts[row]:,}, which isn't right. Count a small one on paper."
        )
        return (Finding("count", 0.0, reason),)


def _numbers(values: list[Any]) -> bool:
    return all(isinstance(value, int | float | np.number) for value in values)


class ShiftDrop(Item):
    """`shift_and_compare(model, images, labels, pixels)`: predictions when shifted, and what it costs.

    The model is a template matcher whose weights are drawn with the challenge, so the item stands on its own
    whatever became of the student's network, and the judge knows every prediction.
    """

    def draw(self, images: ImageSource, rng: np.random.Generator) -> Challenge:
        x, y = images(1200, int(rng.integers(2**31)))
        weights, bias = _template_matcher(x[400:], y[400:])
        pixels = np.array(rng.integers(3, 6))
        return Challenge(
            inputs={"images": x[:400], "labels": y[:400], "pixels": pixels, "weights": weights, "bias": bias}
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
        still = _predict(given["images"], given)
        moved = _predict(shift_right(given["images"], int(given["pixels"])), given)
        drop = float(np.mean(still == given["labels"]) - np.mean(moved == given["labels"]))
        return (
            self._predictions(evidence.arrays.get("predictions"), moved, int(given["pixels"])),
            self._drop(evidence.arrays.get("drop"), drop),
        )

    def _predictions(self, found: NDArray[Any] | None, expected: NDArray[Any], pixels: int) -> Finding:
        if found is None or found.shape != expected.shape:
            shape = "missing" if found is None else f"{found.shape}"
            message = (
                f"predictions should be one class number an image, shape {expected.shape}; yours: {shape}."
            )
            return Finding("predictions", 0.0, message)
        # Two ways to sum the same products can tip a tie; one image in a hundred is allowed for that.
        agreement = float(np.mean(found == expected))
        message = (
            f"Your predictions agree with the model's on images moved {pixels} pixels right: {agreement:.0%}."
        )
        return Finding("predictions", 1.0 if agreement >= 0.99 else 0.0, message)

    def _drop(self, found: NDArray[Any] | None, expected: float) -> Finding:
        if found is None or found.shape != () or not np.isfinite(found):
            return Finding(
                "drop", 0.0, "drop should be a single number: accuracy before minus accuracy after."
            )
        right = abs(float(found) - expected) <= 0.01
        message = f"The drop you report is {float(found):.3f}"
        wrong = f"{message}, which isn't the accuracy (0 to 1) before minus the accuracy after the shift."
        return self.finding("drop", right, f"{message}, as it should be.", wrong)


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
