"""`workshop grade`, killed at random moments and gone on with: are grades lost or changed?

    python -m tests.benchmarks.kills [KILLS] [SEED]

A small class of light submissions is graded once undisturbed, in a temporary folder. Then an ungraded copy is
graded again and again, each time killed (SIGKILL) after a random part of the time that the undisturbed run
took, until as many kills have hit; a last run goes to its end. A course whose run was faster than its kill is
compared and replaced by an ungraded one. Prints where each kill hit and every difference; exits with 1 if
there is any, or a process is left behind.
"""

from __future__ import annotations

import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from helpers.grading.course import open_course
from helpers.grading.isolation.processes import ROOT
from helpers.grading.nbgrader_runs import must_run_nbgrader
from helpers.grading.standing import standings
from tests.grading import tiny

STUDENTS = 8


def main(kills: int = 20, seed: int = 0) -> int:
    """Kills so many times; how many differences there were."""
    with tempfile.TemporaryDirectory(prefix="kills-") as folder:
        home = Path(folder)
        ungraded = make_class(home)
        whole, undisturbed = copy(ungraded, home / "undisturbed"), time.monotonic()
        grade(whole).wait()
        seconds = time.monotonic() - undisturbed
        expected = grades(whole)
        print(f"{len(expected)} submissions, {seconds:.1f} s undisturbed", flush=True)
        return count_differences(home, ungraded, expected, kills, random.Random(seed), seconds)


def count_differences(
    home: Path, ungraded: Path, expected: dict[str, object], kills: int, chance: random.Random, seconds: float
) -> int:
    differences, hits, number = 0, 0, 0
    course = copy(ungraded, home / "course-0")
    while hits < kills:
        wait = chance.uniform(0, seconds)
        process = grade(course)
        time.sleep(wait)
        hit = process.poll() is None
        if hit:
            process.send_signal(signal.SIGKILL)
            hits += 1
        process.wait()
        kept = len(list((course / ".workshop").glob("results/*/execution-*")))
        recorded = len(list((course / "autograded").glob("*")))
        print(
            f"{'kill' if hit else 'end'} {hits:2} after {wait:5.1f} s: {kept} executed, {recorded} recorded",
            flush=True,
        )
        if not hit:
            differences += compare(course, expected)
            number += 1
            course = copy(ungraded, home / f"course-{number}")
    grade(course).wait()
    differences += compare(course, expected)
    left = left_behind(home)
    print(
        f"{hits} kills: {differences} grades lost or changed, {len(left)} processes left behind", flush=True
    )
    return differences + len(left)


def make_class(home: Path) -> Path:
    """A course whose submissions differ, so that each is executed; and the environment for it."""
    os.environ["WORKSHOP_SECRET_FILE"] = str(home / "secret")
    os.environ["WORKSHOP_CACHE_DIR"] = str(home / "cache")
    os.environ["WORKSHOP_DATA_DIR"] = str(tiny.write_data(home / "data"))
    course = tiny.write_course(home / "ungraded")
    must_run_nbgrader(course, home / "log.txt", "generate_assignment", tiny.NAME)
    for number in range(STUDENTS):
        notebook = tiny.released(course)
        answers = (
            tiny.RIGHT if number % 2 else {**tiny.RIGHT, "answer-count": "def count_parameters(s): return 1"}
        )
        for name, source in answers.items():
            tiny.cell_named(notebook, name).source = f"{source}\n# student {number}"
        tiny.submit(course, f"student{number}", notebook)
    return course


def copy(ungraded: Path, place: Path) -> Path:
    return Path(shutil.copytree(ungraded, place))


def grade(course: Path) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-m", "helpers.cli", "grade", tiny.NAME, "--jobs", "2"],
        cwd=course,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


def grades(course: Path) -> dict[str, object]:
    with open_course(course) as opened:
        found = standings(opened, tiny.NAME)
    return {one.student: (dict(one.scores), one.total, one.notes) for one in found}


def compare(course: Path, expected: dict[str, object]) -> int:
    found = grades(course)
    wrong = [one for one in {*expected, *found} if expected.get(one) != found.get(one)]
    for one in wrong:
        print(f"  {one}: {found.get(one)} instead of {expected.get(one)}", flush=True)
    return len(wrong)


def left_behind(home: Path) -> list[int]:
    """Processes with a part of this benchmark in their environment, some seconds after the last run."""
    import psutil

    time.sleep(5)
    mark = str(home / "secret")
    found = []
    for process in psutil.process_iter():
        try:
            if process.pid != os.getpid() and process.environ().get("WORKSHOP_SECRET_FILE") == mark:
                found.append(process.pid)
        except psutil.Error:
            continue
    return found


if __name__ == "__main__":
    sys.exit(1 if main(*map(int, sys.argv[1:])) else 0)
