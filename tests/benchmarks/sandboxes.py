"""What a submission costs in each kind of sandbox, and without one.

    python -m tests.benchmarks.sandboxes --rounds 3
    python -m tests.benchmarks.sandboxes --assignment 02_convolution_by_hand --answer right

Executes one answer of the bank and observes its models: without a sandbox, in a new one, in a warm one. These
take turns, so that what else the machine does falls on all of them. Prints clock and processor seconds a
submission (user and system, all processes), and the most memory that these processes held at a time (what
they share is counted once). A warm sandbox's start is a row of its own. On bundled data.
"""

from __future__ import annotations

import argparse
import os
import statistics
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import nbformat
import psutil

from helpers.authoring.source import chosen_names
from helpers.grading.classroom import fill_in, read_bank
from helpers.grading.execution import LocalExecutor, Submission
from helpers.grading.isolation.processes import ROOT, Run, run_unprotected
from helpers.grading.isolation.sandbox import run_sandboxed
from helpers.grading.isolation.warm import WarmRun
from helpers.grading.observing import CleanProcess
from helpers.grading.secret import Secret
from helpers.grading.verification import Examination, examination, verify


@dataclass(frozen=True)
class Cost:
    """Of one submission. memory: bytes at the most."""

    seconds: float
    cpu_seconds: float
    memory: int
    points: float


def measure(run: Run, exam: Examination, submission: Submission) -> Cost:
    """Executes and verifies a submission."""
    with Meter() as meter:
        result = LocalExecutor(run)(submission)
        verdicts = verify(exam, result, CleanProcess(run=run))
    assert result.problem == "", result.problem
    points = sum(verdict.score for verdict in verdicts.values())
    return Cost(meter.seconds, meter.cpu_seconds, meter.memory, points)


class Meter:
    """Measures this process's descendants while it is open, those that end meanwhile included.

    every: seconds between two looks at their memory, which hold up whoever is looked at.
    """

    def __init__(self, every: float = 0.5) -> None:
        self._every = every

    def __enter__(self) -> Meter:
        self.memory = 0
        self._seen: dict[psutil.Process, float] = {}
        self._over = threading.Event()
        self._look()
        self._before = dict(self._seen)
        self._reaped = os.times()
        self._watcher = threading.Thread(target=self._watch)
        self._started = time.monotonic()
        self._watcher.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.seconds = time.monotonic() - self._started
        self._over.set()
        self._watcher.join()
        self._look()
        reaped = os.times()
        ended = sum(reaped[2:4]) - sum(self._reaped[2:4])  # children that were waited for, and theirs
        living = sum(
            spent - self._before.get(one, 0.0) for one, spent in self._seen.items() if one.is_running()
        )
        self.cpu_seconds = ended + living

    def _watch(self) -> None:
        while not self._over.wait(self._every):
            self._look()

    def _look(self) -> None:
        """Living processes: what they and those that they waited for have spent, and what they hold."""
        memory = 0
        for one in psutil.Process().children(recursive=True):
            try:
                self._seen[one] = sum(one.cpu_times()[:4])
                memory += one.memory_full_info().pss
            except psutil.Error:
                continue
        self.memory = max(self.memory, memory)


def start_of_warm(data: Path) -> tuple[WarmRun, Cost]:
    """A warm sandbox, and what its start costs."""
    run = WarmRun()
    with Meter() as meter:
        run.start(data)
    return run, Cost(meter.seconds, meter.cpu_seconds, meter.memory, 0.0)


def main() -> None:
    """Measures and prints a table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--assignment", default="01")
    parser.add_argument("--answer", default="")
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    os.environ["WORKSHOP_DATA"] = "bundled"
    (name,) = chosen_names(ROOT, [options.assignment])
    answers = {answer.name: answer for answer in read_bank(name)}
    answer = (
        answers[options.answer]
        if options.answer
        else next(one for one in answers.values() if one.about.startswith("Right"))
    )
    exam = examination(ROOT / "source" / name, Secret(bytes(range(32))))
    notebook = nbformat.read(ROOT / "release" / name / f"{name}.ipynb", as_version=4)
    fill_in(notebook, answer)
    files = {"assignment.toml": (ROOT / "source" / name / "assignment.toml").read_bytes()}
    submission = Submission(
        nbformat.writes(notebook), files, exam.inputs, exam.specification.limits, exam.data
    )
    warm, start = start_of_warm(exam.data.folder)
    ways: dict[str, Callable[[], Cost]] = {
        "no sandbox": lambda: measure(run_unprotected, exam, submission),
        "new sandbox": lambda: measure(run_sandboxed, exam, submission),
        "warm sandbox": lambda: measure(warm, exam, submission),
    }
    costs = [(way, one()) for _ in range(options.rounds) for way, one in ways.items()]
    print(f"{name}, answer {answer.name}, {options.rounds} rounds (medians)")
    print(f"{'':16}{'seconds':>9}{'CPU s':>9}{'MB':>7}{'points':>8}")
    for way in ways:
        those = [cost for named, cost in costs if named == way]
        show(way, those)
    show("start of a warm", [start])
    warm.close()


def show(way: str, costs: list[Cost]) -> None:
    """Prints a row of the table."""
    seconds, cpu, memory, points = (
        statistics.median(getattr(cost, entry) for cost in costs)
        for entry in ("seconds", "cpu_seconds", "memory", "points")
    )
    print(f"{way:16}{seconds:9.2f}{cpu:9.2f}{memory / 2**20:7.0f}{points:8.2f}")


if __name__ == "__main__":
    main()
