"""A model's weights as seen from outside: of each array its kind and shape, and whether it is what it was.

No array leaves the process that holds the model: a digest says whether two are equal to the last bit, and a
few of its numbers say how far apart they are.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

_MOST = 500  # arrays of one model that are looked at
_SAMPLED = 16  # numbers of each
_NAME_LENGTH = 40


@dataclass(frozen=True)
class Weight:
    """One array of a model.

    name:      what it is in its layer, e.g. "kernel", "bias", "moving_mean".
    shape:     e.g. (3, 3, 1, 24).
    digest:    of all its numbers; equal for equal arrays alone.
    sample:    some of its numbers, from places that its size decides.
    trainable: whether the next training would change it.
    """

    name: str
    shape: tuple[int, ...]
    digest: str
    sample: tuple[float, ...]
    trainable: bool = True


def weights_of(model: Any) -> tuple[Weight, ...]:
    """All arrays of a Keras model in its own order; () where there are more than anybody needs."""
    import keras

    variables = model.weights
    if len(variables) > _MOST:
        return ()
    return tuple(
        weight(variable.name, keras.ops.convert_to_numpy(variable.value), bool(variable.trainable))
        for variable in variables
    )


def weight(name: str, values: NDArray[Any], trainable: bool = True) -> Weight:
    """One array as it is seen from outside."""
    numbers = np.ascontiguousarray(values, dtype=np.float32)
    digest = hashlib.sha256(numbers.tobytes()).hexdigest()
    places = np.linspace(0, max(numbers.size - 1, 0), min(_SAMPLED, numbers.size)).astype(int)
    sample = tuple(float(number) for number in numbers.reshape(-1)[places])
    return Weight(name[:_NAME_LENGTH], tuple(numbers.shape), digest, sample, trainable)


def distance(found: Sequence[Weight], expected: Sequence[Weight]) -> float:
    """How far arrays are from others of the same shapes, as a share of the others' size; 0 for equal ones.

    Random arrays are about 1.4 apart. Infinite where there is anything that isn't a number.
    """
    one, other = (np.concatenate([[*each.sample] for each in side]) for side in (found, expected))
    with np.errstate(all="ignore"):
        apart = float(np.linalg.norm(one - other) / max(float(np.linalg.norm(other)), 1e-12))
    return apart if np.isfinite(apart) else float("inf")


def as_facts(weights: Iterable[Weight]) -> list[dict[str, Any]]:
    """Weights as JSON holds them."""
    return [asdict(one) for one in weights]


def from_facts(facts: Any) -> tuple[Weight, ...]:
    """The weights that `as_facts` was given, from whoever wrote that: no more and no larger than they can be.

    Raises KeyError, TypeError, ValueError or OverflowError for anything else.
    """
    if len(facts) > _MOST:
        raise ValueError(f"{len(facts):,} arrays; at most {_MOST:,} are looked at")
    return tuple(
        Weight(
            name=str(entry["name"])[:_NAME_LENGTH],
            shape=tuple(int(length) for length in entry["shape"][:8]),
            digest=str(entry["digest"])[:64],
            sample=tuple(float(number) for number in entry["sample"][:_SAMPLED]),
            trainable=bool(entry["trainable"]),
        )
        for entry in facts
    )
