"""What a student's notebook calls: check an answer, ask for a hint, see what is done."""

from __future__ import annotations

import os
import traceback
import zlib
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from helpers.checks import evidence as evidence_files
from helpers.checks.evidence import Arrays, Evidence
from helpers.checks.items import Item, UnusableReturn, item_for
from helpers.checks.observation import Observation, observe
from helpers.checks.specification import FILE_NAME, AssignmentSpecification, ItemSpecification, read
from helpers.checks.verdict import State, Verdict, wrapped
from helpers.errors import WorkshopError

# A grader names the folder in which it waits for evidence, and in which the inputs lie.
EVIDENCE_FOLDER = "WORKSHOP_EVIDENCE"
# nbgrader says so when it validates or grades; the test suite says so for notebooks that must be right.
STRICT_MODES = ("NBGRADER_EXECUTION", "WORKSHOP_STRICT")
LARGEST_INPUTS = 64 * 2**20


class CheckNotPassed(WorkshopError):
    """Raised by a check that isn't right, but only where somebody counts: Validate, grading, tests."""


class UnknownItem(WorkshopError):
    """A check or a hint was asked for by a name that the assignment doesn't have."""


class Assignment:
    """One assignment in a student's notebook.

    >>> exercise = Assignment()            # reads the assignment.toml beside the notebook
    >>> exercise.check("prepare", prepare) # says not attempted, wrong with a reason, or right
    >>> exercise.hint("prepare")           # the next hint, from gentle to explicit
    """

    def __init__(self, folder: str | Path = ".") -> None:
        self.specification: AssignmentSpecification = read(Path(folder) / FILE_NAME)
        self._hints_shown: dict[str, int] = {}
        self._verdicts: dict[str, Verdict] = {}

    def check(self, name: str, *answer: Any) -> None:
        """Checks an answer and shows the verdict; where a grader waits, hands the evidence over instead."""
        folder = os.environ.get(EVIDENCE_FOLDER)
        if folder:
            _hand_over(item_for(self._item(name)), answer, Path(folder) / name)
            return
        verdict = self._verdict(name, answer)
        self._verdicts[name] = verdict
        if verdict.state is not State.RIGHT and any(os.environ.get(mode) for mode in STRICT_MODES):
            raise CheckNotPassed(verdict.plain())
        _show(verdict)

    def hint(self, name: str) -> None:
        """Shows the next hint on an item; after the last one, all of them again."""
        item = self._item(name)
        shown = self._hints_shown.get(name, 0)
        self._hints_shown[name] = shown + 1
        steps = range(len(item.hints)) if shown >= len(item.hints) else [shown]
        for step in steps:
            text = f"Hint {step + 1} of {len(item.hints)}: {item.hints[step]}"
            print("\n".join(wrapped(text, "", "  ")))  # JupyterLab would break lines within words

    def summary(self) -> None:
        """Shows each item with its last verdict and points, and what is still open."""
        if os.environ.get(EVIDENCE_FOLDER):
            print("Graded: the points stand beside each check.")
            return
        earned = 0.0
        for name, item in self.specification.items.items():
            verdict = self._verdicts.get(name)
            score = verdict.score if verdict else 0.0
            state = str(verdict.state) if verdict else "not checked yet"
            earned += score
            print(f"{item.title:<44} {state:<16} {score:5.2f} of {item.possible:g}")
        print(f"{'Together':<61} {earned:5.2f} of {self.specification.possible:g}")
        print("A grader uses images that nobody has seen, so its figures can differ a little from these.")

    def _item(self, name: str) -> ItemSpecification:
        try:
            return self.specification.items[name]
        except KeyError:
            known = ", ".join(self.specification.items)
            raise UnknownItem(
                f"{self.specification.name} has no item {name!r}. Its items are: {known}."
            ) from None

    def _verdict(self, name: str, answer: tuple[Any, ...]) -> Verdict:
        self._item(name)  # a wrong name is told before anything else
        item = item_for(self.specification.on(self.specification.variant_here()).items[name])
        seed = zlib.crc32(name.encode())
        dataset = self.specification.dataset_of(name)
        challenge = item.draw(partial(self._test_images, dataset), np.random.default_rng(seed))
        evidence = attempt(item, answer, challenge.inputs)
        seen = Observation() if evidence.model is None else observe(evidence.model, challenge.unseen)
        return item.judge(evidence, seen, challenge)

    def _test_images(self, dataset: str, n: int, seed: int) -> tuple[NDArray[np.float32], NDArray[np.int64]]:
        from helpers import datasets

        data = datasets.load(dataset, self.specification.variant or None, quiet=True)
        chosen = np.random.default_rng(seed).permutation(len(data.x_test))[:n]
        return data.x_test[chosen], data.y_test[chosen]


def attempt(item: Item, answer: tuple[Any, ...], inputs: Arrays) -> Evidence:
    """Runs an answer on a challenge's inputs; what it raises becomes the evidence's problem."""
    try:
        return item.collect(answer, inputs)
    except NotImplementedError:
        return Evidence(attempted=False)
    except UnusableReturn as error:
        return Evidence(problem=evidence_files.printable(str(error)))
    except Exception as error:
        return Evidence(problem=evidence_files.printable(f"Your answer stopped with {told(error)}"))


def told(error: Exception) -> str:
    """An error that a student's code raised, in words: its kind, where in their cells, its first line."""
    said = (str(error).strip().splitlines() or ["no message"])[0]
    return f"{type(error).__name__}{_place(error)}: {said}"


def _place(error: Exception) -> str:
    """Where in the student's own cells an error was raised, in words; "" where it was elsewhere."""
    steps = [step for step in traceback.extract_tb(error.__traceback__) if not os.path.exists(step.filename)]
    if not steps:
        return ""
    line = f" ({steps[-1].line})" if steps[-1].line else ""
    return f" in line {steps[-1].lineno} of its cell{line}"


def _hand_over(item: Item, answer: tuple[Any, ...], folder: Path) -> None:
    inputs_path = folder / "inputs.npz"
    inputs = evidence_files.unpack(inputs_path.read_bytes(), LARGEST_INPUTS) if inputs_path.exists() else {}
    evidence_files.write(folder, attempt(item, answer, inputs))
    print("Handed over for grading.")


def _show(verdict: Verdict) -> None:
    try:
        from IPython.core.getipython import get_ipython
        from IPython.display import display
    except ImportError:
        print(verdict.plain())
        return
    if get_ipython() is None:
        print(verdict.plain())
    else:
        display(verdict)
