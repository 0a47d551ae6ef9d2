"""A small class with right, wrong and broken submissions, and what becomes of it in `workshop grade`."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from helpers.grading.cluster import local_workers
from helpers.grading.course import open_course
from helpers.grading.grade import Outcome, grade
from helpers.grading.isolation.processes import ROOT
from helpers.grading.nbgrader_runs import must_run_nbgrader
from helpers.grading.progress import ProgressLines, console_for_people
from helpers.grading.standing import standings
from tests.grading import tiny

EXPECTED = {
    "right": {"count": 1, "prepare": 2.5},
    "same": {"count": 1, "prepare": 2.5},
    "wrong": {"count": 0, "prepare": 2.5},
    "ending": {"count": 1, "prepare": 0},
}

WRONG = "def count_parameters(sizes):\n    return sum(sizes)"
ENDING = "import os\nos._exit(1)"


def answered(course: Path, **sources: str) -> Any:
    notebook = tiny.released(course)
    for name, source in {**tiny.RIGHT, **{f"answer-{k}": v for k, v in sources.items()}}.items():
        tiny.cell_named(notebook, name).source = source
    return notebook


def never() -> Any:
    raise AssertionError("all of it should be in the store")


def run(
    course: Path,
    *,
    workers: Callable[[], Any] = lambda: local_workers(2),
    gradebook: str | None = None,
    **options: Any,
) -> Outcome:
    with open_course(course, gradebook) as opened, ProgressLines(console_for_people()) as display:
        return grade(opened, tiny.NAME, workers, display, **options)


def scores(course: Path, gradebook: str | None = None) -> dict[str, dict[str, float | None]]:
    with open_course(course, gradebook) as opened:
        return {one.student: dict(one.scores) for one in standings(opened, tiny.NAME)}


def make(folder: Path) -> Path:
    """Writes a course with submissions that nobody has graded yet."""
    course = tiny.write_course(folder / "ungraded")
    must_run_nbgrader(course, folder / "log.txt", "generate_assignment", tiny.NAME)
    for student, notebook in {
        "right": answered(course),
        "same": answered(course),
        "wrong": answered(course, count=WRONG),
        "ending": answered(course, prepare=ENDING),
    }.items():
        tiny.submit(course, student, notebook)
    for student, content in {"damaged": "{ not JSON", "nested": "[" * 100_000, "empty": None}.items():
        path = course / "submitted" / student / tiny.NAME / f"{tiny.NAME}.ipynb"
        path.parent.mkdir(parents=True)
        if content:
            path.write_text(content)
    (course / "submitted" / "linked" / tiny.NAME).mkdir(parents=True)
    (course / "submitted" / "linked" / tiny.NAME / f"{tiny.NAME}.ipynb").symlink_to(
        course / "submitted" / "right" / tiny.NAME / f"{tiny.NAME}.ipynb"
    )
    return course


def settings(folder: Path) -> dict[str, str]:
    """The environment variables of whoever grades this class: secret, cache and data lie in the folder."""
    return {
        "WORKSHOP_SECRET_FILE": str(folder / "secret"),
        "WORKSHOP_CACHE_DIR": str(folder / "cache"),
        "WORKSHOP_DATA_DIR": str(folder / "data"),
    }


KILLING = """
import os, signal, sys
from importlib import import_module

module, owner, method = sys.argv[1].split(":")
owner = getattr(import_module(module), owner)
original = getattr(owner, method)

def fatal(*arguments, **options):
    original(*arguments, **options)
    os.kill(os.getpid(), signal.SIGKILL)

setattr(owner, method, fatal)
from helpers.cli import main

main([*sys.argv[2:], "--jobs", "2"])
"""


def killed_after(course: Path, step: str, *options: str, command: str = "grade") -> None:
    """Runs a command of `workshop` in a process of its own, which is killed as soon as it has done a step."""
    done = subprocess.run(
        [sys.executable, "-c", KILLING, step, command, tiny.NAME, *options],
        cwd=course,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        capture_output=True,
        timeout=300,
    )
    assert done.returncode == -signal.SIGKILL, done.stderr.decode()
