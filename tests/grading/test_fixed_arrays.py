"""What is worked out of arrays is remembered only where nobody can change them."""

from __future__ import annotations

import numpy as np
import pytest

from helpers.checks.evidence import Arrays
from helpers.grading.fixed_arrays import fix, remembered


class Sum:
    """Adds up arrays, and counts how often it is asked to."""

    def __init__(self) -> None:
        self.calls = 0

    def __call__(self, arrays: Arrays) -> float:
        self.calls += 1
        return float(sum(array.sum() for array in arrays.values()))


def test_fixed_arrays_are_worked_out_once() -> None:
    total = Sum()
    known = remembered(total)
    arrays = {"a": np.ones(3), "b": np.ones(4)}
    fix(arrays)
    assert [known(arrays), known(dict(arrays))] == [7, 7]
    assert total.calls == 1
    with pytest.raises(ValueError, match="read-only"):
        arrays["a"][0] = 2


def test_other_names_or_arrays_are_others() -> None:
    total = Sum()
    known = remembered(total)
    one, same = np.ones(3), np.ones(3)
    for array in (one, same):
        array.flags.writeable = False
    for arrays in ({"a": one}, {"b": one}, {"a": same}, {"a": one, "b": same}):
        known(arrays)
    assert total.calls == 4


def test_arrays_that_can_be_changed_are_worked_out_anew() -> None:
    total = Sum()
    known = remembered(total)
    whole = np.ones(4)
    part = whole[:2]
    part.flags.writeable = False  # but who has the whole can change it
    for arrays in ({"a": whole}, {"a": part}):
        before = known(arrays)
        whole *= 2
        assert known(arrays) == 2 * before
    assert total.calls == 4


def test_no_more_than_a_few_are_kept() -> None:
    total = Sum()
    known = remembered(total)
    for number in range(100):
        array = np.full(2, number)
        array.flags.writeable = False
        assert known({"a": array}) == 2 * number  # though their ids come again
