"""An execution is repeated when anything that decides it has changed, and only then."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from helpers.checks.evidence import Evidence
from helpers.checks.observation import Observation
from helpers.checks.specification import Limits
from helpers.checks.weights import weight
from helpers.grading.cached import code_version, execute, execution_key, observation_key, observe
from helpers.grading.execution import ExecutionResult, Submission
from helpers.grading.images import StudentData
from helpers.grading.observing import Exhibit
from helpers.grading.packing import (
    DamagedError,
    Execution,
    pack_execution,
    unpack_execution,
    unpack_observation,
)
from helpers.grading.store import Store

SUBMISSION = Submission(
    notebook="{}",
    files={"notes.txt": b"mine"},
    inputs={"count": {"sizes": np.arange(3)}},
    limits=Limits(),
    data=StudentData("bundled", Path("/here/digits-bundled-1")),
)
RESULT = ExecutionResult(
    outputs=([], [{"output_type": "stream", "name": "stdout", "text": "é"}]),
    evidence={
        "count": Evidence(arrays={"answer": np.array([1.5, np.nan])}),
        "model": Evidence(model=b"\0keras"),
        "shift": Evidence(attempted=False, problem="Nothing yet."),
    },
    problem="It was stopped.",
)
SEEN = Observation(
    layers=("Dense",),
    parameters=7,
    input_shape=(None, 28),
    predictions={"unseen": np.ones((2, 3))},
    weights=(weight("kernel", np.ones((2, 3))),),
)
EXHIBIT = Exhibit(b"model", {"unseen": np.zeros((2, 28, 28, 1), np.float32)})


class Counting:
    """Counts how often it is asked; its answer is given."""

    calls = 0

    def __call__(self, submission: Submission) -> ExecutionResult:
        type(self).calls += 1
        return RESULT


class Seeing:
    def __init__(self) -> None:
        self.asked: list[str] = []

    def __call__(self, exhibits: object) -> dict[str, Observation]:
        self.asked += list(exhibits)  # type: ignore[call-overload]
        return dict.fromkeys(exhibits, SEEN)  # type: ignore[attr-defined]


def same(one: ExecutionResult, other: ExecutionResult) -> bool:
    assert (one.outputs, one.problem) == (other.outputs, other.problem)
    assert one.evidence.keys() == other.evidence.keys()
    for item, evidence in one.evidence.items():
        twin = other.evidence[item]
        assert (evidence.attempted, evidence.problem, evidence.model) == (
            twin.attempted,
            twin.problem,
            twin.model,
        )
        assert evidence.arrays.keys() == twin.arrays.keys()
        for name in evidence.arrays:
            np.testing.assert_array_equal(evidence.arrays[name], twin.arrays[name])
    return True


def test_an_execution_comes_back_from_bytes_as_it_was() -> None:
    back = unpack_execution(pack_execution(Execution(RESULT, 1.25)))
    assert back.seconds == 1.25
    assert same(back.result, RESULT)


def test_bytes_that_are_cut_or_foreign_are_told() -> None:
    packed = pack_execution(Execution(RESULT, 1.25))
    for bad in (b"", packed[:10], packed[:-1], b"\0" * 64):
        with pytest.raises(DamagedError):
            unpack_execution(bad)
        with pytest.raises(DamagedError):
            unpack_observation(bad)


def test_the_same_submission_is_executed_once(tmp_path: Path) -> None:
    Counting.calls = 0
    store = Store(tmp_path)
    first = execute(SUBMISSION, Counting(), store)
    again = execute(replace(SUBMISSION), Counting(), store)
    assert Counting.calls == 1
    assert again.seconds == first.seconds
    assert same(again.result, RESULT)


@pytest.mark.parametrize(
    "other",
    [
        replace(SUBMISSION, notebook="{ }"),
        replace(SUBMISSION, files={"notes.txt": b"yours"}),
        replace(SUBMISSION, files={}),
        replace(SUBMISSION, inputs={"count": {"sizes": np.arange(3.0)}}),
        replace(SUBMISSION, limits=Limits(seconds=1)),
        replace(SUBMISSION, data=StudentData("full", Path("/here/digits-full-1"))),
        replace(SUBMISSION, data=None),
    ],
)
def test_another_submission_is_executed(tmp_path: Path, other: Submission) -> None:
    assert execution_key(other, Counting) != execution_key(SUBMISSION, Counting)


def test_where_the_data_lies_makes_no_difference() -> None:
    there = replace(SUBMISSION, data=StudentData("bundled", Path("/there/digits-bundled-1")))
    assert execution_key(there, Counting) == execution_key(SUBMISSION, Counting)


def test_what_executes_makes_a_difference() -> None:
    assert execution_key(SUBMISSION, Counting) != execution_key(SUBMISSION, Seeing)


@pytest.mark.parametrize(
    ("name", "decides"), [("a.py", True), ("models/weights.npz", True), ("b.toml", True), ("a.pyc", False)]
)
def test_what_lies_in_the_package_makes_a_difference(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, decides: bool
) -> None:
    monkeypatch.setattr("helpers.grading.cached.ROOT", tmp_path)
    path = tmp_path / "helpers" / name
    path.parent.mkdir(parents=True)
    found = set()
    for content in (b"1", b"2"):
        path.write_bytes(content)
        found.add(code_version.__wrapped__())
    assert len(found) == 1 + decides


def test_only_models_that_are_new_are_observed(tmp_path: Path) -> None:
    store, observer = Store(tmp_path), Seeing()
    observe({"model": EXHIBIT}, observer, store)
    other = Exhibit(b"other", EXHIBIT.images)
    seen = observe({"model": EXHIBIT, "other": other}, observer, store)
    assert observer.asked == ["model", "other"]
    assert (seen["model"].layers, seen["model"].input_shape) == (SEEN.layers, SEEN.input_shape)
    np.testing.assert_array_equal(seen["model"].predictions["unseen"], SEEN.predictions["unseen"])


def test_other_images_are_another_observation() -> None:
    other = Exhibit(EXHIBIT.model, {"unseen": np.ones((2, 28, 28, 1), np.float32)})
    assert observation_key(other, Seeing) != observation_key(EXHIBIT, Seeing)
