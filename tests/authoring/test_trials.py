"""A calibration that is interrupted finds the trials that it made; other circumstances, other trials."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest
from nbformat.v4 import new_code_cell, new_notebook

from helpers.authoring.trials import KeptTrials, Trial
from helpers.checks.specification import AssignmentSpecification, Ramp, read

SPECIFICATION = read(Path(__file__).resolve().parents[2] / "source" / "01_dense_mnist" / "assignment.toml")
NOTEBOOK = new_notebook(cells=[new_code_cell("x = 1")])
TRIAL = Trial(measured={"accuracy": 0.93}, rest_right=True, seconds=1.5, reason="")


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("WORKSHOP_CACHE_DIR", str(tmp_path))
    monkeypatch.setenv("WORKSHOP_DATA", "bundled")
    return tmp_path


def found(
    specification: AssignmentSpecification = SPECIFICATION, notebook: object = NOTEBOOK
) -> Trial | None:
    return KeptTrials(notebook, specification).get("model", "an answer", 1)


def changed(**facts: object) -> AssignmentSpecification:
    model = dataclasses.replace(SPECIFICATION.items["model"], **facts)  # type: ignore[arg-type]
    return dataclasses.replace(SPECIFICATION, items={**SPECIFICATION.items, "model": model})


def test_a_trial_is_found_again() -> None:
    assert found() is None
    KeptTrials(NOTEBOOK, SPECIFICATION).put("model", "an answer", 1, TRIAL)
    assert found() == TRIAL


def test_it_belongs_to_what_decided_it(monkeypatch: pytest.MonkeyPatch) -> None:
    trials = KeptTrials(NOTEBOOK, SPECIFICATION)
    trials.put("model", "an answer", 1, TRIAL)
    assert trials.get("model", "an answer", 2) is None
    assert trials.get("model", "another", 1) is None
    assert found(notebook=new_notebook(cells=[new_code_cell("x = 2")])) is None
    settings = {**SPECIFICATION.items["model"].settings, "unseen_images": 3}
    assert found(changed(settings=settings)) is None
    with monkeypatch.context() as patch:
        patch.setattr("helpers.authoring.trials._bundled_base", lambda: "another base")
        assert found() is None
    assert found() == TRIAL
    monkeypatch.setattr("keras.__version__", "0")
    assert found() is None


def test_thresholds_can_be_set_after_it() -> None:
    KeptTrials(NOTEBOOK, SPECIFICATION).put("model", "an answer", 1, TRIAL)
    assert found(changed(ramps={"accuracy": Ramp(0.1, 0.2)})) == TRIAL


def test_a_damaged_file_is_no_trial(cache: Path) -> None:
    KeptTrials(NOTEBOOK, SPECIFICATION).put("model", "an answer", 1, TRIAL)
    (path,) = (cache / "calibration").iterdir()
    path.write_text("{")
    assert found() is None


@pytest.mark.parametrize(
    ("trial", "full"),
    [
        (TRIAL, True),
        (dataclasses.replace(TRIAL, measured={"accuracy": 0.899}), False),
        (dataclasses.replace(TRIAL, measured={}), False),
        (dataclasses.replace(TRIAL, rest_right=False), False),
    ],
)
def test_full_marks_take_the_threshold_and_all_other_parts(trial: Trial, full: bool) -> None:
    assert trial.full_marks({"accuracy": Ramp(0.8, 0.9)}) is full


def test_an_item_of_two_ramps_has_full_marks_where_both_are_cleared() -> None:
    ramps = {"clean": Ramp(0.8, 0.9), "moved": Ramp(0.7, 0.8)}
    trial = dataclasses.replace(TRIAL, measured={"clean": 0.93, "moved": 0.85})
    assert trial.full_marks(ramps)
    assert not dataclasses.replace(trial, measured={"clean": 0.93, "moved": 0.79}).full_marks(ramps)
    assert not dataclasses.replace(trial, measured={"clean": 0.93}).full_marks(ramps)
