"""What all items share: a stub is not attempted, and what a function returned is said in words."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from helpers.checks.evidence import Evidence
from helpers.checks.exercise import attempt
from helpers.checks.items import Challenge, Item, UnusableReturn, is_empty, outputs_as_arrays
from helpers.checks.observation import Observation
from helpers.checks.specification import ItemSpecification
from helpers.checks.verdict import Finding, State


def defined(source: str) -> Callable[..., Any]:
    """The function `f` that a student's cell defines; its file exists nowhere, as in a notebook."""
    namespace: dict[str, Any] = {}
    exec(compile(source, "<cell>", "exec"), namespace)
    function: Callable[..., Any] = namespace["f"]
    return function


@pytest.mark.parametrize(
    "source",
    [
        "def f(): ...",
        "def f(images, labels):\n    # YOUR CODE HERE\n    ...",
        'def f(images, labels):\n    """Return x and y."""\n    # YOUR CODE HERE\n    ...',
        'def f(a: int, b: "list[int]" = [], *c, d=1, **e) -> tuple[int, int]:\n    """Text."""\n    ...',
        "def f(x): pass",
        "def f(x): return",
        'def f(x):\n    """Text."""\n    return None',
        "def f(x):\n    pass\n    ...\n    return None",
        "f = lambda x: None",
        "f = lambda x: ...",
    ],
)
def test_a_stub_is_empty(source: str) -> None:
    assert is_empty(defined(source))


@pytest.mark.parametrize(
    "source",
    [
        "def f(x): return x",
        'def f(x):\n    """Text."""\n    return 5',
        "def f(x): return 0",
        "def f(x): return False",
        "def f(x): return ()",
        "def f(x): return 'text'",
        "def f(x): x = 1",
        "def f(x): print(x)",
        "def f(x): yield",
        "def f(x):\n    for y in x: ...",
        "def f(x): raise ValueError",
        "class f:\n    def __call__(self): ...",
        "f = None",
    ],
)
def test_anything_else_is_an_attempt(source: str) -> None:
    assert not is_empty(defined(source))


class Doubled(Item):
    """`double(x)`, for these tests."""

    parts = ("value",)

    def draw(self, images: Any, rng: np.random.Generator) -> Challenge:
        return Challenge(inputs={"x": np.arange(3)})

    def collect(self, answer: tuple[Any, ...], inputs: Any) -> Evidence:
        if is_empty(answer[0]):
            return Evidence(attempted=False)
        return Evidence(arrays=outputs_as_arrays(answer[0](inputs["x"]), ("value",)))

    def findings(self, evidence: Evidence, seen: Observation, challenge: Challenge) -> tuple[Finding, ...]:
        right = np.array_equal(evidence.arrays["value"], 2 * challenge.inputs["x"])
        return (self.finding("value", right, "Doubled.", "Not doubled."),)


DOUBLED = Doubled(ItemSpecification("double", "Double", "here:Doubled", {"value": 2.0}, ("a", "b", "c")))


def judged(source: str) -> Any:
    challenge = DOUBLED.draw(None, np.random.default_rng(0))
    return DOUBLED.judge(attempt(DOUBLED, (defined(source),), challenge.inputs), Observation(), challenge)


def test_the_three_verdicts() -> None:
    assert judged("def f(x): ...").state is State.NOT_ATTEMPTED
    assert judged("def f(x): return x + 1").state is State.WRONG
    right = judged("def f(x): return x + x")
    assert (right.state, right.score) == (State.RIGHT, 2.0)


def test_raising_not_implemented_is_not_attempted() -> None:
    assert judged("def f(x): raise NotImplementedError").state is State.NOT_ATTEMPTED


def test_an_error_is_told_with_the_line_where_it_arose() -> None:
    wrong = judged("def g(x):\n    return x / y\n\ndef f(x):\n    return g(x)")
    assert wrong.score == 0
    assert wrong.reason == (
        "Your answer stopped with NameError in line 2 of its cell: name 'y' is not defined"
    )


def test_an_error_without_words_is_told_too() -> None:
    assert "stopped with KeyError" in judged("def f(x): raise KeyError").reason
    assert "no message" in judged("def f(x): raise ValueError('')").reason


def test_evidence_that_never_came_says_so() -> None:
    challenge = DOUBLED.draw(None, np.random.default_rng(0))
    verdict = DOUBLED.judge(None, Observation(), challenge)
    assert (verdict.state, verdict.score) == (State.WRONG, 0)
    assert "handed nothing over" in verdict.reason


@pytest.mark.parametrize(
    ("returned", "said"),
    [
        (None, "should return 2 values (x, y), but returned None. Is its `return` there?"),
        (np.zeros(2), "returned a value of type ndarray."),
        ((1, 2, 3), "returned a tuple of 3."),
        ((np.zeros(2), "text"), "y should be an array of numbers, but is a value of type str."),
        ((np.zeros(2), None), "y should be an array of numbers, but is None."),
        (
            (np.zeros(2), np.array(["7"], dtype=object)),
            "y should be an array of numbers, but is an array of object.",
        ),
        (([[1], [1, 2]], 3), "x can't be read as an array: a list of 2."),
    ],
)
def test_a_return_of_another_kind_is_described(returned: Any, said: str) -> None:
    with pytest.raises(UnusableReturn, match=re.escape(said)):
        outputs_as_arrays(returned, ("x", "y"))


def test_lists_and_tuples_are_as_good_as_arrays() -> None:
    found = outputs_as_arrays([[1, 2], 0.5], ("x", "y"))
    assert (found["x"].tolist(), found["y"].item()) == ([1, 2], 0.5)
