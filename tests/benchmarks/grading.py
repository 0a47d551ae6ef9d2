"""The same class through plain nbgrader and through `workshop grade`, one after the other in one run.

    make bench                          24 submissions of assignment 01
    make bench ARGS="02 --students 12"

Plain nbgrader is `nbgrader autograde` with its own settings: one submission at a time, the checks in the
student's kernel, no sandbox. `workshop grade` has its sandbox, its verification and nothing in its store.
Both get the same notebooks, no two of them alike, as `workshop grade` would execute such only once. A
computer is faster at one time than at another, so `workshop grade` and the floor are measured before and
after plain nbgrader, and their means are compared. Prints submissions a minute, processor seconds a
submission, the most memory that all processes held at a time (what they share is counted once), and the
ratios: of the throughputs, and to the floor, which is what the notebooks' own cells compute
(tests.benchmarks.floor), spread over the cores.

Processor time is that of all processes that ended and were waited for, as the system counts it.
"""

from __future__ import annotations

import argparse
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, replace
from pathlib import Path

from helpers.authoring.source import chosen_names
from helpers.grading.classroom import hand_in, make_class, read_bank
from helpers.grading.demo import make_course
from helpers.grading.isolation.processes import ROOT
from helpers.grading.nbgrader_runs import must_run_nbgrader
from tests.benchmarks.sandboxes import Meter

PLAIN = """
import os, sys
c = get_config()
os.environ["PATH"] = os.path.dirname(sys.executable) + os.pathsep + os.environ.get("PATH", os.defpath)
c.ClearSolutions.code_stub = {"python": "# YOUR CODE HERE\\n..."}
c.Execute.timeout = 300
"""


@dataclass(frozen=True)
class Spent:
    """What grading a class took: seconds of the clock, and of the processors; bytes of memory at the most."""

    clock: float
    processor: float
    memory: int
    submissions: int

    @property
    def per_minute(self) -> float:
        return 60 * self.submissions / self.clock

    def row(self, name: str) -> str:
        each = self.processor / self.submissions
        return (
            f"{name:16} {self.clock:8.1f} s {self.per_minute:8.1f} a minute {each:8.2f} CPU s each "
            f"{self.memory / 2**20:6.0f} MB at most"
        )


def main() -> None:
    """Runs both and prints the comparison."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("assignment", nargs="?", default="01", help="its name, or how it begins")
    parser.add_argument("--students", type=int, default=24)
    chosen = parser.parse_args()
    (assignment,) = chosen_names(ROOT, [chosen.assignment])
    os.environ.setdefault("WORKSHOP_DATA", "bundled")
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        course = prepared(Path(folder), assignment, chosen.students)
        print(f"{chosen.students} submissions of {assignment}, {os.cpu_count()} cores", flush=True)
        before = measured(copy(course, "before"), chosen.students, "helpers.cli", "grade", assignment)
        print(before.row("workshop grade"), flush=True)
        least = floor(course, assignment)
        plain = measured(plain_copy(course), chosen.students, "nbgrader", "autograde", assignment)
        print(plain.row("plain nbgrader"), flush=True)
        after = measured(copy(course, "after"), chosen.students, "helpers.cli", "grade", assignment)
        print(after.row("workshop grade"), flush=True)
        ours = mean(before, after)
        least = (least + floor(course, assignment)) / 2
    cores = os.cpu_count() or 1
    print(f"the notebooks' own cells: {least:.1f} CPU s, {least / cores:.1f} s on all cores (the floor)")
    print(f"throughput: {ours.per_minute / plain.per_minute:.2f} times that of plain nbgrader")
    print(f"clock: {ours.clock / (least / cores):.2f} times the floor")


def mean(one: Spent, other: Spent) -> Spent:
    """Of two runs; of memory the most."""
    return Spent(
        (one.clock + other.clock) / 2,
        (one.processor + other.processor) / 2,
        max(one.memory, other.memory),
        one.submissions,
    )


def prepared(home: Path, assignment: str, students: int) -> Path:
    """A course in which a class from the bank of answers has handed in, no submission like another."""
    course = make_course(home / "course", [assignment])
    log = home / "log.txt"
    must_run_nbgrader(course, log, "generate_assignment", assignment)
    archive = course / "downloaded" / assignment / "archive"
    for minute, student in enumerate(make_class(read_bank(assignment), students)):
        given = student.answer.cells
        cells = {**given, "scratch": f"{given.get('scratch', '')}\n# {student.name}"}
        own = replace(student, answer=replace(student.answer, cells=cells))
        hand_in(own, course / "release" / assignment, archive, minute)
    must_run_nbgrader(course, log, "zip_collect", assignment)
    return course


def copy(course: Path, name: str) -> Path:
    return Path(shutil.copytree(course, course.parent / name))


def plain_copy(course: Path) -> Path:
    plain = copy(course, "plain")
    (plain / "nbgrader_config.py").write_text(PLAIN, encoding="utf-8")
    return plain


def measured(course: Path, submissions: int, *command: str) -> Spent:
    """Runs `python -m COMMAND` in a course."""
    before, started = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
    path = course.parent / f"{course.name}.log"
    with path.open("wb") as log, Meter(every=4.0) as meter:
        subprocess.run(
            [sys.executable, "-m", *command],
            cwd=course,
            env=environment(),
            stdout=log,
            stderr=subprocess.STDOUT,
            check=False,  # a submission that can't be graded makes it 1; the scores are no matter here
        )
    after, ended = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
    graded = len(list((course / "autograded").glob("*/*/*.ipynb")))
    if graded != submissions:
        said = path.read_text(encoding="utf-8", errors="replace")[-3000:]
        raise SystemExit(f"{said}\n{graded} of {submissions} were graded.")
    processor = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return Spent(ended - started, processor, meter.memory, submissions)


def floor(course: Path, assignment: str) -> float:
    """Processor seconds of the notebooks' own cells."""
    command = [sys.executable, "-m", "tests.benchmarks.floor", str(course), assignment]
    done = subprocess.run(command, env=environment(), capture_output=True, check=True)
    return float(done.stdout)


def environment() -> dict[str, str]:
    """This process's, but bytecode is kept: else each of plain nbgrader's kernels would make it anew."""
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return kept | {"PYTHONPATH": str(ROOT)}


if __name__ == "__main__":
    main()
