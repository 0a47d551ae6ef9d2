"""Running nbgrader's own commands in a course folder, with their words in a log and their progress told."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

from helpers.grading.errors import GradingError
from helpers.grading.processes import ROOT

# What nbgrader logs when it is through with one submission, well or not.
_DONE = re.compile(r"Setting destination file permissions|Removing failed assignment")


def run_nbgrader(
    course: Path,
    log: Path,
    *arguments: str,
    variables: Mapping[str, str] | None = None,
    on_submission: Callable[[], None] = lambda: None,
) -> bool:
    """Runs `nbgrader ARGUMENTS` in the course's folder; whether it ended well.

    What it says is added to the log; `on_submission` is called after each submission it went through.
    """
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1", **(variables or {})}
    with log.open("a", encoding="utf-8") as file:
        file.write(f"\n$ nbgrader {' '.join(arguments)}\n")
        file.flush()
        with subprocess.Popen(
            [sys.executable, "-m", "nbgrader", *arguments],
            cwd=course,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
        ) as process:
            assert process.stdout is not None
            for line in process.stdout:
                file.write(line)
                if _DONE.search(line):
                    on_submission()
    return process.returncode == 0


def must_run_nbgrader(course: Path, log: Path, *arguments: str) -> None:
    """Runs `nbgrader ARGUMENTS`; raises GradingError with its last words where it fails."""
    before = log.stat().st_size if log.exists() else 0
    if not run_nbgrader(course, log, *arguments):
        said = log.read_text(encoding="utf-8", errors="replace")[before:]
        errors = [line.partition("ERROR] ")[2] for line in said.splitlines() if "ERROR] " in line]
        raise GradingError(
            f"nbgrader {arguments[0]} failed: {errors[0] if errors else said[-500:].strip()}\n"
            f"All that it said is in {log}."
        )
