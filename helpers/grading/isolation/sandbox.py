"""The sandbox in which students' code and models run: bubblewrap's namespaces, and limits on what they take.

Inside there is a system that can't be written, Python with its packages, the helpers package, one folder of
data, and a scratch folder in memory that is gone afterwards. There is no network, no process of anybody
else's, no home, no course. Files go in and out as parcels, through a process 1 that nothing inside can reach.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from functools import lru_cache
from pathlib import Path
from typing import IO, Any

from helpers.grading.errors import GradingError
from helpers.grading.isolation import parcels
from helpers.grading.isolation.keeper import MOUNT, SCRATCH
from helpers.grading.isolation.processes import FIXED_VARIABLES, ROOT, Ending, Run, Task, run_unprotected
from helpers.grading.isolation.watching import Watch, at_the_front

Answer = tuple[dict[str, Any], dict[str, bytes]]
"""What a keeper gives back: facts, and contents by name."""

UNSAFE_VARIABLE = "WORKSHOP_UNSAFE_NO_SANDBOX"

_WORKSHOP = "/workshop"
DATA = f"{_WORKSHOP}/data"
"""Where a task finds its data."""
_PACKAGES = f"{_WORKSHOP}/python"


def _inside(path: str) -> str:
    """Where what belongs to Python is seen inside: at its own place, but that /tmp is the scratch there.

    A virtual environment in /tmp is seen elsewhere, which it can stand; a whole Python might not.
    """
    virtual = sys.prefix != sys.base_prefix
    for folder in (sys.prefix, os.path.realpath(sys.prefix)):
        if virtual and Path(path).is_relative_to(folder) and Path(folder).is_relative_to("/tmp"):
            return str(Path(_PACKAGES, Path(path).relative_to(folder)))
    return path


PYTHON = _inside(sys.executable)
"""The interpreter, as it is called inside."""

_HOME = str(SCRATCH / "home")
VARIABLES = {
    "PATH": f"{Path(PYTHON).parent}:/usr/bin:/bin",
    "LANG": "C.UTF-8",
    "USER": "student",
    "LOGNAME": "student",
    "HOME": _HOME,
    "TMPDIR": _HOME,
    "PYTHONPATH": _WORKSHOP,
    "MPLBACKEND": "module://matplotlib_inline.backend_inline",  # as IPython's kernel sets it
    "NBFORMAT_VALIDATOR": "jsonschema",  # nbformat's other one compiles a schema first, in each process
    # Memory in pages of 2 MB where the system allows it: forks, which copy the table of all pages, cost less.
    "GLIBC_TUNABLES": "glibc.malloc.hugetlb=1",
    **FIXED_VARIABLES,
}
"""The environment in which everything in a sandbox begins."""

_SHARED_MEMORY = 64 * 2**20
_SYSTEM = ("bin", "sbin", "lib", "lib32", "lib64", "libx32")
_PAGES = "/sys/kernel/mm/transparent_hugepage"  # whose settings the C library asks for
_SETTINGS = ("ld.so.cache", "alternatives", "localtime", "nsswitch.conf", "ssl/openssl.cnf")
_INTERVAL = 0.1  # seconds between two looks
_GRACE_SECONDS = 60  # to answer, after the time is up
_ANSWER_LIMIT = 2**30


_preferred: Run | None = None


class NoSandbox(GradingError):
    """There is no sandbox on this computer."""


def chosen_run() -> Run:
    """How tasks are run here: in the sandbox, or unprotected where the instructor has chosen that.

    Raises NoSandbox where there is none and nobody has chosen to do without.
    """
    if os.environ.get(UNSAFE_VARIABLE, "") == "1":
        return run_unprotected
    require_sandbox()
    return _preferred or run_sandboxed


def prefer(run: Run | None) -> None:
    """From now on, this process runs tasks in that sandbox; None: in a new one for each."""
    global _preferred
    _preferred = run


@lru_cache(maxsize=1)
def require_sandbox() -> None:
    """Raises NoSandbox, with what to do about it, where nothing can be run in a sandbox."""
    problem = problem_of_sandbox()
    if problem:
        raise NoSandbox(
            f"Students' code is run in a sandbox, and there is none here: {problem}\n"
            "To grade without one nonetheless, with all rights of yours for every student's code: "
            f"{UNSAFE_VARIABLE}=1, or --unsafe-no-sandbox where a command of workshop has it."
        )


def problem_of_sandbox() -> str:
    """Why there is no sandbox on this computer and what to do about it; "" where it works."""
    if sys.platform != "linux":
        return "it needs Linux. Grade on Linux, in a virtual machine, or under WSL 2 on Windows."
    program = shutil.which("bwrap")
    if not program:
        return (
            "bubblewrap is not installed. Debian and Ubuntu: sudo apt install bubblewrap; "
            "Fedora: sudo dnf install bubblewrap."
        )
    # What is seen of the whole system here is read-only, and gone at once.
    trial = subprocess.run(
        [program, *_namespaces(), "--disable-userns", "--ro-bind", "/", "/", "--proc", "/proc", "true"],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    return "" if trial.returncode == 0 else _advice(trial.stderr.strip())


def _advice(said: str) -> str:
    if "nknown option" in said:
        return f"this bubblewrap is too old ({said}). Version 0.8 or newer is needed."
    return (
        f"bubblewrap can't make one ({said}). On Ubuntu 24.04 and newer: sudo sysctl "
        "kernel.apparmor_restrict_unprivileged_userns=0. On older systems: sudo sysctl "
        "kernel.unprivileged_userns_clone=1. In a Docker container: --security-opt seccomp=unconfined "
        "--security-opt apparmor=unconfined --security-opt systempaths=unconfined."
    )


def run_sandboxed(task: Task, scratch: Path) -> Ending:
    """Runs a task in a sandbox of its own, on a copy of what lies in the scratch folder.

    Raises GradingError where the sandbox itself fails, which no code inside can bring about.
    """
    keeper = [PYTHON, "-P", "-S", "-m", "helpers.grading.isolation.keeper"]
    command = command_of(task.data, task.allowance.scratch_megabytes * 2**20)
    with _started([*command, *keeper]) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        assert process.stderr is not None
        watch = Watch(process.pid, task.allowance)
        with contextlib.suppress(BrokenPipeError):
            parcels.send(process.stdin, facts_of(task), contents_of(scratch))
        answer = await_answer(process.stdout, task, watch)
        watch.kill_rest()
        if answer is None and process.poll() is None:
            process.kill()
        process.wait()
        said = process.stderr.read(2**16).decode(errors="replace")
    return taken(answer, task, scratch, watch, said)


def facts_of(task: Task) -> dict[str, Any]:
    """What the keeper is told of a task."""
    allowance = task.allowance
    return {
        "module": task.module,
        "seconds": allowance.seconds,
        "wanted": dict(task.wanted),
        "environment": environment_of(task),
        "scratch_bytes": allowance.scratch_megabytes * 2**20,
        "shared_bytes": _SHARED_MEMORY,
        "limits": {
            "CPU": allowance.cpu_seconds,
            "AS": (16 + (os.cpu_count() or 1)) * 2**30,  # threads reserve far more than they use
            "FSIZE": allowance.file_megabytes * 2**20,
            "NPROC": 4 * allowance.processes + 64 * (os.cpu_count() or 1),  # threads are counted, too
            "NOFILE": 4096,  # sockets and pipes hold memory of the system's own
            "CORE": 0,
            "MSGQUEUE": 0,
            "MEMLOCK": 2**20,
        },
    }


def environment_of(task: Task) -> dict[str, str]:
    """All environment variables of a task."""
    return {
        **VARIABLES,
        **({"WORKSHOP_DATA_DIR": DATA} if task.data else {}),
        **task.variables,
    }


def await_answer(stream: IO[bytes], task: Task, watch: Watch) -> Answer | None:
    """The keeper's answer, while a look is kept on what it keeps; None where none comes."""
    answers: list[Answer | None] = []

    def read() -> None:
        with contextlib.suppress(parcels.ParcelError, OSError, ValueError):
            answers.append(parcels.receive(stream, min(_ANSWER_LIMIT, sum(task.wanted.values()))))

    reader = threading.Thread(target=read, daemon=True)
    reader.start()
    deadline = time.monotonic() + task.allowance.seconds + _GRACE_SECONDS
    with at_the_front():
        while reader.is_alive() and time.monotonic() < deadline:
            watch.look()
            reader.join(_INTERVAL)
    return answers[0] if answers else None


def taken(answer: Answer | None, task: Task, scratch: Path, watch: Watch, said: str) -> Ending:
    """Puts the wanted files of an answer into the scratch folder; how it ended."""
    if answer is None:
        return Ending(None, said, watch.problem)
    facts, contents = answer
    for name in task.wanted:
        (scratch / name).unlink(missing_ok=True)
        if name in contents:
            (scratch / name).parent.mkdir(parents=True, exist_ok=True)
            (scratch / name).write_bytes(contents[name])
    status = facts.get("status")
    return Ending(status if isinstance(status, int) else None, str(facts.get("log", "")), watch.problem)


@contextlib.contextmanager
def _started(command: Sequence[str]) -> Iterator[subprocess.Popen[bytes]]:
    """A process with three pipes; whatever happens, it has ended afterwards."""
    process = subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env={}
    )
    with process:
        try:
            yield process
        finally:
            process.kill()


def contents_of(scratch: Path) -> dict[str, bytes]:
    """All files under a folder, by their path in it."""
    files = (path for path in scratch.rglob("*") if path.is_file())
    return {path.relative_to(scratch).as_posix(): path.read_bytes() for path in files}


def _namespaces() -> list[str]:
    return [
        *("--unshare-all", "--unshare-user", "--uid", "1000", "--gid", "1000"),
        *("--new-session", "--die-with-parent", "--as-pid-1", "--clearenv", "--hostname", "workshop"),
    ]


def command_of(data: Path | None, scratch_bytes: int, warm: bool = False) -> list[str]:
    """bwrap with all its options. What isn't named here, isn't there inside.

    warm: for a process 1 that may make namespaces within these (warm_process.py).
    """
    program = shutil.which("bwrap")
    assert program is not None, "require_sandbox has looked"
    # A new /proc can be mounted where a whole one is seen; bubblewrap covers parts of root's.
    processes = ("--bind", "/proc", "/proc") if os.geteuid() == 0 else ("--proc", "/proc")
    return [
        *(program, *_namespaces()),
        *(() if warm else ("--disable-userns",)),
        *_system(),
        *("--ro-bind", str(ROOT / "helpers"), f"{_WORKSHOP}/helpers"),
        *(("--ro-bind", str(data), DATA) if data else ()),
        *(processes if warm else ("--proc", "/proc", "--remount-ro", "/proc")),
        *("--dev", "/dev"),
        *("--size", str(_SHARED_MEMORY), "--tmpfs", "/dev/shm", "--remount-ro", "/dev"),
        *("--size", str(scratch_bytes), "--tmpfs", str(MOUNT)),
        *_temporary(),
        *("--remount-ro", "/"),
        *(part for name, value in VARIABLES.items() for part in ("--setenv", name, value)),
        *("--chdir", str(MOUNT)),
    ]


def _system() -> list[str]:
    """The parts of the system that programs need, and Python with its packages; all read-only."""
    options = ["--ro-bind", "/usr", "/usr"]
    for name in _SYSTEM:
        path = Path("/", name)
        if path.is_symlink():
            options += ["--symlink", os.readlink(path), str(path)]
        elif path.is_dir():
            options += ["--ro-bind", str(path), str(path)]
    for name in _SETTINGS:
        options += ["--ro-bind-try", f"/etc/{name}", f"/etc/{name}"]
    options += ["--ro-bind-try", _PAGES, _PAGES]
    for folder in _python_folders():
        options += ["--ro-bind", folder, _inside(folder)]
    return options


def _temporary() -> tuple[str, ...]:
    """/tmp, another name for the scratch; unless Python itself lies in it, which must be seen."""
    taken = any(Path(_inside(folder)).is_relative_to("/tmp") for folder in _python_folders())
    return () if taken else ("--symlink", str(MOUNT), "/tmp")


def _python_folders() -> list[str]:
    """Where Python and its packages lie, as they are named and as they really are; /usr is there already."""
    named = {sys.prefix, sys.base_prefix, sys.exec_prefix, sys.base_exec_prefix}
    folders = sorted(named | {os.path.realpath(folder) for folder in named})
    return [folder for folder in folders if folder != "/usr" and not folder.startswith("/usr/")]
