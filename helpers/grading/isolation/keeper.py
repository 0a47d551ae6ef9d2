"""Process 1 of a sandbox: takes a task, runs it, sees to its end, and gives back what was asked for.

It alone holds the way out. What it runs can't end it, stop it or look into it, because the kernel protects
process 1 from the signals of its own sandbox. Once that is over, it kills all that is left and reads,
within bounds, the files that the task names.
"""

from __future__ import annotations

import contextlib
import os
import signal
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from helpers.grading.files import read_start
from helpers.grading.isolation import parcels, restrictions

MOUNT = Path("/scratch")
"""The one place inside that can be written. /tmp is another name for it, unless Python itself lies there."""

SCRATCH = MOUNT / "grading"
LOG = "log.txt"
TASK_LIMIT = 2**30

_LOG_LENGTH = 4000


def prepare() -> None:
    """Makes this process fit for its part: out of reach, and with ears for two signals alone."""
    restrictions.set_dumpable(False)
    signal.signal(signal.SIGINT, signal.SIG_DFL)  # which process 1 never gets from inside
    signal.pthread_sigmask(signal.SIG_BLOCK, _events())


def keep(facts: Mapping[str, Any], contents: Mapping[str, bytes], run: Callable[[], None]) -> Any:
    """Runs one task, in a process forked for it, and gives the facts and contents of the answer.

    facts: "seconds" that it may take, its "limits", the files that are "wanted" and how much of each at most.
    """
    _lay_out(contents)
    child = os.fork()
    if child == 0:
        _become_the_task(facts["limits"], run)
    status = _await(child, time.monotonic() + facts["seconds"])
    _kill_all()
    wanted = {name: read_start(SCRATCH / name, most) for name, most in facts["wanted"].items()}
    log = (read_start(SCRATCH / LOG, TASK_LIMIT) or b"")[-_LOG_LENGTH:]
    answer = {"status": status, "log": log.decode(errors="replace")}
    return answer, {name: content for name, content in wanted.items() if content is not None}


def _lay_out(contents: Mapping[str, bytes]) -> None:
    (SCRATCH / "home").mkdir(parents=True)
    for name, content in contents.items():
        path = SCRATCH / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)


def _become_the_task(limits: Mapping[str, int], run: Callable[[], None]) -> None:
    """In the forked process: no way in or out, no privileges, limits; never returns."""
    status = 127
    try:
        os.setsid()
        nothing = os.open(os.devnull, os.O_RDONLY)
        log = os.open(SCRATCH / LOG, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        for given, taken in ((nothing, 0), (log, 1), (log, 2)):
            os.dup2(given, taken)
        os.closerange(3, 2**16)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, _events())
        os.chdir(SCRATCH)
        restrictions.limit_resources(limits)
        restrictions.give_up_privileges()
        run()
        status = 0
    except BaseException as error:  # whatever it is, it ends here and is told in the log
        with contextlib.suppress(OSError):
            os.write(2, f"{type(error).__name__}: {error}\n".encode())
    finally:
        os._exit(status)


def _await(child: int, deadline: float) -> int | None:
    """The task's exit code, negative for a signal; None where its time was up or an end was asked for."""
    while (left := deadline - time.monotonic()) > 0:
        event = signal.sigtimedwait(_events(), left)
        if event is None or event.si_signo == signal.SIGTERM:
            return None
        for pid, status in _ended():
            if pid == child:
                return os.waitstatus_to_exitcode(status)
    return None


def _events() -> set[signal.Signals]:
    """That a process has ended; that an end is asked for."""
    return {signal.SIGCHLD, signal.SIGTERM}


def _ended() -> list[tuple[int, int]]:
    ended = []
    with contextlib.suppress(ChildProcessError):
        while (one := os.waitpid(-1, os.WNOHANG))[0]:
            ended.append(one)
    return ended


def _kill_all() -> None:
    """Kills every other process of the sandbox at once, and waits until they are gone."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.kill(-1, signal.SIGKILL)
    with contextlib.suppress(ChildProcessError):
        while True:
            os.waitpid(-1, 0)


def main() -> None:
    """Takes one task from stdin and answers on stdout."""
    prepare()
    with open(0, "rb", closefd=False) as way_in:
        received = parcels.receive(way_in, TASK_LIMIT)
    if received is None:
        return
    facts, contents = received

    def run() -> None:
        command = [sys.executable, "-P", "-m", facts["module"], str(SCRATCH)]
        os.execve(command[0], command, facts["environment"])

    answer, wanted = keep(facts, contents, run)
    with open(1, "wb", closefd=False) as way_out:
        parcels.send(way_out, answer, wanted)


if __name__ == "__main__":
    main()
