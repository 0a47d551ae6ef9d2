"""The student's model as a reader of signs: checked once, then asked for each frame."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

from helpers.game.errors import GameError
from helpers.game.rules import SIGNS

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

SIDE = 28
_NEEDED = (
    f"The game needs a model that takes images ({SIDE}, {SIDE}, 1) with values from 0 to 1 and gives "
    f"{len(SIGNS)} probabilities: {', '.join(SIGNS)}."
)


class Reader:
    """Reads signs with a model.

    Args:
        model: a Keras model; or anything with `predict`, or that can be called, with a batch (n, 28, 28, 1)
            in [0, 1], and gives probabilities (n, 3) in the order of SIGNS.

    Raises:
        GameError: it doesn't; the message says what it gives.
    """

    def __init__(self, model: Any) -> None:
        import numpy as np

        if not (callable(model) or hasattr(model, "predict")):
            raise GameError(f"{_NEEDED} This is no model, but of the type {type(model).__name__}.")
        self._model = model
        shades = np.linspace(0, 255, SIDE * SIDE).astype(np.uint8).reshape(SIDE, SIDE)
        self._answer(np.stack([shades, 255 - shades]))

    def read(self, frame: NDArray[np.uint8]) -> NDArray[np.float64]:
        """The probabilities (3,) for one frame (28, 28) with grey levels from 0 to 255.

        Raises:
            GameError: the model has come to fail, or its answer is none.
        """
        answer: NDArray[np.float64] = self._answer(frame[None])[0]
        return answer

    def _answer(self, frames: NDArray[np.uint8]) -> NDArray[np.float64]:
        """Probabilities (n, 3) for frames (n, 28, 28)."""
        import numpy as np

        batch = frames[..., None].astype(np.float32) / 255
        try:
            answer = np.asarray(self._ask(batch), dtype=np.float64)
        except Exception as error:  # whatever a student's model raises, it is the model that is to be mended
            reason = (str(error).strip() or "no reason given").splitlines()[0]
            raise GameError(f"{_NEEDED} This one fails on them: {type(error).__name__}: {reason}") from error
        _check_answer(answer, len(frames))
        return answer

    def _ask(self, batch: NDArray[np.floating]) -> Any:
        keras = sys.modules.get("keras")
        if keras is not None and isinstance(self._model, keras.Model):
            return self._model(batch, training=False)  # for one image ten times as quick as predict
        return self._model.predict(batch) if hasattr(self._model, "predict") else self._model(batch)


def _check_answer(answer: NDArray[np.float64], count: int) -> None:
    import numpy as np

    if answer.shape != (count, len(SIGNS)):
        given = f"{answer.shape[-1]} numbers" if answer.ndim == 2 else f"arrays of the shape {answer.shape}"
        raise GameError(
            f"{_NEEDED} This one gives {given}. For the game, end the network with Dense(3) and softmax, "
            'and train it on datasets.load("rps").'
        )
    if not np.all(np.isfinite(answer)):
        raise GameError(
            f"{_NEEDED} This one gives nan or infinity: its training has gone wrong; train it anew, with a "
            "smaller learning rate."
        )
    if answer.min() < -1e-6 or np.abs(answer.sum(axis=1) - 1).max() > 1e-3:
        raise GameError(
            f"{_NEEDED} What this one gives doesn't make 1: its last layer lacks softmax. Wrap it: "
            "keras.Sequential([model, keras.layers.Softmax()])."
        )
