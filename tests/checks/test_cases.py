"""Cases travel to the student's kernel and back, and are judged the same wherever that is done."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from helpers.checks import evidence as evidence_files
from helpers.checks.cases import Case, agree, packed, unpacked
from helpers.checks.evidence import Evidence
from helpers.checks.exercise import attempt
from helpers.checks.observation import Observation
from helpers.convolution import correlate2d, max_pool2d, output_size, pad2d
from tests.checks.by_hand import FUNCTIONS, ITEMS, challenge, item

REFERENCES = {
    "output_size": output_size,
    "pad2d": pad2d,
    "correlate2d": correlate2d,
    "max_pool2d": max_pool2d,
    "design": lambda: np.array([[-1, 1]]),
}


def test_a_call_in_words_shows_all_numbers_if_they_are_few_and_round() -> None:
    image = np.array([[1.0, 2.5], [-3.0, -0.0]])
    few = Case("a", (("image", image), ("amount", (1, 2))), {"value": 7})
    assert str(few) == "image [[1, 2.5], [-3, 0]], amount (1, 2) and value 7"
    assert str(Case("a", (("image", image / 3),))) == "an image of 2 × 2"
    assert str(Case("a", (("kernel", np.ones((9, 4), dtype="uint8")),))) == "a kernel of 9 × 4 (uint8)"


def test_a_wrong_thousandth_is_a_mistake() -> None:
    case = Case("valid", (("image", np.ones((4, 4))), ("kernel", np.full((3, 3), 0.01))))
    expected = correlate2d(*case.values)
    assert agree(expected.astype("float32"), expected, case)
    assert not agree(expected * 1.001, expected, case)
    assert not agree(expected[:1], expected, case)
    assert not agree(expected * np.nan, expected, case)


@pytest.mark.parametrize("name", FUNCTIONS)
def test_evidence_that_fits_nothing_earns_nothing_and_stops_no_judge(name: str) -> None:
    for arrays in (
        {},
        {"kept": np.ones(3)},
        {f"result_{number}": np.ones((2, 2, 2)) for number in range(30)},
        {f"result_{number}": np.zeros(0) for number in range(30)},
        {f"result_{number}": np.array(True) for number in range(30)},
        {f"said_{number}": np.arange(999.0) for number in range(30)},
    ):
        verdict = item(name).judge(Evidence(arrays=arrays), Observation(), challenge(name))
        assert verdict.score == 0
        assert len(verdict.plain()) < 5000


@pytest.mark.parametrize("name", ITEMS)
def test_what_a_grader_reads_back_is_judged_like_what_a_student_sees(name: str, tmp_path: Path) -> None:
    def half_right(*given: Any, **options: Any) -> Any:
        if options:
            raise ValueError("options: not yet, \N{GREEK SMALL LETTER ALPHA}")
        return REFERENCES[name](*given)

    judged, drawn = item(name), challenge(name)
    inputs = evidence_files.unpack(evidence_files.pack(drawn.inputs), 10**6)
    seen = attempt(judged, (half_right,), drawn.inputs)
    evidence_files.write(tmp_path, attempt(judged, (half_right,), inputs))
    read_back = evidence_files.read(tmp_path, 10**6)
    plain = [judged.judge(one, Observation(), drawn).plain() for one in (seen, read_back)]
    assert plain[0] == plain[1]
    assert "✗" in plain[0]


def test_a_challenge_arrives_as_it_was_drawn() -> None:
    image = np.random.default_rng(3).normal(size=(3, 2))
    sent = Case("a", (("image", image), ("amount", (1, 2))), {"value": -np.inf, "padding": "same"}, needs="b")
    bytes_sent = Case("a", (("image", np.array([[200, 7]], dtype=np.uint8)),))
    got, got_bytes = unpacked(packed([sent, bytes_sent]))
    assert np.array_equal(got.values[0], image)
    assert (got.part, got.values[1], dict(got.options), got.needs) == ("a", (1, 2), dict(sent.options), "b")
    assert got_bytes.values[0].dtype == np.uint8
