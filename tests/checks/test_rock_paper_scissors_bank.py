"""The bank of assignment 06: functions get the points they deserve, networks are accepted or refused.

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
from helpers.checks.verdict import State, Verdict
from helpers.grading.classroom import Answer, fill_in, read_bank

ROOT = Path(__file__).resolve().parents[2]
NAME = "06_sign_language_rps"
ANSWERS = read_bank(NAME)
FOLDER = ROOT / "release" / NAME
NETWORKS = ("model", "letters")
TRAINING_CELLS = {f"answer-{item}" for item in NETWORKS}
# A network learns nothing from so few, and its table has so few rows: the tests are quick.
FEW = """
from dataclasses import replace

few = {"x_train": 120, "y_train": 120, "x_test": 50, "y_test": 50}
hands, signs = (
    replace(data, **{name: getattr(data, name)[:count] for name, count in few.items()})
    for data in (hands, signs)
)
x_train, y_train, x_test, y_test = hands.x_train, hands.y_train, hands.x_test, hands.y_test
"""
UNGRADED = ("look", "play")

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
    whole = read(FOLDER / "assignment.toml").on("bundled")
    items = dict(whole.items)
    for name in NETWORKS:
        items[name] = replace(items[name], settings={**items[name].settings, "unseen_images": 48})
    return replace(whole, items=items)


def run(cells: dict[str, str], challenges: tuple[int, ...]) -> Rehearsal:
    notebook = nbformat.read(FOLDER / f"{NAME}.ipynb", as_version=4)
    notebook.cells = [cell for cell in notebook.cells if cell.id not in UNGRADED]
    for cell in notebook.cells:
        if cell.metadata.get("nbgrader", {}).get("grade_id") == "data":
            cell.source += FEW
    fill_in(notebook, replace(ANSWERS[0], cells=cells))
    return rehearse(notebook, specification(), FOLDER, images(), challenges)


@cache
def images() -> Any:
    return fresh_images(specification())


@cache
def untouched() -> Rehearsal:
    return run({}, challenges=(1,))


def kind(answer: Answer) -> str:
    return answer.about.split(":")[0]


@pytest.mark.parametrize("answer", ANSWERS, ids=lambda answer: answer.name)
def test_a_function_gets_the_points_it_deserves(answer: Answer) -> None:
    cells = {name: cell for name, cell in answer.cells.items() if name not in TRAINING_CELLS}
    found = run(cells, challenges=(1, 2)).verdicts if cells else untouched().verdicts
    assert set(answer.expected) == set(specification().items)
    for item in answer.expected.keys() - set(NETWORKS):
        expected = answer.expected[item]
        scores = [verdict.score for verdict in found[item]]
        assert all(expected.holds(score) for score in scores), f"{item}: {scores}, not {expected}"
        if expected.most < specification().items[item].possible:
            assert all(len(verdict.plain().splitlines()) > 1 for verdict in found[item])


def networks() -> Iterator[Any]:
    """Each network of the bank once, with what it deserves."""
    seen = set()
    for answer in ANSWERS:
        for item in NETWORKS:
            text = answer.cells.get(f"answer-{item}")
            if text and text not in seen:
                seen.add(text)
                yield pytest.param(answer, item, id=f"{answer.name}-{item}")


@pytest.mark.parametrize(("answer", "item"), list(networks()))
def test_a_network_is_accepted_or_refused(answer: Answer, item: str) -> None:
    cell = f"answer-{item}"
    (verdict,) = run({cell: answer.cells[cell]}, challenges=(1,)).verdicts[item]
    expected, points = answer.expected[item], specification().items[item].points
    if expected.most == 0:
        assert verdict.state is State.WRONG
        assert verdict.reason
    elif expected.most == points["accuracy"]:  # all but the probabilities
        assert earned(verdict, "probabilities") == 0
    elif expected.least > 0:
        assert verdict.reason == ""
        assert earned(verdict, "probabilities") == 1


def earned(verdict: Verdict, part: str) -> float:
    return next(finding.earned for finding in verdict.findings if finding.part == part)


@pytest.mark.parametrize("answer", ANSWERS, ids=lambda answer: answer.name)
def test_its_kind_fits_its_points(answer: Answer) -> None:
    full = {item: one.possible for item, one in specification().items.items()}
    least = {item: points.least for item, points in answer.expected.items()}
    most = {item: points.most for item, points in answer.expected.items()}
    assert (least == full) == (kind(answer) == "Right")
    assert (most == full) == (kind(answer) == "Right")


def test_the_released_notebook_is_not_attempted_and_stops_nowhere() -> None:
    assert untouched().errors == {}
    assert set(untouched().verdicts) == set(specification().items)
    for found in untouched().verdicts.values():
        assert {verdict.state for verdict in found} == {State.NOT_ATTEMPTED}


def test_the_bank_is_rich_enough() -> None:
    kinds = [kind(answer) for answer in ANSWERS]
    assert kinds.count("Right") >= 6
    assert kinds.count("Wrong") >= 12
    assert len({answer.about for answer in ANSWERS}) == len(ANSWERS)
