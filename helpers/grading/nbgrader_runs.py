"""Running nbgrader's own commands in a course folder, with their words in a log."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from helpers.grading.errors import GradingError
from helpers.grading.isolation.processes import ROOT


def run_nbgrader(course: Path, log: Path, *arguments: str) -> bool:
    """Runs `nbgrader ARGUMENTS` in the course's folder, its words added to the log; whether it ended well."""
    with log.open("a", encoding="utf-8") as file:
        file.write(f"\n$ nbgrader {' '.join(arguments)}\n")
        file.flush()
        done = subprocess.run(
            [sys.executable, "-m", "nbgrader", *arguments],
            cwd=course,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            stdin=subprocess.DEVNULL,
            stdout=file,
            stderr=subprocess.STDOUT,
            check=False,
        )
    return done.returncode == 0


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
