"""The items of assignment 06: signs out of a table, who wins a round, and networks that know hands."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from helpers.checks.cases import Case, FunctionItem
from helpers.checks.classifier import Classifier
from helpers.checks.evidence import Arrays, Evidence, printable
from helpers.checks.exercise import told
from helpers.checks.items import Challenge, ImageSource, Item, UnusableReturn, is_empty, outputs_as_arrays
from helpers.checks.observation import Observation
from helpers.checks.verdict import Finding

ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
SIGNS = "ABCDEFGHIKLMNOPQRSTUVWXY"  # J and Z are movements, which no still picture shows
HANDS = "ABV"

_SIDE = 28
_ROWS_A_LETTER = 3
_DIM = 200  # no pixel reaches it: an answer that divides by the brightest one is wrong
_FEW = 5
_ROUNDS = 12

Advice = Iterator[tuple[str, Callable[[], Any]]]


class ReadSigns(Item):
    """`read_signs(table, letters)`: images and class indices of these letters, from Kaggle's layout.

    It is called for A, B and V, for a few letters in an order that is drawn, and for all 24 signs. What the
    pictures show are patterns: nothing but their labels tells which letters they are.
    """

    parts = ("images", "chosen", "all")

    def draw(self, images: ImageSource, rng: np.random.Generator) -> Challenge:
        # Letters from both sides of the gap at J, not in the alphabet's order: the last comes first.
        middle = rng.choice(list("BCDEFGHIKLMNOPQRSTUVW"), _FEW - 2, replace=False)
        few = "".join(["X", *middle, "A"])
        inputs: dict[str, NDArray[Any]] = {}
        for name, letters in {"hands": HANDS, "few": few, "all": SIGNS}.items():
            inputs[f"letters_{name}"] = _packed(letters)
            inputs[f"table_{name}"] = _table(rng)
        return Challenge(inputs=inputs)

    def collect(self, answer: tuple[Any, ...], inputs: Arrays) -> Evidence:
        read_signs = answer[0]
        if read_signs is None or is_empty(read_signs):
            return Evidence(attempted=False)
        arrays: dict[str, NDArray[Any]] = {}
        for call in _calls(inputs):
            arrays |= {f"{key}_{call.name}": value for key, value in call.results(read_signs).items()}
        return Evidence(arrays=arrays)

    def findings(self, evidence: Evidence, seen: Observation, challenge: Challenge) -> tuple[Finding, ...]:
        calls = _calls(challenge.inputs)
        found = evidence.arrays
        images = _first(call.image_problem(found) for call in calls)
        chosen = _first(call.class_problem(found) for call in calls if call.name != "all")
        every = _first(call.class_problem(found) for call in calls if call.name == "all")
        return (
            self.finding("images", not images, "x: the pictures of these letters, and no others.", images),
            self.finding("chosen", not chosen, "y: right for A, B and V, and for other choices.", chosen),
            self.finding("all", not every, "y: right for all 24 letters, from 0 to 23.", every),
        )


@dataclass(frozen=True)
class _Call:
    """One call of the student's function.

    table: (n, 785), a row for each image: its label, then its pixels.
    """

    name: str
    letters: str
    table: NDArray[np.int64]

    def results(self, read_signs: Callable[..., Any]) -> dict[str, NDArray[Any]]:
        """x and y as arrays; or, under "said", why there are none."""
        import pandas as pd

        from helpers.datasets.kaggle_csv import COLUMNS

        try:
            returned = read_signs(pd.DataFrame(self.table, columns=list(COLUMNS)), self.letters)
            return outputs_as_arrays(returned, ("x", "y"))
        except NotImplementedError:
            raise
        except UnusableReturn as error:
            return {"said": _packed(str(error))}
        except Exception as error:
            return {"said": _packed(f"Your function stopped with {told(error)}.")}

    def image_problem(self, found: Arrays) -> str:
        """What is wrong with x, in a sentence; "" where nothing is."""
        problem = self._said(found) or _image_problem(found.get(f"x_{self.name}"), self._pixels(), self.table)
        return problem and f"x {self._asked()}: {problem}"

    def class_problem(self, found: Arrays) -> str:
        """What is wrong with y, in a sentence; "" where nothing is."""
        problem = self._said(found) or self._wrong_classes(found.get(f"y_{self.name}"))
        return problem and f"y {self._asked()}: {problem}"

    def _asked(self) -> str:
        return "for all 24 letters" if self.name == "all" else f'for the letters "{self.letters}"'

    def _said(self, found: Arrays) -> str:
        said = found.get(f"said_{self.name}")
        if said is None:
            return ""
        text = _unpacked(said)
        return text[:1].lower() + text[1:]

    def _rows(self) -> NDArray[np.int64]:
        """The rows that show one of the letters."""
        return self.table[np.isin(self.table[:, 0], [ALPHABET.index(letter) for letter in self.letters])]

    def _pixels(self) -> NDArray[np.int64]:
        return self._rows()[:, 1:].reshape(-1, _SIDE, _SIDE)

    def _wrong_classes(self, y: NDArray[Any] | None) -> str:
        labels = self._rows()[:, 0]
        expected = np.array([self.letters.index(ALPHABET[label]) for label in labels])
        if y is None:
            return "it is missing."
        if y.shape != expected.shape:
            return _wrong_shape_of_classes(y, expected, len(self.table))
        wrong = np.flatnonzero(y != expected)
        if not len(wrong):
            return ""
        for advice, mistaken in self._mistakes(labels):
            if np.array_equal(y, mistaken):
                return advice
        row = wrong[0]
        return (
            f"image {row} shows {ALPHABET[labels[row]]}, which is class {expected[row]} of these letters; "
            f"your y says {_shown(y[row])}."
        )

    def _mistakes(self, labels: NDArray[np.int64]) -> Iterator[tuple[str, NDArray[np.int64]]]:
        """What is often handed over in place of the classes."""
        shown = ", ".join(map(str, np.unique(labels)[:3]))
        yield (
            f"these are the table's labels ({shown}, …). A network's outputs are counted from 0, without a "
            "gap: each label must become the place of its letter in `letters`.",
            labels,
        )
        yield (
            "these are the places in the alphabet without J; the places in `letters` are asked for.",
            labels - (labels > ALPHABET.index("J")),
        )
        in_order = "".join(sorted(self.letters))
        yield (
            "these are the places of the letters in alphabetical order; `letters` has an order of its own.",
            np.array([in_order.index(ALPHABET[label]) for label in labels]),
        )


def _image_problem(x: NDArray[Any] | None, pixels: NDArray[np.int64], table: NDArray[np.int64]) -> str:
    expected = (*pixels.shape, 1)
    if x is None:
        return "it is missing."
    if x.shape != expected:
        return _wrong_shape_of_images(x, expected, len(table))
    if x.dtype != np.float32:
        return f"it should be float32, in which Keras computes, but is {x.dtype}."
    if np.allclose(x[..., 0] * 255, pixels, atol=0.01):
        return ""
    if not np.all(np.isfinite(x)) or x.min() < 0 or x.max() > 1:
        return f"values should lie from 0 to 1, but run from {x.min():g} to {x.max():g}."
    turned = pixels.swapaxes(1, 2)
    if np.allclose(x[..., 0] * 255, turned, atol=0.01):
        return (
            "rows and columns of the pictures have changed places: pixel1 to pixel28 are the first row, from "
            "left to right."
        )
    if np.isclose(x.max() * 255, pixels.max(), atol=0.01):
        return "these aren't the pictures of the wanted rows, in the table's order."
    return (
        f"the pixels aren't divided by 255. The brightest of them is {pixels.max()}, so the largest value of "
        f"x should be {pixels.max() / 255:.3f}; yours is {x.max():.3f}."
    )


def _wrong_shape_of_images(x: NDArray[Any], expected: tuple[int, ...], rows: int) -> str:
    message = f"its shape should be {expected}, but is {x.shape}."
    if x.shape[:1] == (rows,):
        return f"{message} It holds all {rows} rows of the table; only those of the letters are asked for."
    if x.shape == (expected[0], 1 + _SIDE * _SIDE):
        return f"{message} The label isn't a pixel."
    return message


def _wrong_shape_of_classes(y: NDArray[Any], expected: NDArray[np.int64], rows: int) -> str:
    message = f"its shape should be {expected.shape}, one class an image, but is {y.shape}."
    if y.shape == (rows,):
        return f"{message} It holds all {rows} rows of the table; only those of the letters are asked for."
    if y.ndim > 1:
        return f"{message} Whole numbers are asked for, not one-hot rows."
    return message


def _shown(value: Any) -> str:
    return f"{float(value):g}"


def _first(problems: Iterable[str]) -> str:
    return next((problem for problem in problems if problem), "")


def _table(rng: np.random.Generator) -> NDArray[np.int64]:
    """Labels and dim patterns, some rows of each letter, shuffled."""
    labels = [ALPHABET.index(letter) for letter in SIGNS * _ROWS_A_LETTER]
    pixels = rng.integers(0, _DIM, (len(labels), _SIDE * _SIDE))
    return np.column_stack([rng.permutation(labels), pixels])


def _calls(inputs: Arrays) -> list[_Call]:
    names = [key.removeprefix("table_") for key in inputs if key.startswith("table_")]
    return [_Call(name, _unpacked(inputs[f"letters_{name}"]), inputs[f"table_{name}"]) for name in names]


def _packed(text: str) -> NDArray[np.uint8]:
    return np.frombuffer(printable(text).encode(), dtype=np.uint8)


def _unpacked(content: NDArray[Any]) -> str:
    return printable(content.astype(np.uint8).tobytes().decode(errors="replace"))


class Outcome(FunctionItem):
    """`outcome(mine, theirs)`: for each round 1 where mine wins, -1 where theirs wins, 0 for a draw."""

    parts = ("decided", "draws")
    labels = {  # noqa: RUF012
        "decided": "Rounds that somebody wins",
        "draws": "Rounds in which both show the same",
    }
    returns = "the outcomes"

    def cases(self, rng: np.random.Generator) -> Iterator[Case]:
        yield _rounds("decided", [0, 1, 2], [2, 0, 1])
        yield _rounds("decided", [2, 0, 1], [0, 1, 2])
        for _ in range(4):
            mine = rng.integers(0, 3, _ROUNDS)
            yield _rounds("decided", mine, (mine + rng.integers(1, 3, _ROUNDS)) % 3)
        yield _rounds("draws", [0, 1, 2], [0, 1, 2])
        for _ in range(3):
            mine = rng.integers(0, 3, _ROUNDS)
            yield _rounds("draws", mine, mine)

    def expected(self, case: Case) -> NDArray[np.int64]:
        mine, theirs = case.arrays
        return np.asarray((mine - theirs + 1) % 3 - 1)

    def mistakes(self, case: Case) -> Advice:
        mine, theirs = case.arrays
        right = self.expected(case)
        yield "The other way round: 1 is a round that `mine` wins.", lambda: -right
        yield (
            "A larger number doesn't win by itself: scissors (2) lose to rock (0).",
            lambda: np.sign(mine - theirs),
        )
        yield "2 is −1 in disguise: after a remainder (%), no number is below 0.", lambda: right % 3
        yield "A round that is lost counts −1, not 0.", lambda: np.maximum(right, 0)
        yield "Nobody wins when both show the same: 0.", lambda: np.full_like(right, -1)
        yield "Nobody wins when both show the same: 0.", lambda: np.ones_like(right)


def _rounds(part: str, mine: Any, theirs: Any) -> Case:
    return Case(part, (("mine", np.array(mine)), ("theirs", np.array(theirs))))


class HandSigns(Classifier):
    """A classifier of hands; where it isn't accurate enough, its verdict says which signs are to blame.

    Settings: those of Classifier, and the signs' names in the order of the classes.
    """

    settings = (*Classifier.settings, "names")

    def advice(self, accuracy: float, predicted: NDArray[Any], labels: NDArray[Any]) -> str:
        names, found = self.setting("names"), predicted.argmax(axis=1)
        if len(np.unique(found)) == 1:
            return f"It takes everything for {names[found[0]]}. {super().advice(accuracy, predicted, labels)}"
        never = [names[index] for index in np.unique(labels) if index not in found]
        if never:
            shown = ", ".join(never[:3]) + (f" and {len(never) - 3} more" if len(never) > 3 else "")
            return f"It never says {shown}. {super().advice(accuracy, predicted, labels)}".strip()
        shares = {index: float(np.mean(found[labels == index] == index)) for index in np.unique(labels)}
        worst = min(shares, key=shares.__getitem__)
        share = f"{100 * shares[worst]:.0f} %"
        advice = f"Hardest for it: {names[worst]}, right in {share} of its pictures."
        return f"{advice} {super().advice(accuracy, predicted, labels)}".strip()
