"""The functions of assignment 03: parameters of a convolutional network, and which classes are confused."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from helpers.checks.cases import KEPT, Case, FunctionItem

Advice = Iterator[tuple[str, Callable[[], Any]]]
Layer = dict[str, Any]

_NETWORKS_DRAWN = 4
_MATRICES_DRAWN = 5


class ParameterCount(FunctionItem):
    """`count_parameters(shape, layers)`: all numbers that `model.summary()` counts, trainable or not.

    Layers are described as `conv`, `pool` and the others here do it. In each part but the last, nothing but
    its own kind of layer has parameters.
    """

    parts = ("convolution", "dense", "normalisation", "whole")
    labels = {  # noqa: RUF012
        "convolution": "Convolutions",
        "dense": "Dense layers after pooling and flattening",
        "normalisation": "Batch normalisation",
        "whole": "Whole networks",
    }
    returns = "a whole number"

    def cases(self, rng: np.random.Generator) -> Iterator[Case]:
        yield _network("convolution", (6, 6, 1), [conv(2, 3, "same")])
        yield _network("convolution", (6, 6, 3), [conv(2, 3, "same")])
        for _ in range(_NETWORKS_DRAWN):
            yield _network("convolution", _shape(rng), [_conv(rng) for _ in range(rng.integers(2, 4))])
        yield _network("dense", (4, 4, 1), [FLATTEN, dense(3)])
        yield _network("dense", (5, 7, 2), [pool(2), FLATTEN, dense(3)])  # a row and a column are left over
        for _ in range(_NETWORKS_DRAWN):
            pools = [pool(int(rng.integers(2, 4))) for _ in range(rng.integers(1, 3))]
            yield _network("dense", _shape(rng), [*pools, FLATTEN, _dense(rng), _dense(rng)])
        yield _network("normalisation", (5, 5, 3), [NORMALISE])
        for _ in range(_NETWORKS_DRAWN):
            places = [[NORMALISE, pool(2), NORMALISE], [pool(2), NORMALISE]]
            yield _network("normalisation", _shape(rng), places[rng.integers(2)])
        yield _network("whole", (8, 8, 1), [conv(2, 3, "valid"), pool(2), FLATTEN, dense(2)])
        for _ in range(_NETWORKS_DRAWN):
            yield _network("whole", _shape(rng), _whole(rng))

    def expected(self, case: Case) -> int:
        return count(*case.values)

    def mistakes(self, case: Case) -> Advice:
        shape, layers = case.values
        yield "Each filter and each unit has a bias, too.", lambda: count(shape, layers, bias=0)
        yield (
            "A filter reaches through all channels that come in: it has weights for each of them.",
            lambda: count(shape, layers, through=False),
        )
        yield (
            "For each channel it keeps four numbers: scale and shift, which are trained, and the mean and "
            "the variance that it has seen, which aren't.",
            lambda: count(shape, layers, normalising=2),
        )
        yield (
            "Pooling makes the image smaller before it is flattened.",
            lambda: count(shape, layers, pools=False),
        )
        yield (
            "A window that is only half filled at the edge gives no value: pooling rounds down.",
            lambda: count(shape, layers, rounding=_up),
        )
        yield (
            'With padding "valid", a convolution makes the image smaller: by kernel_size − 1.',
            lambda: count(shape, layers, shrinks=False),
        )


FLATTEN: Layer = {"kind": "Flatten"}
NORMALISE: Layer = {"kind": "BatchNormalization"}


def conv(filters: int, kernel_size: int, padding: str) -> Layer:
    """The description of a convolution."""
    return {"kind": "Conv2D", "filters": filters, "kernel_size": kernel_size, "padding": padding}


def pool(pool_size: int) -> Layer:
    """The description of max pooling."""
    return {"kind": "MaxPooling2D", "pool_size": pool_size}


def dense(units: int) -> Layer:
    """The description of a dense layer."""
    return {"kind": "Dense", "units": units}


def _conv(rng: np.random.Generator) -> Layer:
    return conv(int(rng.integers(2, 12)), int(rng.choice([1, 2, 3, 5])), str(rng.choice(["same", "valid"])))


def _dense(rng: np.random.Generator) -> Layer:
    return dense(int(rng.integers(2, 40)))


def _shape(rng: np.random.Generator) -> tuple[int, ...]:
    """The shape of an image that is large enough for all that is drawn here."""
    return (*(int(length) for length in rng.integers(21, 35, 2)), int(rng.integers(1, 5)))


def _whole(rng: np.random.Generator) -> list[Layer]:
    """Two blocks and a dense head. The first convolution makes the image smaller."""
    first = conv(int(rng.integers(2, 12)), int(rng.choice([3, 5])), "valid")
    return [first, NORMALISE, pool(2), _conv(rng), pool(2), FLATTEN, _dense(rng), NORMALISE, _dense(rng)]


def _network(part: str, shape: tuple[int, ...], layers: list[Layer]) -> Case:
    return Case(part, (("shape", shape), ("layers", tuple(layers))))


def _down(size: int, window: int) -> int:
    return size // window


def _up(size: int, window: int) -> int:
    return -(-size // window)


def count(
    shape: tuple[int, ...],
    layers: Sequence[Layer],
    *,
    bias: int = 1,
    through: bool = True,
    normalising: int = 4,
    pools: bool = True,
    rounding: Callable[[int, int], int] = _down,
    shrinks: bool = True,
) -> int:
    """The number of parameters of the described network; the options are mistakes that can be made."""
    height, width, channels = shape
    total = 0
    for layer in layers:
        match layer["kind"]:
            case "Conv2D":
                kernel, filters = layer["kernel_size"], layer["filters"]
                total += (kernel**2 * (channels if through else 1) + bias) * filters
                lost = kernel - 1 if layer["padding"] == "valid" and shrinks else 0
                height, width, channels = height - lost, width - lost, filters
            case "MaxPooling2D" if pools:
                height, width = (rounding(size, layer["pool_size"]) for size in (height, width))
            case "BatchNormalization":
                total += normalising * channels
            case "Flatten":
                height, width, channels = 1, 1, height * width * channels
            case "Dense":
                total += (channels + bias) * layer["units"]
                channels = layer["units"]
    return total


class ConfusionMatrix(FunctionItem):
    """`confusion_matrix(labels, predictions, classes)`: a row for each class, a column for each found."""

    parts = ("counts", "absent")
    labels = {  # noqa: RUF012
        "counts": "Where every class occurs",
        "absent": "Where a class doesn't occur",
    }
    returns = "the matrix"

    def cases(self, rng: np.random.Generator) -> Iterator[Case]:
        yield _predicted("counts", [0, 0, 1, 2], [0, 1, 1, 2], 3)
        for classes in rng.integers(3, 8, _MATRICES_DRAWN).tolist():
            yield _predicted("counts", *_labelled(rng, np.arange(classes)), classes)
        yield _predicted("absent", [0, 1, 1], [1, 1, 0], 3)
        for classes in rng.integers(4, 9, _MATRICES_DRAWN).tolist():
            present = np.delete(np.arange(classes), [rng.integers(classes - 1), classes - 1])
            yield _predicted("absent", *_labelled(rng, present), classes)

    def expected(self, case: Case) -> NDArray[np.int64]:
        return confusion(*case.values)

    def mistakes(self, case: Case) -> Advice:
        labels, predictions, classes = case.values
        yield (
            "Rows and columns have changed places: the row is the true class.",
            lambda: confusion(predictions, labels, classes),
        )
        yield (
            "The predictions that are right belong in it, too: on the diagonal.",
            lambda: _without_diagonal(confusion(labels, predictions, classes)),
        )
        yield (
            "These are shares of each class; counts are asked for.",
            lambda: _shares(confusion(labels, predictions, classes)),
        )
        present = np.union1d(labels, predictions)
        yield (
            "A class that doesn't occur has a row and a column all the same.",
            lambda: confusion(labels, predictions, classes)[np.ix_(present, present)],
        )
        yield (
            "A pair that occurs several times counts as often. (matrix[rows, columns] += 1 counts it once.)",
            lambda: np.minimum(confusion(labels, predictions, classes), 1),
        )


class MostConfused(FunctionItem):
    """`most_confused(matrix)`: (true class, the class it is taken for) of the most frequent mistake."""

    parts = ("pair", KEPT)
    labels = {"pair": "The pair", KEPT: "The matrix that you are given"}  # noqa: RUF012
    returns = "a pair of classes"

    def cases(self, rng: np.random.Generator) -> Iterator[Case]:
        yield _matrix([[5, 1, 0], [0, 6, 2], [0, 1, 4]])
        for classes in rng.integers(4, 9, _MATRICES_DRAWN).tolist():
            yield _matrix(_confused(rng, classes))

    def expected(self, case: Case) -> NDArray[np.int64]:
        return worst_pair(case.arrays[0])

    def mistakes(self, case: Case) -> Advice:
        (matrix,) = case.arrays
        yield "The other way round: the true class comes first.", lambda: worst_pair(matrix)[::-1]
        yield (
            "That is on the diagonal, where predictions are right.",
            lambda: _place_of_largest(matrix),
        )
        both = _without_diagonal(matrix + matrix.T)
        yield "Both directions were added up; only one counts.", lambda: _place_of_largest(both)
        yield "Both directions were added up; only one counts.", lambda: _place_of_largest(both)[::-1]
        yield (
            "That pair has the largest share of its class; the largest count is asked for.",
            lambda: _place_of_largest(_without_diagonal(_shares(matrix))),
        )


def confusion(labels: NDArray[Any], predictions: NDArray[Any], classes: int) -> NDArray[np.int64]:
    """How often each true class (row) is taken for each class (column)."""
    matrix = np.zeros((classes, classes), dtype=np.int64)
    np.add.at(matrix, (labels, predictions), 1)
    return matrix


def worst_pair(matrix: NDArray[Any]) -> NDArray[np.int64]:
    """The place of the largest count off the diagonal."""
    return _place_of_largest(_without_diagonal(matrix))


def _place_of_largest(matrix: NDArray[Any]) -> NDArray[np.int64]:
    return np.array(np.unravel_index(int(matrix.argmax()), matrix.shape))


def _without_diagonal(matrix: NDArray[Any]) -> NDArray[Any]:
    return np.asarray(matrix * (1 - np.eye(len(matrix), dtype=matrix.dtype)))


def _shares(matrix: NDArray[Any]) -> NDArray[np.float64]:
    return np.asarray(matrix / np.maximum(matrix.sum(axis=1, keepdims=True), 1))


def _predicted(part: str, labels: Any, predictions: Any, classes: int) -> Case:
    given = (("labels", np.array(labels)), ("predictions", np.array(predictions)), ("classes", classes))
    return Case(part, given)


def _labelled(rng: np.random.Generator, classes: NDArray[Any]) -> tuple[NDArray[Any], NDArray[Any]]:
    """Labels in which each of the classes occurs, and predictions of which two in three are right."""
    labels = rng.permutation(np.concatenate([classes, rng.choice(classes, rng.integers(20, 60))]))
    return labels, np.where(rng.random(len(labels)) < 2 / 3, labels, rng.choice(classes, len(labels)))


def _matrix(matrix: Any) -> Case:
    return Case("pair", (("matrix", np.array(matrix)),))


def _confused(rng: np.random.Generator, classes: int) -> NDArray[np.int64]:
    """A matrix in which other answers than the right one come from each mistake that is likely.

    Class a is taken for b most often. In both directions together, c and d are confused more. Of b, which is
    rare, the largest share is taken for something else. And most predictions are right.
    """
    matrix = rng.integers(0, 10, (classes, classes))
    a, b, c, d = rng.permutation(classes)[:4]
    np.fill_diagonal(matrix, rng.integers(100, 200, classes))
    matrix[a, b], matrix[b, a] = 40, 5
    matrix[c, d], matrix[d, c] = 33, 30
    matrix[b, b], matrix[b, d] = 20, 28
    return matrix
