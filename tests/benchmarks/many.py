"""Classes of different sizes through `workshop grade`: does memory, or the cost of a submission, grow?

    python -m tests.benchmarks.many [SIZE …]       30 and 300 submissions by default

Submissions are answers to assignment 02 from the bank in tests/answers, each with a cell of its own besides,
so that each is executed. Prints for each size the time, the processor seconds of a submission, how much
memory the command's own process holds when it has recorded a tenth, a half and all of the class, and the most
that all sandboxes held at a time. Memory is what processes have to themselves and their shares of
what they share.
"""

from __future__ import annotations

import argparse
import os
import resource
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, replace
from pathlib import Path

import psutil

from helpers.authoring.source import chosen_names
from helpers.grading.classroom import fill_in, make_class, read_bank
from helpers.grading.demo import make_course
from helpers.grading.isolation.processes import ROOT
from helpers.grading.nbgrader_runs import must_run_nbgrader

ASSIGNMENT = "02"
SECONDS_BETWEEN_LOOKS = 0.5


@dataclass(frozen=True)
class Look:
    """How far a run is, and bytes of memory: of the command's own process, and of all sandboxes."""

    recorded: int
    own: int
    sandboxes: int


def main() -> None:
    """Grades a class of each size and prints what it took."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("sizes", nargs="*", type=int, default=[30, 300])
    (assignment,) = chosen_names(ROOT, [ASSIGNMENT])
    os.environ.setdefault("WORKSHOP_DATA", "bundled")
    print(f"{assignment}, {os.cpu_count()} cores")
    print(f"{'':12} {'clock':>8} {'CPU each':>9} {'own memory at 10 %, 50 %, 100 %':>33} {'sandboxes':>12}")
    for size in parser.parse_args().sizes:
        with tempfile.TemporaryDirectory(prefix="many-") as folder:
            print(measured(prepared(Path(folder), assignment, size), assignment, size), flush=True)


def prepared(home: Path, assignment: str, size: int) -> Path:
    """A course in which so many students have handed in, no two of them the same."""
    import nbformat

    course = make_course(home / "course", [assignment])
    must_run_nbgrader(course, home / "log.txt", "generate_assignment", assignment)
    release = course / "release" / assignment / f"{assignment}.ipynb"
    for student in make_class(read_bank(assignment), size):
        cells = {**student.answer.cells, "scratch": f"# {student.name}"}
        notebook = nbformat.read(release, as_version=4)
        fill_in(notebook, replace(student.answer, cells=cells))
        path = course / "submitted" / student.name / assignment / release.name
        path.parent.mkdir(parents=True)
        nbformat.write(notebook, path)
    return course


def measured(course: Path, assignment: str, size: int) -> str:
    """Grades the class; a line of what that took."""
    before, started = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
    with (course.parent / "grade.txt").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "helpers.cli", "grade", assignment],
            cwd=course,
            env=os.environ | {"PYTHONPATH": str(ROOT)},
            stdout=log,
            stderr=subprocess.STDOUT,
        )
        looks = []
        while process.poll() is None:
            looks += look(process.pid, course)
            time.sleep(SECONDS_BETWEEN_LOOKS)
    after, seconds = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic() - started
    graded = len(list((course / "autograded").glob("*/*/*.ipynb")))
    if graded != size:
        raise SystemExit(f"{(course.parent / 'grade.txt').read_text()}\n{graded} of {size} were graded.")
    processor = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    own = [next(one.own for one in looks if one.recorded >= part * size) for part in (0.1, 0.5)]
    own.append([one.own for one in looks if one.own][-1])
    sandboxes = max(one.sandboxes for one in looks)
    return (
        f"{size:4} students {seconds:6.0f} s {processor / size:7.2f} s "
        f"{', '.join(f'{memory / 2**20:.0f} MB' for memory in own):>33} {sandboxes / 2**20:9.0f} MB"
    )


def look(pid: int, course: Path) -> list[Look]:
    """What there is to be seen now; nothing where the command has just ended."""
    try:
        command = psutil.Process(pid)
        sandboxes = sum(memory_of(child) for child in command.children(recursive=True))
        own = command.memory_full_info().pss
    except psutil.Error:
        return []
    return [Look(len(list((course / "autograded").glob("*"))), own, sandboxes)]


def memory_of(process: psutil.Process) -> int:
    """What it has to itself and its share of the rest; nothing where it has just ended."""
    try:
        return int(process.memory_full_info().pss)
    except psutil.Error:
        return 0


if __name__ == "__main__":
    main()
