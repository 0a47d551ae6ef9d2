"""Signs are read with the classes asked for, rounds won by the rule; verdicts name the hardest sign."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import pytest

from helpers.checks.classifier import UNSEEN
from helpers.checks.evidence import Evidence
from helpers.checks.exercise import attempt
from helpers.checks.items import Challenge
from helpers.checks.observation import Observation
from helpers.checks.rock_paper_scissors import ALPHABET, SIGNS, HandSigns, Outcome, ReadSigns
from helpers.checks.specification import ItemSpecification, Ramp
from helpers.checks.verdict import State, Verdict
from helpers.datasets.catalog import SIGN_MNIST
from helpers.datasets.kaggle_csv import COLUMNS

SEEDS = range(3)


def item(kind: Any) -> Any:
    points = dict.fromkeys(kind.parts, 1.0)
    return kind(ItemSpecification("name", "Title", "rock_paper_scissors:Kind", points, ("a", "b", "c")))


def no_images(n: int, seed: int) -> Any:
    raise AssertionError("these items need no images")


def judged(kind: Any, function: Callable[..., Any], seed: int = 0) -> Verdict:
    checked = item(kind)
    challenge = checked.draw(no_images, np.random.default_rng(seed))
    evidence = attempt(checked, (function,), challenge.inputs)
    verdict: Verdict = checked.judge(evidence, Observation(), challenge)
    return verdict


def lost(verdict: Verdict) -> set[str]:
    """The parts that earned nothing."""
    return {finding.part for finding in verdict.findings if not finding.earned}


def said(verdict: Verdict) -> str:
    return " ".join(verdict.plain().split())


# --- signs out of a table


def wanted(table: pd.DataFrame, letters: str) -> pd.DataFrame:
    return table[table["label"].isin([ALPHABET.index(letter) for letter in letters])]


def pictures(rows: pd.DataFrame) -> Any:
    return rows.drop(columns="label").to_numpy().reshape(-1, 28, 28, 1).astype("float32") / 255


def classes(rows: pd.DataFrame, letters: str) -> Any:
    return np.array([letters.index(ALPHABET[label]) for label in rows["label"]])


def read_signs(table: pd.DataFrame, letters: str) -> Any:
    rows = wanted(table, letters)
    return pictures(rows), classes(rows, letters)


def only_x(change: Callable[[Any], Any]) -> Callable[..., Any]:
    """As it should be, but for the pictures."""

    def changed(table: pd.DataFrame, letters: str) -> Any:
        x, y = read_signs(table, letters)
        return change(x), y

    return changed


def only_y(change: Callable[[pd.DataFrame, str], Any]) -> Callable[..., Any]:
    """As it should be, but for the classes."""

    def changed(table: pd.DataFrame, letters: str) -> Any:
        rows = wanted(table, letters)
        return pictures(rows), change(rows, letters)

    return changed


def grouped(table: pd.DataFrame, letters: str) -> Any:
    parts = [read_signs(table, letter) for letter in letters]
    return np.concatenate([x for x, _ in parts]), np.repeat(np.arange(len(parts)), [len(x) for x, _ in parts])


def everything(table: pd.DataFrame, letters: str) -> Any:
    return pictures(table), np.array([letters.find(ALPHABET[label]) for label in table["label"]])


def with_label(table: pd.DataFrame, letters: str) -> Any:
    rows = wanted(table, letters)
    return rows.to_numpy() / 255, classes(rows, letters)


def hands_alone(table: pd.DataFrame, letters: str) -> Any:
    rows = wanted(table, letters)
    return pictures(rows), np.array([{0: 0, 1: 1, 21: 2}[label] for label in rows["label"]])


def no_return(table: pd.DataFrame, letters: str) -> Any:
    read_signs(table, letters)


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize(
    ("function", "costs", "advice"),
    [
        (read_signs, set(), ""),
        (only_y(lambda rows, letters: classes(rows, letters).tolist()), set(), ""),
        (only_x(lambda x: x.astype("float64")), {"images"}, "float32"),
        (only_x(lambda x: x * 255), {"images"}, "run from 0 to 199"),
        (only_x(lambda x: x / x.max()), {"images"}, "aren't divided by 255"),
        (only_x(lambda x: x.swapaxes(1, 2)), {"images"}, "changed places"),
        (only_x(lambda x: x[..., 0]), {"images"}, "its shape should be (9, 28, 28, 1)"),
        (only_x(lambda x: x[::-1]), {"images"}, "in the table's order"),
        (only_y(lambda rows, letters: rows["label"]), {"chosen", "all"}, "the table's labels (0, 1, 21, …)"),
        (
            only_y(lambda rows, letters: rows["label"] - (rows["label"] > 9)),
            {"chosen"},
            "the alphabet without J",
        ),
        (only_y(lambda rows, letters: classes(rows, "".join(sorted(letters)))), {"chosen"}, "of its own"),
        (only_y(lambda rows, letters: np.eye(24)[classes(rows, letters)]), {"chosen", "all"}, "one-hot"),
        (only_y(lambda rows, letters: classes(rows, letters) + 1), {"chosen", "all"}, "your y says"),
        (grouped, {"images", "chosen", "all"}, "your y says"),
        (everything, {"images", "chosen"}, "all 72 rows"),
        (with_label, {"images"}, "The label isn't a pixel"),
        (hands_alone, {"images", "chosen", "all"}, "KeyError"),
        (no_return, {"images", "chosen", "all"}, "Is its `return` there?"),
    ],
)
def test_a_mistake_in_reading_costs_what_it_concerns(
    seed: int, function: Any, costs: set[str], advice: str
) -> None:
    verdict = judged(ReadSigns, function, seed)
    assert lost(verdict) == costs
    assert advice in said(verdict)


def test_what_is_read_is_kaggles_layout() -> None:
    def columns(table: pd.DataFrame, letters: str) -> Any:
        assert tuple(table.columns) == COLUMNS
        assert set(table["label"]) == set(SIGN_MNIST.labels)
        return read_signs(table, letters)

    assert judged(ReadSigns, columns).state is State.RIGHT
    assert [ALPHABET.index(letter) for letter in SIGNS] == list(SIGN_MNIST.labels)


def test_an_error_with_some_letters_leaves_the_others() -> None:
    def no_k(table: pd.DataFrame, letters: str) -> Any:
        if len(letters) == len(SIGNS):
            raise ValueError("too many letters")
        return read_signs(table, letters)

    verdict = judged(ReadSigns, no_k)
    assert lost(verdict) == {"images", "all"}
    assert "y for all 24 letters: your function stopped with ValueError" in said(verdict)


@pytest.mark.parametrize(
    "arrays",
    [
        {},
        {"x_hands": np.zeros((9, 28, 28, 1), np.float32), "y_hands": np.full(9, np.nan)},
        {"x_all": np.full((72, 28, 28, 1), np.inf, np.float32), "y_all": np.zeros((72, 2))},
        {"said_few": np.full(5, 1e9)},
    ],
)
def test_forged_evidence_is_wrong_not_an_error(arrays: Any) -> None:
    checked = item(ReadSigns)
    challenge = checked.draw(no_images, np.random.default_rng(0))
    assert checked.judge(Evidence(arrays=arrays), Observation(), challenge).score == 0


# --- who wins


def nine_cases(mine: Any, theirs: Any) -> list[int]:
    wins = {(0, 2), (1, 0), (2, 1)}
    return [
        0 if a == b else 1 if (a, b) in wins else -1
        for a, b in zip(mine.tolist(), theirs.tolist(), strict=True)
    ]


def formula(mine: Any, theirs: Any) -> Any:
    return (mine - theirs + 1) % 3 - 1


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize(
    ("function", "costs", "advice"),
    [
        (nine_cases, set(), ""),
        (formula, set(), ""),
        (lambda mine, theirs: formula(theirs, mine), {"decided"}, "The other way round"),
        (lambda mine, theirs: np.sign(mine - theirs), {"decided"}, "scissors (2) lose to rock (0)"),
        (lambda mine, theirs: (mine - theirs) % 3, {"decided"}, "2 is −1 in disguise"),
        (lambda mine, theirs: (mine - theirs) % 3 == 1, {"decided"}, "counts −1, not 0"),
        (lambda mine, theirs: np.where((mine - theirs) % 3 == 1, 1, -1), {"draws"}, "Nobody wins"),
        (lambda mine, theirs: 1, {"decided", "draws"}, "yours is 1"),
    ],
)
def test_a_mistake_in_the_rule_costs_what_it_concerns(
    seed: int, function: Any, costs: set[str], advice: str
) -> None:
    verdict = judged(Outcome, function, seed)
    assert lost(verdict) == costs
    assert advice in said(verdict)


@pytest.mark.parametrize("kind", [ReadSigns, Outcome])
def test_a_stub_is_not_attempted(kind: Any) -> None:
    def stub(*given: Any) -> Any: ...

    def unfinished(*given: Any) -> Any:
        print("Later.")
        raise NotImplementedError

    assert judged(kind, stub).state is State.NOT_ATTEMPTED
    assert judged(kind, unfinished).state is State.NOT_ATTEMPTED


# --- networks that know hands


def verdict_on(found: list[int], labels: list[int]) -> str:
    """What is said of a network that found these classes."""
    settings = {
        "unseen_images": len(labels),
        "classes": 3,
        "parameters_at_most": 2000,
        "layers_required": ["*Conv2D"],
        "layers_forbidden": [],
        "names": ["rock", "paper", "scissors"],
    }
    points, ramps = {"probabilities": 1.0, "accuracy": 3.0}, {"accuracy": Ramp(0.8, 0.9)}
    hints = ("a", "b", "c")
    one = HandSigns(ItemSpecification("model", "T", "c:C", points, hints, ramps, settings=settings))
    seen = Observation(layers=("Conv2D",), parameters=900, predictions={UNSEEN: np.eye(3)[found]})
    return said(one.judge(Evidence(), seen, Challenge(key={"labels": np.array(labels)})))


@pytest.mark.parametrize(
    ("found", "advice"),
    [
        ([0, 1, 2, 0, 1, 2], ""),
        ([0, 1, 2, 0, 1, 0], "Hardest for it: scissors, right in 50 % of its pictures."),
        ([0, 1, 1, 0, 1, 1], "It never says scissors."),
        ([1, 1, 1, 1, 1, 1], "It takes everything for paper. That is hardly better than guessing"),
    ],
)
def test_a_verdict_names_the_sign_that_is_hardest(found: list[int], advice: str) -> None:
    verdict = verdict_on(found, [0, 1, 2, 0, 1, 2])
    assert advice in verdict
    assert ("Hardest" in verdict or "It " in verdict) == bool(advice)


def test_a_sign_that_isnt_among_the_unseen_images_is_not_missed() -> None:
    assert "Hardest for it: rock, right in 50 %" in verdict_on([0, 1, 1, 1], [0, 0, 1, 1])
