"""Running what can't be trusted in a process of its own: a scratch folder, an empty environment, an end.

`run_unprotected` is not a sandbox: such a process has the rights of the person who grades. What it gets is a
copy of what it needs and none of the grader's variables; what comes back is files that are read with bounds.
The same task in a sandbox: sandbox.py.
"""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from helpers.grading.files import read_plain_file as read_plain_file
from helpers.grading.files import read_start

ROOT = Path(__file__).resolve().parents[3]
"""The folder that holds the helpers package: on the path of every process that is started here."""

FIXED_VARIABLES = {
    "PYTHONDONTWRITEBYTECODE": "1",
    "PYTHONHASHSEED": "0",  # sets and dictionaries of the same submission are in the same order again
    "TF_CPP_MIN_LOG_LEVEL": "3",
    "KERAS_BACKEND": "tensorflow",
    # One core for each: a class keeps all of them busy, threads that wait for each other cost a quarter more,
    # and what comes out doesn't depend on how many cores the grader's computer has.
    "TF_NUM_INTRAOP_THREADS": "1",
    "TF_NUM_INTEROP_THREADS": "1",
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
}
"""What every task finds in its environment."""

_MEMORY_PER_JOB = 2 * 2**30
_PASSED_ON = ("PATH", "LANG", "LC_ALL", "LC_CTYPE", "TZ", "SYSTEMROOT", "LD_LIBRARY_PATH")


@dataclass(frozen=True)
class Allowance:
    """What a task may take. seconds: of the clock; cpu_seconds: of the processor, each process."""

    seconds: float
    cpu_seconds: int = 600
    memory_megabytes: int = 4096
    processes: int = 64
    file_megabytes: int = 256
    scratch_megabytes: int = 1024


@dataclass(frozen=True)
class Task:
    """What is to be run: `python -m MODULE SCRATCH`, with the scratch folder as its home.

    wanted:    the files in the scratch folder that are to come back, and how many bytes of each at most.
    variables: environment variables, beside those that every task gets.
    data:      a folder that it may read, named in the variable WORKSHOP_DATA_DIR.
    """

    module: str
    wanted: Mapping[str, int]
    allowance: Allowance
    variables: Mapping[str, str] = field(default_factory=dict)
    data: Path | None = None


@dataclass(frozen=True)
class Ending:
    """How a task ended.

    status:  its exit code, negative for a signal; None where its time was up or it was stopped.
    problem: why it was stopped, in words, where it wasn't the time.
    """

    status: int | None
    log: str
    problem: str = ""

    @property
    def well(self) -> bool:
        return self.status == 0


Run = Callable[[Task, Path], Ending]
"""Runs a task on what lies in a scratch folder; the files that it wants are there afterwards."""


def run_unprotected(task: Task, scratch: Path) -> Ending:
    """Runs a task as a plain process, held to its time alone. Whatever of it still runs then is killed.

    Its output ends up in the ending's log, the last 4,000 letters.
    """
    home = scratch / "home"
    home.mkdir(exist_ok=True)
    log_path = scratch / "log.txt"
    with log_path.open("wb") as log:
        process = subprocess.Popen(
            # -P: a file in the current folder is never taken for a module.
            [sys.executable, "-P", "-m", task.module, str(scratch)],
            cwd=scratch,
            env=_environment(task, home),
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        try:
            status: int | None = process.wait(timeout=task.allowance.seconds)
        except subprocess.TimeoutExpired:
            status = None
        finally:
            _kill(process)
    return Ending(status, (read_start(log_path, 2**24) or b"").decode(errors="replace")[-4000:])


def _environment(task: Task, home: Path) -> dict[str, str]:
    kept = {name: os.environ[name] for name in _PASSED_ON if name in os.environ}
    places = {"HOME": str(home), "TMPDIR": str(home), "PYTHONPATH": str(ROOT)}
    data = {"WORKSHOP_DATA_DIR": str(task.data)} if task.data else {}
    return {**kept, **places, **FIXED_VARIABLES, **data, **task.variables}


def default_jobs() -> int:
    """As many submissions at a time as there are processor cores for them, and memory."""
    import psutil  # type: ignore[import-untyped]

    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return max(1, min(cores, int(psutil.virtual_memory().total) // _MEMORY_PER_JOB))


def _kill(process: subprocess.Popen[bytes]) -> None:
    """Ends a process, its group, and those of its descendants that made groups of their own."""
    import psutil

    family = []
    with contextlib.suppress(psutil.Error):
        family = psutil.Process(process.pid).children(recursive=True)
    if os.name == "posix":
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)
    for one in family:
        with contextlib.suppress(psutil.Error):
            one.kill()
    process.kill()
    process.wait()
