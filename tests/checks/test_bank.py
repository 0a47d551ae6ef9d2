"""Every answer in the bank gets the points that it deserves, whatever challenge is drawn."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import nbformat
import pytest

from helpers.authoring.rehearsal import Rehearsal, fresh_images, rehearse
from helpers.checks.specification import read
from helpers.checks.verdict import State, Verdict
from helpers.grading.classroom import Answer, fill_in, read_bank

ROOT = Path(__file__).resolve().parents[2]
NAME = "01_dense_mnist"
ANSWERS = read_bank(NAME)
FOLDER = ROOT / "release" / NAME
SPECIFICATION = read(FOLDER / "assignment.toml").on("bundled")
TRAINING_CELL = "answer-model"
CHALLENGES = (1, 2)

pytestmark = [
    pytest.mark.slow,
    # What students' code warns of is no matter of ours.
    pytest.mark.filterwarnings("ignore"),
]


@pytest.fixture(autouse=True, scope="module")
def _bundled_data() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("WORKSHOP_DATA", "bundled")
        yield


@cache
def images() -> Any:
    return fresh_images(SPECIFICATION)


@cache
def run(answer_cells: frozenset[tuple[str, str]]) -> Rehearsal:
    notebook = nbformat.read(FOLDER / f"{NAME}.ipynb", as_version=4)
    fill_in(notebook, replace(ANSWERS[0], cells=dict(answer_cells)))
    return rehearse(notebook, SPECIFICATION, FOLDER, images(), CHALLENGES)


def kind(answer: Answer) -> str:
    return answer.about.split(":")[0]


def verdicts(answer: Answer) -> dict[str, list[Verdict]]:
    """By item. Tasks don't depend on each other, so a network that several answers share is trained once."""
    training = {name: cell for name, cell in answer.cells.items() if name == TRAINING_CELL}
    others = {name: cell for name, cell in answer.cells.items() if name != TRAINING_CELL}
    trained = run(frozenset(training.items())).verdicts["model"]
    return {**run(frozenset(others.items())).verdicts, "model": trained}


@pytest.mark.parametrize("answer", ANSWERS, ids=lambda answer: answer.name)
def test_an_answer_gets_the_points_it_deserves(answer: Answer) -> None:
    found = verdicts(answer)
    assert set(answer.expected) == set(SPECIFICATION.items)
    for item, expected in answer.expected.items():
        scores = [verdict.score for verdict in found.get(item, [])]
        assert all(expected.holds(score) for score in scores), f"{item}: {scores}, not {expected}"
        assert scores or expected.most == 0, f"{item}: its check did not run, yet {expected} is expected"


@pytest.mark.parametrize("answer", ANSWERS, ids=lambda answer: answer.name)
def test_its_kind_fits_its_points(answer: Answer) -> None:
    full = {item: specification.possible for item, specification in SPECIFICATION.items.items()}
    least = {item: points.least for item, points in answer.expected.items()}
    most = {item: points.most for item, points in answer.expected.items()}
    if kind(answer) == "Right":
        assert least == full
    else:
        assert most != full
        assert all(most[item] <= full[item] for item in full)


@pytest.mark.parametrize("answer", [a for a in ANSWERS if kind(a) == "Wrong"], ids=lambda answer: answer.name)
def test_a_wrong_item_says_why(answer: Answer) -> None:
    for item, found in verdicts(answer).items():
        if answer.expected[item].most < SPECIFICATION.items[item].possible:
            assert all(verdict.state is not State.RIGHT for verdict in found)
            assert all(len(verdict.plain().splitlines()) > 1 for verdict in found)


def test_the_released_notebook_is_not_attempted_and_stops_nowhere() -> None:
    untouched = run(frozenset())
    assert untouched.errors == {}
    assert set(untouched.verdicts) == set(SPECIFICATION.items)
    for found in untouched.verdicts.values():
        assert {verdict.state for verdict in found} == {State.NOT_ATTEMPTED}


def test_the_bank_is_rich_enough() -> None:
    kinds = [kind(answer) for answer in ANSWERS]
    assert kinds.count("Right") >= 7
    assert kinds.count("Wrong") >= 14
    assert kinds.count("Partly") >= 2
    assert len({answer.about for answer in ANSWERS}) == len(ANSWERS)
