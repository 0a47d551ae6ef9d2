"""A network together with the scaling that it was trained with: raw pixels in, its answers out."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from helpers.checks.evidence import Arrays, Evidence
from helpers.checks.items import (
    Challenge,
    ImageSource,
    Item,
    Rejected,
    UnusableReturn,
    is_empty,
    outputs_as_arrays,
)
from helpers.checks.observation import Observation
from helpers.checks.verdict import Finding

_SIDE, _CLASSES, _IMAGES = 28, 10, 30


class RawPixels(Item):
    """`from_raw(network)`: a model that takes pixels from 0 to 255, around a network that wants -1 to 1.

    The network's weights are drawn with the challenge, so the judge knows each of its answers.
    """

    parts = ("answers",)

    def draw(self, images: ImageSource, rng: np.random.Generator) -> Challenge:
        brightest = rng.integers(60, 256, (_IMAGES, 1, 1, 1))  # dim ones stay dim
        raw = np.floor(rng.random((_IMAGES, _SIDE, _SIDE, 1)) * (brightest + 1))
        weights = rng.normal(0, 0.06, (_SIDE**2, _CLASSES)).astype(np.float32)
        return Challenge(inputs={"raw": raw.astype(np.float32), "weights": weights})

    def collect(self, answer: tuple[Any, ...], inputs: Arrays) -> Evidence:
        import keras

        from_raw = answer[0]
        if from_raw is None or is_empty(from_raw):
            return Evidence(attempted=False)
        whole = from_raw(_network(inputs["weights"]))
        if not isinstance(whole, keras.Model):
            kind = "nothing" if whole is None else f"a value of type {type(whole).__name__}"
            raise UnusableReturn(f"Your function should return a Keras model, but returned {kind}.")
        answers = whole(inputs["raw"].copy(), training=False)
        return Evidence(arrays=outputs_as_arrays(answers, ("answers",)))

    def findings(self, evidence: Evidence, seen: Observation, challenge: Challenge) -> tuple[Finding, ...]:
        raw, weights = challenge.inputs["raw"], challenge.inputs["weights"]
        found = evidence.arrays.get("answers")
        if found is None or found.shape != (len(raw), weights.shape[1]):
            shape = "missing" if found is None else f"{found.shape}"
            raise Rejected(
                f"For {len(raw)} raw images the network gives probabilities of shape "
                f"{(len(raw), weights.shape[1])}; your model's output: {shape}."
            )

        def looks_like(scaled: NDArray[Any]) -> bool:
            return bool(np.allclose(found, _answers(scaled, weights), atol=1e-3))

        if looks_like(raw / 127.5 - 1):
            return (
                Finding("answers", 1.0, "Raw pixels get the answers that the network gives to scaled ones."),
            )
        mistakes = {
            "The network gets raw pixels, from 0 to 255.": raw,
            "The network gets pixels from 0 to 1; it wants black as -1.": raw / 255,
            "The network gets pixels from -1 to 0: half of its range.": raw / 255 - 1,
            "The network gets pixels from 0 to 2; it wants black as -1.": raw / 127.5,
            "Black and white have changed places.": 1 - raw / 127.5,
            "The pixels are scaled twice.": (raw / 127.5 - 1) / 127.5 - 1,
            "The offset is added after scaling: see what becomes of 0 and of 255.": raw / 127.5 - 127.5,
        }
        advice = next((said for said, scaled in mistakes.items() if looks_like(scaled)), "")
        message = "Raw pixels get other answers than the network gives to the same pixels from -1 to 1. "
        advice = advice or "What becomes of 0, and what of 255? A dim image must stay dim."
        return (Finding("answers", 0.0, message + advice),)


def _network(weights: NDArray[Any]) -> Any:
    import keras

    network = keras.Sequential(
        [
            keras.Input((_SIDE, _SIDE, 1)),
            keras.layers.Flatten(),
            keras.layers.Dense(weights.shape[1], activation="softmax", use_bias=False),
        ],
        name="network",
    )
    network.set_weights([weights])
    return network


def _answers(scaled: NDArray[Any], weights: NDArray[Any]) -> NDArray[Any]:
    scores = scaled.reshape(len(scaled), -1).astype(np.float64) @ weights
    powers = np.exp(scores - scores.max(axis=1, keepdims=True))
    return np.asarray(powers / powers.sum(axis=1, keepdims=True))
