"""What every graded item has in common: a challenge is drawn, an answer leaves evidence, a judge decides.

The three steps run in three places when a submission is graded, and in one when a student checks their work:

    draw     where the labels are     the grader's host, or the student's notebook with images of its own
    collect  where the answer is      the student's kernel, always
    judge    where the labels are     the same code for both, so that both say the same
"""

from __future__ import annotations

import dis
import importlib
import types
from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar, Protocol

import numpy as np
from numpy.typing import NDArray

from helpers.checks.evidence import Arrays, Evidence
from helpers.checks.observation import Observation
from helpers.checks.specification import ItemSpecification, SpecificationError
from helpers.checks.verdict import Finding, State, Verdict


class ImageSource(Protocol):
    """Gives n labelled images: x float32 (n, 28, 28, 1) in [0, 1], y int64 (n,); by seed."""

    def __call__(self, n: int, seed: int) -> tuple[NDArray[np.float32], NDArray[np.int64]]: ...


ImageSources = Mapping[str, ImageSource]
"""Where images are drawn from, by name of the data set."""


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


class UnusableReturn(Exception):
    """Raised while collecting where a function returned something else than was asked for; says what."""


class Item(ABC):
    """One graded item of one assignment; a subclass for each kind of task, named in assignment.toml.

    A subclass says what its entry there has to hold: `parts` that points are given for, those of them that
    are `ramped`, and the names of its `settings`; and whether a model is handed in, which is then `observed`
    on unseen images.
    """

    parts: ClassVar[tuple[str, ...]]
    ramped: ClassVar[tuple[str, ...]] = ()
    settings: ClassVar[tuple[str, ...]] = ()
    observed: ClassVar[bool] = False

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
        return self.specification.settings[name]

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
    for entry, expected, found in (
        ("points", checker.parts, specification.points),
        ("ramps", checker.ramped, specification.ramps),
        ("settings", checker.settings, specification.settings),
    ):
        if set(expected) != set(found):
            raise SpecificationError(
                f"assignment.toml: items.{specification.name}.{entry} must hold {_listed(expected)} "
                f"for {class_name}, but holds {_listed(found)}."
            )
    item: Item = checker(specification)
    return item


def _listed(names: Iterable[str]) -> str:
    return ", ".join(sorted(names)) or "nothing"


def is_empty(function: object) -> bool:
    """Whether a function is still a stub: nothing in it but a docstring, `...`, `pass` or `return None`."""
    if not isinstance(function, types.FunctionType):
        return False
    steps = [step for step in dis.get_instructions(function) if step.opname not in _IDLE]
    return all(step.opname in _RETURNING and step.argval in (None, ...) for step in steps)


# Which instructions a stub compiles to depends on Python's version; these are all that any of them uses.
_IDLE = {"RESUME", "NOP", "CACHE"}
_RETURNING = {"LOAD_CONST", "RETURN_CONST", "RETURN_VALUE"}


def outputs_as_arrays(returned: Any, names: tuple[str, ...]) -> dict[str, NDArray[Any]]:
    """What a function returned, by name, as arrays of numbers. Raises UnusableReturn where it isn't that."""
    values = (returned,) if len(names) == 1 else returned
    if not isinstance(values, tuple | list) or len(values) != len(names):
        wanted = names[0] if len(names) == 1 else f"{len(names)} values ({', '.join(names)})"
        forgotten = " Is its `return` there?" if returned is None else ""
        raise UnusableReturn(
            f"Your function should return {wanted}, but returned {_kind(returned)}.{forgotten}"
        )
    arrays = {name: _as_array(name, value) for name, value in zip(names, values, strict=True)}
    for name, array in arrays.items():
        if array.dtype.kind not in "biuf":
            value = values[names.index(name)]
            kind = f"an array of {array.dtype}" if isinstance(value, np.ndarray) else _kind(value)
            raise UnusableReturn(f"{name} should be an array of numbers, but is {kind}.")
    return arrays


def _as_array(name: str, value: Any) -> NDArray[Any]:
    try:
        return np.asarray(value)
    except (TypeError, ValueError):  # rows of different lengths, for one
        raise UnusableReturn(f"{name} can't be read as an array: {_kind(value)}.") from None


def _kind(value: Any) -> str:
    if value is None:
        return "None"
    if isinstance(value, tuple | list):
        return f"a {type(value).__name__} of {len(value)}"
    return f"a value of type {type(value).__name__}"
