"""Functions that are checked on many calls, each by itself: a call that fails costs only what it is about.

A challenge is a list of cases, drawn as numbers and sent as text. The student's kernel makes the calls and
hands over what came back; the judge computes with a reference what should have.
"""

from __future__ import annotations

import json
from abc import abstractmethod
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from helpers.checks.evidence import Arrays, Evidence, printable
from helpers.checks.exercise import told
from helpers.checks.items import Challenge, ImageSource, Item, UnusableReturn, is_empty, outputs_as_arrays
from helpers.checks.observation import Observation
from helpers.checks.verdict import Finding
from helpers.convolution import ConvolutionError

KEPT = "kept"
"""The part for leaving the given arrays as they were, in items that have it."""

# float32 keeps 7 digits: this leaves it room for sums of 30 products, and any wrong product is far beyond it.
_TOLERANCE = 1e-5
_LARGE = 1e12
_TINY = 25  # values that can be shown in a sentence


@dataclass(frozen=True, eq=False)
class Case:
    """One call of the student's function.

    part:    what it is about, a part of the item.
    given:   (name, value) of what is passed by place: arrays, whole numbers, texts, tuples of numbers.
    options: what is passed by name.
    needs:   another part without which it isn't held against the student; "" if there is none.
    """

    part: str
    given: tuple[tuple[str, Any], ...]
    options: Mapping[str, Any] = field(default_factory=dict)
    needs: str = ""

    @property
    def values(self) -> list[Any]:
        """What is passed by place, in order."""
        return [value for _, value in self.given]

    @property
    def arrays(self) -> list[NDArray[Any]]:
        """The arrays among them."""
        return [value for value in self.values if isinstance(value, np.ndarray)]

    @property
    def tiny(self) -> bool:
        """Whether its numbers are so few and so round that they can be shown, and computed with on paper."""
        few = sum(array.size for array in self.arrays) <= _TINY
        return few and all(np.array_equal(array, array.round(2)) for array in self.arrays)

    def __str__(self) -> str:
        """The call in words, with all its numbers if it is tiny."""
        said = [_in_words(name, value, self.tiny) for name, value in (*self.given, *self.options.items())]
        return ", ".join(said[:-1]) + " and " + said[-1] if len(said) > 1 else said[0]


def _in_words(name: str, value: Any, tiny: bool) -> str:
    if not isinstance(value, np.ndarray):
        return f"{name} {value!r}"
    if tiny:
        return f"{name} {rows(value)}"
    kind = "" if value.dtype == np.float64 else f" ({value.dtype})"
    size = " × ".join(str(length) for length in value.shape) if value.ndim > 1 else f"{value.size} values"
    return f"{_article(name)}{name} of {size}{kind}"


def _article(name: str) -> str:
    if name.endswith("s"):  # several of them
        return ""
    return "an " if name[0] in "aeiou" else "a "


def rows(array: NDArray[Any]) -> str:
    """An array as a student would type it, whole numbers without a point."""
    return str(_typed(array)).replace("'", "")


def _typed(array: Any) -> Any:
    return [_typed(row) for row in array] if np.ndim(array) else _number(array)


def _number(value: Any) -> str:
    number = float(value) + 0  # + 0 makes 0 of -0
    return f"{number:.0f}" if number.is_integer() and abs(number) < _LARGE else f"{number:.6g}"


class FunctionItem(Item):
    """An item that asks for one function. A subclass draws cases and knows the right results.

    labels:  what each part is about, as its messages begin.
    returns: what the function returns, for messages.
    """

    labels: ClassVar[Mapping[str, str]]
    returns: ClassVar[str] = "the result"

    @abstractmethod
    def cases(self, rng: np.random.Generator) -> Iterable[Case]:
        """Draws the calls; of each part the simplest first, as the first that fails is told."""

    @abstractmethod
    def expected(self, case: Case) -> Any:
        """The right result of a case."""

    def mistakes(self, case: Case) -> Iterator[tuple[str, Callable[[], Any]]]:
        """Advice on wrong results, each with a function that computes such a result."""
        yield from ()

    def draw(self, images: ImageSource, rng: np.random.Generator) -> Challenge:
        return Challenge(inputs={"cases": packed(tuple(self.cases(rng)))})

    def collect(self, answer: tuple[Any, ...], inputs: Arrays) -> Evidence:
        function = answer[0]
        if function is None or is_empty(function):
            return Evidence(attempted=False)
        calls = [_called(function, case, self.returns) for case in unpacked(inputs["cases"])]
        if all(call.unfinished for call in calls):
            return Evidence(attempted=False)
        arrays: dict[str, NDArray[Any]] = {KEPT: np.array([call.kept for call in calls])}
        for number, call in enumerate(calls):
            if call.result is None:
                arrays[_said(number)] = _as_bytes(printable(call.problem))
            else:
                arrays[_result(number)] = call.result
        return Evidence(arrays=arrays)

    def findings(self, evidence: Evidence, seen: Observation, challenge: Challenge) -> tuple[Finding, ...]:
        cases = unpacked(challenge.inputs["cases"])
        right: list[str] = []
        reasons: set[str] = set()
        found = []
        for part in self.parts:
            if part == KEPT:
                found.append(self._kept(evidence.arrays.get(KEPT), cases, right))
                continue
            found.append(self._part(part, evidence, cases, right, reasons))
            if found[-1].earned:
                right.append(part)
        return tuple(found)

    def _part(
        self, part: str, evidence: Evidence, cases: Sequence[Case], right: list[str], reasons: set[str]
    ) -> Finding:
        """Judges one part, knowing which are right before it, and which reasons have been told."""
        label = self.labels[part]
        numbered = [(number, case) for number, case in enumerate(cases) if case.part == part]
        counted = [(number, case) for number, case in numbered if not case.needs or case.needs in right]
        if not counted:
            return Finding(part, 0.0, f"{label}: judged as soon as what stands above is right.")
        for number, case in counted:
            problem = self._problem(evidence, case, number)
            if problem:
                again = problem.reason in reasons
                reasons |= {problem.reason} - {""}
                return Finding(part, 0.0, f"{label}: {problem.again() if again else problem}")
        calls = {1: "the call", 2: "both calls"}.get(len(counted), f"all {len(counted)} calls")
        return Finding(part, 1.0, f"{label}: right in {calls}.")

    def _kept(self, kept: NDArray[Any] | None, cases: Sequence[Case], right: list[str]) -> Finding:
        label = self.labels[KEPT]
        if not right:
            return Finding(KEPT, 0.0, f"{label}: judged as soon as some of the above is right.")
        if kept is None or kept.shape != (len(cases),):
            return Finding(KEPT, 0.0, f"{label}: the check did not get to its end.")
        if kept.all():
            return Finding(KEPT, 1.0, f"{label}: unchanged, as it should be.")
        case = cases[int(np.argmin(kept))]
        return Finding(
            KEPT, 0.0, f"{label}: with {case}, your function changes what it was given. Work on a copy of it."
        )

    def _problem(self, evidence: Evidence, case: Case, number: int) -> _Problem | None:
        """What is wrong with one call."""
        found = evidence.arrays.get(_result(number))
        if found is None:
            said = printable(_as_text(evidence.arrays.get(_said(number))))
            return _Problem(case, "", said or "nothing came back.")
        expected = np.asarray(self.expected(case))
        if agree(found, expected, case):
            return None
        return _Problem(case, _difference(found, expected, case), self._advice(case, found))

    def _advice(self, case: Case, found: NDArray[Any]) -> str:
        if found.dtype == np.float16:
            return "float16 keeps three digits only: compute in float64."
        for advice, mistaken in self.mistakes(case):
            with suppress(ConvolutionError):  # not every mistake can be made in every case
                if agree(found, np.asarray(mistaken()), case):
                    return advice
        return ""


@dataclass(frozen=True)
class _Problem:
    """What is wrong with one call: how its result differs, and the reason, each "" where there is none."""

    case: Case
    difference: str
    reason: str

    def __str__(self) -> str:
        return f"with {self.case}, {self.difference} {self.reason}".replace("  ", " ").strip()

    def again(self) -> str:
        """The same where the reason has been told before."""
        return f"again, {self.reason[:1].lower()}{self.reason[1:]}"


@dataclass(frozen=True)
class _Call:
    """What one call in the student's kernel came to: a result, or why there is none.

    kept: whether the arrays that were passed are as they were.
    """

    result: NDArray[Any] | None
    problem: str
    unfinished: bool
    kept: bool


def _called(function: Any, case: Case, returns: str) -> _Call:
    """Calls the student's function on copies."""
    given = [value.copy() if isinstance(value, np.ndarray) else value for value in case.values]
    result, problem, unfinished = None, "", False
    try:
        returned = function(*given, **case.options)
        if returned is None:
            raise UnusableReturn("Your function returned nothing. Is its `return` there?")
        result = outputs_as_arrays(returned, (returns,))[returns].copy()
    except UnusableReturn as error:
        said = str(error)
        problem = said[:1].lower() + said[1:]
    except Exception as error:
        problem = f"your function stopped with {told(error)}"
        unfinished = isinstance(error, NotImplementedError)
    pairs = zip(given, case.values, strict=True)
    kept = all(np.array_equal(now, was) for now, was in pairs if isinstance(was, np.ndarray))
    return _Call(result, problem, unfinished, kept)


def agree(found: NDArray[Any], expected: NDArray[Any], case: Case) -> bool:
    """Whether two results are the same but for rounding: float32's is allowed, float16's is not."""
    return found.shape == expected.shape and bool(_close(found, expected, case).all())


def _close(found: NDArray[Any], expected: NDArray[Any], case: Case) -> NDArray[np.bool_]:
    if expected.dtype.kind in "iu":  # what is counted is right or wrong
        return np.asarray(found == expected)
    largest = [float(np.abs(array.astype(np.float64)).max(initial=0.0)) for array in case.arrays]
    close = np.isclose(found, expected, rtol=_TOLERANCE, atol=_TOLERANCE * float(np.prod(largest)))
    return np.asarray(close)


def _difference(found: NDArray[Any], expected: NDArray[Any], case: Case) -> str:
    if case.tiny and _can_be_said(expected) and _can_be_said(found):
        return f"the result should be {rows(expected)}; yours is {rows(found)}."
    if found.shape != expected.shape:
        return f"the result should have the shape {expected.shape}; yours has {found.shape}."
    wrong = ~_close(found, expected, case)
    place = tuple(int(index) for index in np.argwhere(wrong)[0])
    return (
        f"{int(wrong.sum())} of {wrong.size} values are wrong; the first, at {list(place)}, should be "
        f"{_number(expected[place])}; yours is {_number(found[place])}."
    )


def _can_be_said(array: NDArray[Any]) -> bool:
    """Whether a sentence with all its numbers can still be read."""
    return array.ndim <= 2 and array.size <= 2 * _TINY


# --- Cases and sentences as arrays, which is what challenges and evidence consist of


def packed(cases: Sequence[Case]) -> NDArray[np.uint8]:
    """Cases as the bytes of a text; `unpacked` gives equal ones, to the last digit."""
    table = [
        {
            "part": case.part,
            "given": [[name, _plain(value)] for name, value in case.given],
            "options": {name: _plain(value) for name, value in case.options.items()},
            "needs": case.needs,
        }
        for case in cases
    ]
    return _as_bytes(json.dumps(table))


def unpacked(content: NDArray[np.uint8]) -> tuple[Case, ...]:
    """The cases that `packed` was given."""
    return tuple(
        Case(
            entry["part"],
            tuple((name, _restored(value)) for name, value in entry["given"]),
            {name: _restored(value) for name, value in entry["options"].items()},
            entry["needs"],
        )
        for entry in json.loads(_as_text(content))
    )


def _plain(value: Any) -> Any:
    if isinstance(value, np.ndarray):
        return {"dtype": str(value.dtype), "values": value.tolist()}
    return value


def _restored(value: Any) -> Any:
    if isinstance(value, dict):
        return np.array(value["values"], dtype=value["dtype"])
    return tuple(value) if isinstance(value, list) else value


def _as_bytes(text: str) -> NDArray[np.uint8]:
    return np.frombuffer(text.encode(), dtype=np.uint8)


def _as_text(content: NDArray[Any] | None) -> str:
    return "" if content is None else content.astype(np.uint8).tobytes().decode(errors="replace")


def _result(number: int) -> str:
    return f"result_{number}"


def _said(number: int) -> str:
    return f"said_{number}"
