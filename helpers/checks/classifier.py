"""Checks of image classifiers: rules for the network, probabilities out, accuracy on unseen images."""

from __future__ import annotations

from fnmatch import fnmatchcase
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from helpers.checks.evidence import Arrays, Evidence
from helpers.checks.inlining import exported_inlined
from helpers.checks.items import Challenge, ImageSource, Item, Rejected, is_empty
from helpers.checks.observation import Observation
from helpers.checks.verdict import Finding

UNSEEN = "unseen"


class Classifier(Item):
    """A trained model, handed over as it is, and the function that made it.

    Parts: "probabilities" (each row of the output sums to 1) and "accuracy" (a ramp in assignment.toml).
    Settings: unseen_images, classes, parameters_at_most; layers_required and layers_forbidden are patterns
    of layers' class names, such as "*Conv*".
    A model that breaks a rule of the task earns nothing: it answers another question.
    """

    parts: ClassVar[tuple[str, ...]] = ("probabilities", "accuracy")
    ramped: ClassVar[tuple[str, ...]] = ("accuracy",)
    settings: ClassVar[tuple[str, ...]] = (
        "unseen_images",
        "classes",
        "parameters_at_most",
        "layers_required",
        "layers_forbidden",
    )
    observed = True

    def draw(self, images: ImageSource, rng: np.random.Generator) -> Challenge:
        x, y = images(self.setting("unseen_images"), int(rng.integers(2**31)))
        return Challenge(unseen={UNSEEN: x}, key={"labels": y})

    def collect(self, answer: tuple[Any, ...], inputs: Arrays) -> Evidence:
        import keras

        model = answer[0]
        if model is None or model is ...:
            if all(is_empty(function) for function in answer[1:]):
                return Evidence(attempted=False)
            return Evidence(
                problem="There is no model: your function stopped with an error or has no `return`."
            )
        if not isinstance(model, keras.Model):
            kind = type(model).__name__
            advice = " That is what fit gives back; return the model itself." if kind == "History" else ""
            return Evidence(
                problem=f"A trained Keras model was expected, but this is a value of type {kind}.{advice}"
            )
        return Evidence(model=exported_inlined(model))

    def findings(self, evidence: Evidence, seen: Observation, challenge: Challenge) -> tuple[Finding, ...]:
        problem = seen.problem or self.broken_rule(seen)
        if problem:
            raise Rejected(problem)
        predicted, labels = seen.predictions[UNSEEN], challenge.key["labels"]
        problem = unusable_output(predicted, len(labels), self.setting("classes"))
        if problem:
            raise Rejected(problem)
        return self.probabilities(predicted), self.accuracy("accuracy", predicted, labels, "unseen images")

    def broken_rule(self, seen: Observation) -> str:
        """Which rule of the task the network breaks, in a sentence; "" where it keeps them all."""
        most = self.setting("parameters_at_most")
        if seen.parameters > most:
            return f"The model has {seen.parameters:,} parameters; this task allows {most:,} at most."
        for pattern in self.setting("layers_required"):
            if not any(fnmatchcase(layer, pattern) for layer in seen.layers):
                kind = pattern.replace("*", "")
                return f"The model has no {kind} layer, which this task is about."
        for pattern in self.setting("layers_forbidden"):
            for layer in seen.layers:
                if fnmatchcase(layer, pattern):
                    return f"The model has a layer of the kind {layer}, which this task doesn't allow."
        return ""

    def probabilities(self, predicted: NDArray[Any]) -> Finding:
        """The finding on whether each row of the output sums to 1."""
        sums = predicted.sum(axis=1)
        right = bool(np.all(predicted >= 0) and np.allclose(sums, 1.0, atol=1e-3))
        wrong = (
            f"The outputs aren't probabilities: the first row sums to {sums[0]:.2f}, its smallest value is "
            f"{predicted[0].min():.2f}. Which activation turns scores into probabilities?"
        )
        return self.finding(
            "probabilities", right, "The outputs are probabilities: each row sums to 1.", wrong
        )

    def accuracy(self, part: str, predicted: NDArray[Any], labels: NDArray[Any], images: str) -> Finding:
        """The finding on a part with a ramp; `images` says in the message what was predicted."""
        accuracy = float(np.mean(predicted.argmax(axis=1) == labels))
        ramp = self.specification.ramps[part]
        message = (
            f"Accuracy on {len(labels):,} {images}: {_percent(accuracy)}. "
            f"Full marks from {_percent(ramp.full)}, none up to {_percent(ramp.zero)}."
        )
        if accuracy < ramp.full:
            message = f"{message} {self.advice(accuracy, predicted, labels)}".strip()
        return Finding(part, ramp.share(accuracy), message, accuracy)

    def advice(self, accuracy: float, predicted: NDArray[Any], labels: NDArray[Any]) -> str:
        """What may be wrong where the accuracy is too low, in a sentence; "" where nothing stands out."""
        if accuracy >= 1.5 / self.setting("classes"):
            return ""
        return (
            "That is hardly better than guessing: does the loss fall while it trains, do images and "
            "labels belong together, and does it get the images as they are here, from 0 to 1?"
        )


def _percent(share: float) -> str:
    # Cut, not rounded: 92.99 % isn't shown as the 93.0 % that it falls short of.
    return f"{np.floor(share * 1000 + 1e-9) / 10:.1f} %"


def unusable_output(predicted: NDArray[Any], n: int, classes: int) -> str:
    """Why a model's output can't be read as scores for n images, in a sentence; "" where it can."""
    if predicted.shape != (n, classes):
        return (
            f"The output for {n} images has shape {predicted.shape}; expected is ({n}, {classes}): "
            "one value a class."
        )
    if predicted.dtype.kind != "f" or not np.all(np.isfinite(predicted)):
        return (
            "The output holds values that aren't finite numbers (NaN or infinity): training went astray. "
            "A learning rate that is too large does that."
        )
    return ""
