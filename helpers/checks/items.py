"""What every graded item has in common: a challenge is drawn, an answer leaves evidence, a judge decides.

The three steps run in three places when a submission is graded, and in one when a student checks their work:

    draw     where the labels are     the grader's host, or the student's notebook with images of its own
    collect  where the answer is      the student's kernel, always
    judge    where the labels are     the same code for both, so that both say the same
"""

from __future__ import annotations

import importlib
import types
from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from helpers.checks.evidence import Arrays, Evidence
from helpers.checks.observation import Observation
from helpers.checks.specification import ItemSpecification, SpecificationError
from helpers.checks.verdict import Finding, State, Verdict


class ImageSource(Protocol):
    """Gives n labelled images: x float32 (n, 28, 28, 1) in [0, 1], y int64 (n,); by seed."""

    def __call__(self, n: int, seed: int) -> tuple[NDArray[np.float32], NDArray[np.int64]]: ...


@dataclass(frozen=True)
class Challenge:
    """What one item is checked on.

    inputs: arrays that the student's function is given.
    unseen: images that only the model is given, where no student code runs; never with labels.
    key:    what the judge alone knows, e.g. the labels of the unseen images.
    """

    inputs: Arrays = field(default_factory=dict)
    unseen: Arrays = field(default_factory=dict)
    key: Arrays = field(default_factory=dict)


class Rejected(Exception):
    """Raised by a judge when the whole item earns nothing; its text is the reason."""


class Item(ABC):
    """One graded item of one assignment; a subclass for each kind of task, named in assignment.toml."""

    def __init__(self, specification: ItemSpecification) -> None:
        self.specification = specification

    @abstractmethod
    def draw(self, images: ImageSource, rng: np.random.Generator) -> Challenge:
        """Draws a challenge; the same generator state and images give the same challenge."""

    @abstractmethod
    def collect(self, answer: tuple[Any, ...], inputs: Arrays) -> Evidence:
        """Runs the student's answer on the inputs. What it raises, the caller turns into evidence."""

    @abstractmethod
    def findings(self, evidence: Evidence, seen: Observation, challenge: Challenge) -> tuple[Finding, ...]:
        """Judges attempted answers: one finding for each part, or Rejected where the whole earns nothing."""

    def judge(self, evidence: Evidence | None, seen: Observation, challenge: Challenge) -> Verdict:
        """The verdict on one item's evidence, whatever that evidence is."""
        if evidence is None:
            return self.wrong(
                "The check cell handed nothing over: it did not run, or did not get to its end."
            )
        if not evidence.attempted:
            return self._verdict(
                State.NOT_ATTEMPTED, (), "Still to do. Replace the line under YOUR CODE HERE."
            )
        if evidence.problem:
            return self.wrong(evidence.problem)
        try:
            findings = self.findings(evidence, seen, challenge)
        except Rejected as rejected:
            return self.wrong(str(rejected))
        right = all(finding.earned == 1.0 for finding in findings)
        return self._verdict(State.RIGHT if right else State.WRONG, findings)

    def wrong(self, reason: str) -> Verdict:
        """A verdict that earns nothing, for a reason that concerns the whole item."""
        return self._verdict(State.WRONG, (), reason)

    def finding(self, part: str, right: bool, message_right: str, message_wrong: str) -> Finding:
        """A finding that is either right or wrong."""
        return Finding(part, 1.0, message_right) if right else Finding(part, 0.0, message_wrong)

    def setting(self, name: str) -> Any:
        """A value of this item's settings in assignment.toml."""
        try:
            return self.specification.settings[name]
        except KeyError:
            raise SpecificationError(
                f"assignment.toml: items.{self.specification.name}.settings must hold {name!r}."
            ) from None

    def _verdict(self, state: State, findings: tuple[Finding, ...], reason: str = "") -> Verdict:
        item = self.specification
        return Verdict(item.name, item.title, state, findings, dict(item.points), reason)


def item_for(specification: ItemSpecification) -> Item:
    """The checker of an item, from its "module:Class" within helpers.checks."""
    module_name, _, class_name = specification.check.partition(":")
    try:
        checker = getattr(importlib.import_module(f"helpers.checks.{module_name}"), class_name)
    except (ImportError, AttributeError):
        raise SpecificationError(
            f"assignment.toml: items.{specification.name}.check names {specification.check!r}, "
            "which isn't a class in helpers/checks."
        ) from None
    item: Item = checker(specification)
    return item


def is_empty(function: object) -> bool:
    """Whether a function is still a stub: nothing in it but a docstring, `...`, `pass` or `return None`."""
    if not isinstance(function, types.FunctionType):
        return False
    code = function.__code__
    return code.co_code in _EMPTY_BODIES and code.co_names == ()


def _stub() -> None: ...


def _stub_with_docstring() -> None:
    """A docstring, so that the constants are laid out as in a documented stub."""


def _stub_that_returns() -> None:
    """A docstring here too."""
    return None


def _empty_bodies() -> frozenset[bytes]:
    stubs: tuple[Callable[[], None], ...] = (_stub, _stub_with_docstring, _stub_that_returns)
    return frozenset(stub.__code__.co_code for stub in stubs)


_EMPTY_BODIES = _empty_bodies()


def outputs_as_arrays(returned: Any, names: tuple[str, ...]) -> dict[str, NDArray[Any]]:
    """What a function returned, by name; TypeError with a sentence for the student where it isn't that."""
    values = (returned,) if len(names) == 1 else returned
    if not isinstance(values, tuple | list) or len(values) != len(names):
        wanted = names[0] if len(names) == 1 else f"{len(names)} values ({', '.join(names)})"
        raise TypeError(f"it should return {wanted}, but returned {_kind(returned)}. Is its `return` there?")
    arrays = {name: np.asarray(value) for name, value in zip(names, values, strict=True)}
    for name, array in arrays.items():
        if array.dtype.kind not in "biuf":
            raise TypeError(
                f"{name} should be an array of numbers, but is {_kind(values[names.index(name)])}"
            )
    return arrays


def _kind(value: Any) -> str:
    if value is None:
        return "None"
    if isinstance(value, tuple | list):
        return f"a {type(value).__name__} of {len(value)}"
    return f"a value of type {type(value).__name__}"
