"""Running what can't be trusted in a process of its own: a scratch folder, an empty environment, an end.

This is not a sandbox: such a process has the rights of the person who grades. What it gets is a copy of what
it needs and none of the grader's variables; what comes back is files that are read with bounds.
"""

from __future__ import annotations

import contextlib
import os
import signal
import stat
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
"""The folder that holds the helpers package: on the path of every process that is started here."""

_PASSED_ON = ("PATH", "LANG", "LC_ALL", "LC_CTYPE", "TZ", "SYSTEMROOT", "LD_LIBRARY_PATH")


@dataclass(frozen=True)
class Ending:
    """How a process ended. status: its exit code, negative for a signal; None where its time was up."""

    status: int | None
    log: str

    @property
    def well(self) -> bool:
        return self.status == 0


def run_module(module: str, scratch: Path, seconds: float, variables: Mapping[str, str]) -> Ending:
    """Runs `python -m MODULE SCRATCH` with the scratch folder as its home, for at most `seconds`.

    Whatever of it still runs then is killed. Its output ends up in the ending's log, the last 4,000 letters.
    """
    home = scratch / "home"
    home.mkdir(exist_ok=True)
    log_path = scratch / "log.txt"
    with log_path.open("wb") as log:
        process = subprocess.Popen(
            # -P: a file in the current folder is never taken for a module.
            [sys.executable, "-P", "-m", module, str(scratch)],
            cwd=scratch,
            env={**_clean_environment(home), **variables},
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        try:
            status: int | None = process.wait(timeout=seconds)
        except subprocess.TimeoutExpired:
            status = None
        finally:
            _kill(process)
    return Ending(status, (read_plain_file(log_path, 2**24) or b"").decode(errors="replace")[-4000:])


def _clean_environment(home: Path) -> dict[str, str]:
    kept = {name: os.environ[name] for name in _PASSED_ON if name in os.environ}
    return {
        **kept,
        "HOME": str(home),
        "TMPDIR": str(home),
        "PYTHONPATH": str(ROOT),
        "PYTHONDONTWRITEBYTECODE": "1",
        "TF_CPP_MIN_LOG_LEVEL": "3",
        "KERAS_BACKEND": "tensorflow",
    }


def _kill(process: subprocess.Popen[bytes]) -> None:
    """Ends a process, its group, and those of its descendants that made groups of their own."""
    import psutil  # type: ignore[import-untyped]

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


def read_plain_file(path: Path, limit: int) -> bytes | None:
    """A plain file's bytes, or None where there is none of at most `limit` bytes; follows no link."""
    flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
    try:
        descriptor = os.open(path, flags | getattr(os, "O_BINARY", 0))
    except OSError:
        return None
    with os.fdopen(descriptor, "rb") as stream:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            return None
        content = stream.read(limit + 1)
    return content if len(content) <= limit else None
