"""Evidence becomes verdicts on the host, where the labels are; TensorFlow isn't needed for that."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from helpers.checks.evidence import Evidence
from helpers.checks.observation import Observation
from helpers.checks.specification import AssignmentSpecification, ItemSpecification, Limits
from helpers.checks.verdict import State, Verdict
from helpers.grading.execution import ExecutionResult
from helpers.grading.isolation.processes import ROOT
from helpers.grading.observing import Exhibit
from helpers.grading.secret import Secret
from helpers.grading.verification import Examination, draw_challenges, examination, surroundings, verify
from tests.grading import tiny


@pytest.fixture
def exam(course: Path, secret: Secret) -> Examination:
    return examination(course / "source" / tiny.NAME, secret)


def nobody_asks(exhibits: Mapping[str, Exhibit]) -> Mapping[str, Observation]:
    raise AssertionError("there is no model to observe")


def right_evidence(exam: Examination) -> dict[str, Evidence]:
    """What the right answers hand over."""
    networks = exam.challenges["count"].inputs["networks"]
    given = exam.challenges["prepare"].inputs
    x = given["images"][..., np.newaxis].astype(np.float32) / 255
    counts = (networks[:, :-1] * networks[:, 1:] + networks[:, 1:] * (networks[:, :-1] > 0)).sum(axis=1)
    return {
        "count": Evidence(arrays={"counts": counts}),
        "prepare": Evidence(arrays={"x": x, "y": np.eye(10)[given["labels"]]}),
    }


def verdicts(exam: Examination, evidence: Mapping[str, Evidence], problem: str = "") -> dict[str, Verdict]:
    return verify(exam, ExecutionResult((), evidence, problem), nobody_asks)


def test_right_evidence_earns_all_points(exam: Examination) -> None:
    found = verdicts(exam, right_evidence(exam))
    assert [found[item].score for item in ("count", "prepare")] == [1.0, 2.5]
    assert {verdict.state for verdict in found.values()} == {State.RIGHT}


def test_a_part_that_is_right_earns_its_points(exam: Examination) -> None:
    evidence = right_evidence(exam)
    x, y = (evidence["prepare"].arrays[name] for name in ("x", "y"))
    found = verdicts(exam, {"prepare": Evidence(arrays={"x": x * 255, "y": y})})
    assert found["prepare"].score == 1.5


def test_last_weeks_evidence_is_wrong_for_another_challenge(course: Path, exam: Examination) -> None:
    other = examination(course / "source" / tiny.NAME, Secret(bytes(32)))
    found = verdicts(other, right_evidence(exam))
    assert [verdict.score for verdict in found.values()] == [0.0, 0.0]


def test_nothing_handed_over_earns_nothing(exam: Examination) -> None:
    found = verdicts(exam, {})
    assert "handed nothing over" in found["count"].reason
    assert found["count"].score == 0.0


def test_what_stopped_the_notebook_is_the_reason(exam: Examination) -> None:
    found = verdicts(exam, {"count": right_evidence(exam)["count"]}, problem="Python came to an end.")
    assert found["prepare"].reason == "Python came to an end."
    assert found["count"].score == 1.0


def test_a_stub_is_not_attempted(exam: Examination) -> None:
    assert verdicts(exam, {"count": Evidence(attempted=False)})["count"].state is State.NOT_ATTEMPTED


def test_a_judge_that_stumbles_costs_its_item_only(
    exam: Examination, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def stumble(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("helpers.checks.dense_mnist.Prepare.findings", stumble)
    found = verdicts(exam, right_evidence(exam))
    assert "can't be judged (ZeroDivisionError)" in found["prepare"].reason
    assert found["count"].score == 1.0
    assert "The judge of prepare stumbled" in caplog.text


def test_the_same_secret_gives_the_same_challenges(course: Path, secret: Secret, exam: Examination) -> None:
    again = examination(course / "source" / tiny.NAME, Secret(secret.key))
    for name, challenge in exam.challenges.items():
        for array, found in challenge.inputs.items():
            np.testing.assert_array_equal(found, again.challenges[name].inputs[array])


def test_an_edited_assignment_is_read_anew(course: Path, secret: Secret, exam: Examination) -> None:
    path = course / "source" / tiny.NAME / "assignment.toml"
    path.write_text(tiny.TOML.replace("labels = 1.5", "labels = 4"))
    assert exam.specification.possible == 3.5
    assert examination(path.parent, secret).specification.possible == 6


@pytest.mark.parametrize("folder", sorted((ROOT / "source").glob("[0-9]*")), ids=lambda folder: folder.name)
def test_it_is_known_beforehand_where_models_are_asked_for(folder: Path, secret: Secret) -> None:
    data, models = surroundings(folder, secret)
    exam = examination(folder, secret)
    assert data == exam.data
    assert models == any(exam.unseen.values())


def test_the_host_imports_no_tensorflow() -> None:
    modules = "helpers.grading.preprocessors, helpers.grading.demo, helpers.checks.classifier"
    code = f"import sys, {modules}; sys.exit('tensorflow' in sys.modules or 'keras' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_each_item_is_drawn_from_its_own_data_set(secret: Secret) -> None:
    def images_of(grey: float) -> Any:
        return lambda n, seed: (np.full((n, 28, 28, 1), grey, np.float32), np.zeros(n, np.int64))

    items = {
        name: ItemSpecification(name, name, "start_here:Negative", {"negative": 1}, (), dataset=dataset)
        for name, dataset in {"own": "rps", "other": ""}.items()
    }
    specification = AssignmentSpecification("06_x", "X", "signs", items, Limits())
    drawn = draw_challenges(specification, {"signs": images_of(0.25), "rps": images_of(0.75)}, secret)
    assert [drawn[name].inputs["images"].mean() for name in ("own", "other")] == [0.75, 0.25]
