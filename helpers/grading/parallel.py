"""A class executed by several processes at once, each in a copy of the course; the gradebook comes after.

The copies are thrown away. What is left of them is results, kept by what they depend on, where nbgrader's own
run through the class finds them.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from helpers.grading.nbgrader_runs import run_nbgrader
from helpers.grading.store import RESULTS_VARIABLE


def execute_class(
    course: Path,
    assignment: str,
    students: Sequence[str],
    results: Path,
    log: Path,
    jobs: int,
    on_submission: Callable[[], None],
) -> None:
    """Fills the results folder with what grading these students' submissions needs; changes nothing else."""
    shares = [list(students[start::jobs]) for start in range(min(jobs, len(students)))]
    with tempfile.TemporaryDirectory(prefix="grading-", ignore_cleanup_errors=True) as folder:

        def work(number: int) -> None:
            copy = Path(folder) / str(number)
            _copy(course, assignment, shares[number], copy)
            run_nbgrader(
                copy,
                log.with_name(f"{log.stem}-{number + 1}{log.suffix}"),
                "autograde",
                assignment,
                variables={RESULTS_VARIABLE: str(results)},
                on_submission=on_submission,
            )

        with ThreadPoolExecutor(len(shares)) as pool:
            list(pool.map(work, range(len(shares))))


def _copy(course: Path, assignment: str, students: Sequence[str], copy: Path) -> None:
    shutil.copytree(course / "source", copy / "source")
    for name in ("nbgrader_config.py", "gradebook.db"):
        shutil.copy(course / name, copy / name)
    for student in students:
        place = Path("submitted") / student / assignment
        shutil.copytree(course / place, copy / place)
