"""The bank of assignment 05: functions get the points they deserve, networks are accepted or refused.

Networks are trained on one sign of each letter here. How accurate they become on ten: docs/calibration.md.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import nbformat
import pytest

from helpers.authoring.rehearsal import Rehearsal, fresh_images, rehearse
from helpers.checks.specification import AssignmentSpecification, read
from helpers.checks.verdict import State, Verdict
from helpers.grading.classroom import Answer, fill_in, read_bank

ROOT = Path(__file__).resolve().parents[2]
NAME = "05_transfer_learning"
ANSWERS = read_bank(NAME)
FOLDER = ROOT / "release" / NAME
TRAINED = ("few", "tune")
FEW = """
from dataclasses import replace
x_few, y_few, x_test, y_test = x_few[:24], y_few[:24], x_test[:48], y_test[:48]
signs = replace(signs, x_train=signs.x_train[:96], y_train=signs.y_train[:96])
"""

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
def specification() -> AssignmentSpecification:
    """That of the assignment, with fewer images to learn from and to judge on."""
    whole = read(FOLDER / "assignment.toml")
    fewer = {
        name: replace(item, settings={**item.settings, "labelled_images": 1, "unseen_images": 48})
        for name, item in whole.items.items()
        if name in TRAINED
    }
    return replace(whole, items={**whole.items, **fewer})


@cache
def images() -> Any:
    return fresh_images(specification())


@cache
def run(answer_cells: frozenset[tuple[str, str]], challenges: tuple[int, ...] = (1,)) -> Rehearsal:
    """What several answers share is run once. Tries between answers and checks are left out."""
    notebook = nbformat.read(FOLDER / f"{NAME}.ipynb", as_version=4)
    notebook.cells = [cell for cell in notebook.cells if "nbgrader" in cell.metadata]
    for cell in notebook.cells:
        if cell.id == "data":
            cell.source += FEW
    fill_in(notebook, replace(ANSWERS[0], cells=dict(answer_cells)))
    return rehearse(notebook, specification(), FOLDER, images(), challenges)


def verdicts(answer: Answer, item: str, challenges: tuple[int, ...] = (1,)) -> list[Verdict]:
    cell = f"answer-{item}"
    return run(frozenset({(cell, answer.cells[cell])}), challenges).verdicts[item]


def kind(answer: Answer) -> str:
    return answer.about.split(":")[0]


def having(*items: str) -> list[Any]:
    """Answers to these items, each text once."""
    by_text = {
        answer.cells[f"answer-{item}"]: pytest.param(answer, item, id=f"{answer.name}-{item}")
        for item in items
        for answer in reversed(ANSWERS)
        if f"answer-{item}" in answer.cells
    }
    return list(by_text.values())


@pytest.mark.parametrize(("answer", "item"), having("prepare", "head"))
def test_a_function_gets_the_points_it_deserves(answer: Answer, item: str) -> None:
    expected = answer.expected[item]
    challenges = (1, 2) if item == "prepare" else (1,)
    for verdict in verdicts(answer, item, challenges):
        assert expected.holds(verdict.score), f"{verdict.score}, not {expected}\n{verdict.plain()}"
        assert verdict.state is State.RIGHT or len(verdict.plain().splitlines()) > 1


@pytest.mark.parametrize(("answer", "item"), having(*TRAINED))
def test_a_network_is_accepted_or_refused(answer: Answer, item: str) -> None:
    (verdict,) = verdicts(answer, item)
    expected = answer.expected[item]
    if expected.most == 0:
        assert verdict.state is State.WRONG
        assert verdict.reason
        assert verdict.score == 0
    else:
        assert verdict.reason == ""
        wrong = {finding.part for finding in verdict.findings if not finding.earned} - {"accuracy"}
        possible = specification().items[item].points
        # What its accuracy can add is all that may be missing.
        least = sum(points for part, points in possible.items() if part not in wrong | {"accuracy"})
        assert expected.least <= least + possible["accuracy"]
        assert least <= expected.most


@pytest.mark.parametrize("answer", ANSWERS, ids=lambda answer: answer.name)
def test_its_kind_fits_its_points(answer: Answer) -> None:
    full = {item: one.possible for item, one in specification().items.items()}
    assert set(answer.expected) == set(full)
    least = {item: points.least for item, points in answer.expected.items()}
    most = {item: points.most for item, points in answer.expected.items()}
    assert (least == full) == (kind(answer) == "Right")
    assert (most == full) == (kind(answer) == "Right")


def test_the_released_notebook_is_not_attempted_and_stops_nowhere() -> None:
    untouched = run(frozenset())
    assert untouched.errors == {}
    assert set(untouched.verdicts) == set(specification().items)
    for found in untouched.verdicts.values():
        assert {verdict.state for verdict in found} == {State.NOT_ATTEMPTED}


def test_the_bank_is_rich_enough() -> None:
    kinds = [kind(answer) for answer in ANSWERS]
    assert kinds.count("Right") >= 6
    assert kinds.count("Wrong") >= 12
    assert len({answer.about for answer in ANSWERS}) == len(ANSWERS)
