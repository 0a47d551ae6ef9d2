"""Checks of image classifiers: rules for the network, probabilities out, accuracy on unseen images."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from helpers.checks.evidence import Arrays, Evidence, exported
from helpers.checks.items import Challenge, ImageSource, Item, Rejected
from helpers.checks.observation import Observation
from helpers.checks.verdict import Finding

UNSEEN = "unseen"


class Classifier(Item):
    """A trained model, handed over as it is.

    Parts: "probabilities" (each row of the output sums to 1) and "accuracy" (a ramp in assignment.toml).
    Settings: unseen_images, classes, parameters_at_most, layers_required, layers_forbidden.
    A model that breaks a rule of the task earns nothing: it answers another question.
    """

    def draw(self, images: ImageSource, rng: np.random.Generator) -> Challenge:
        x, y = images(self.setting("unseen_images"), int(rng.integers(2**31)))
        return Challenge(unseen={UNSEEN: x}, key={"labels": y})

    def collect(self, answer: tuple[Any, ...], inputs: Arrays) -> Evidence:
        import keras

        model = answer[0]
        if model is None or model is ...:
            return Evidence(attempted=False)
        if not isinstance(model, keras.Model):
            kind = type(model).__name__
            return Evidence(
                problem=f"A trained Keras model was expected, but this is a value of type {kind}."
            )
        return Evidence(model=exported(model))

    def findings(self, evidence: Evidence, seen: Observation, challenge: Challenge) -> tuple[Finding, ...]:
        problem = seen.problem or self.broken_rule(seen)
        if problem:
            raise Rejected(problem)
        predicted, labels = seen.predictions[UNSEEN], challenge.key["labels"]
        problem = unusable_output(predicted, len(labels), self.setting("classes"))
        if problem:
            raise Rejected(problem)
        return self._probabilities(predicted), self._accuracy(predicted, labels)

    def broken_rule(self, seen: Observation) -> str:
        """Which rule of the task the network breaks, in a sentence; "" where it keeps them all."""
        most = self.setting("parameters_at_most")
        if seen.parameters > most:
            return f"The model has {seen.parameters:,} parameters; this task allows {most:,} at most."
        for layer in self.setting("layers_required"):
            if layer not in seen.layers:
                return f"The model has no {layer} layer, which this task is about."
        for layer in self.setting("layers_forbidden"):
            if layer in seen.layers:
                return f"The model has a {layer} layer, which this task doesn't allow."
        return ""

    def _probabilities(self, predicted: NDArray[Any]) -> Finding:
        sums = predicted.sum(axis=1)
        right = bool(np.all(predicted >= 0) and np.allclose(sums, 1.0, atol=1e-3))
        wrong = (
            f"The outputs aren't probabilities: the first row sums to {sums[0]:.2f}, its smallest value is "
            f"{predicted[0].min():.2f}. Which activation turns scores into probabilities?"
        )
        return self.finding(
            "probabilities", right, "The outputs are probabilities: each row sums to 1.", wrong
        )

    def _accuracy(self, predicted: NDArray[Any], labels: NDArray[Any]) -> Finding:
        accuracy = float(np.mean(predicted.argmax(axis=1) == labels))
        ramp = self.specification.ramps["accuracy"]
        share = ramp.share(accuracy)
        message = (
            f"Accuracy on {len(labels):,} unseen images: {accuracy:.1%}. "
            f"Full marks from {ramp.full:.1%}, none up to {ramp.zero:.1%}."
        )
        return Finding("accuracy", share, message)


def unusable_output(predicted: NDArray[Any], n: int, classes: int) -> str:
    """Why a model's output can't be read as scores for n images, in a sentence; "" where it can."""
    if predicted.shape != (n, classes):
        return (
            f"The output for {n} images has shape {predicted.shape}; expected is ({n}, {classes}): "
            "one value a class."
        )
    if predicted.dtype.kind != "f" or not np.all(np.isfinite(predicted)):
        return "The output holds values that aren't finite numbers (NaN or infinity): training went astray."
    return ""
