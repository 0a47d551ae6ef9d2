"""The bank of assignment 04: functions get the points they deserve, networks are accepted or refused.

Networks are trained on few images here. How accurate they become on all of them: docs/calibration.md.
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
from helpers.checks.verdict import State
from helpers.grading.classroom import Answer, fill_in, read_bank

ROOT = Path(__file__).resolve().parents[2]
NAME = "04_augmentation"
ANSWERS = read_bank(NAME)
FOLDER = ROOT / "release" / NAME
TRAINING_CELL = "answer-model"
NETWORKS = {answer.cells[TRAINING_CELL]: answer for answer in ANSWERS if TRAINING_CELL in answer.cells}
FEW = "\nx_train, y_train, x_test, y_test = x_train[:320], y_train[:320], x_test[:50], y_test[:50]"

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
    """That of the assignment, with fewer images to judge on."""
    whole = read(FOLDER / "assignment.toml")
    model = whole.items["model"]
    fewer = replace(model, settings={**model.settings, "unseen_images": 100})
    return replace(whole, items={**whole.items, "model": fewer})


def run(cells: dict[str, str], challenges: tuple[int, ...]) -> Rehearsal:
    notebook = nbformat.read(FOLDER / f"{NAME}.ipynb", as_version=4)
    for cell in notebook.cells:
        if cell.metadata.get("nbgrader", {}).get("grade_id") == "data":
            cell.source += FEW
    fill_in(notebook, replace(ANSWERS[0], cells=cells))
    return rehearse(notebook, specification(), FOLDER, images(), challenges)


@cache
def images() -> Any:
    return fresh_images(specification())


def kind(answer: Answer) -> str:
    return answer.about.split(":")[0]


@pytest.mark.parametrize("answer", ANSWERS, ids=lambda answer: answer.name)
def test_a_function_gets_the_points_it_deserves(answer: Answer) -> None:
    cells = {name: cell for name, cell in answer.cells.items() if name != TRAINING_CELL}
    found = run(cells, challenges=(1,)).verdicts
    assert set(answer.expected) == set(specification().items)
    for item in answer.expected.keys() - {"model"}:
        expected = answer.expected[item]
        (verdict,) = found[item]
        assert expected.holds(verdict.score), f"{item}: {verdict.score}, not {expected}"
        if expected.most < specification().items[item].possible:
            assert len(verdict.plain().splitlines()) > 1


@pytest.mark.parametrize("answer", NETWORKS.values(), ids=lambda answer: answer.name)
def test_a_network_is_accepted_or_refused(answer: Answer) -> None:
    (verdict,) = run({TRAINING_CELL: answer.cells[TRAINING_CELL]}, challenges=(1,)).verdicts["model"]
    expected = answer.expected["model"]
    if expected.most == 0:
        assert verdict.state is State.WRONG
        assert verdict.reason
        assert verdict.score == 0
    else:
        assert verdict.reason == ""
        (probabilities,) = (one for one in verdict.findings if one.part == "probabilities")
        assert probabilities.earned == float(expected.least >= 0.5)


@pytest.mark.parametrize("answer", ANSWERS, ids=lambda answer: answer.name)
def test_its_kind_fits_its_points(answer: Answer) -> None:
    full = {item: one.possible for item, one in specification().items.items()}
    least = {item: points.least for item, points in answer.expected.items()}
    most = {item: points.most for item, points in answer.expected.items()}
    assert (least == full) == (kind(answer) == "Right")
    assert (most == full) == (kind(answer) == "Right")


def test_the_released_notebook_is_not_attempted_and_stops_nowhere() -> None:
    untouched = run({}, challenges=(1,))
    assert untouched.errors == {}
    assert set(untouched.verdicts) == set(specification().items)
    for found in untouched.verdicts.values():
        assert {verdict.state for verdict in found} == {State.NOT_ATTEMPTED}


def test_the_bank_is_rich_enough() -> None:
    kinds = [kind(answer) for answer in ANSWERS]
    assert kinds.count("Right") >= 6
    assert kinds.count("Wrong") >= 12
    assert len({answer.about for answer in ANSWERS}) == len(ANSWERS)
