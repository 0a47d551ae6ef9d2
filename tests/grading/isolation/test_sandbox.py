"""The walls of the sandbox, of a new one and a warm one, each tried from inside, by a student's code.

Many things are tried in one notebook, which reports what it could do; what it may do is asserted here. What
attackers make of it, with a whole class beside them, is in tests/attacks.
"""

from __future__ import annotations

import dataclasses
import json
import os
import platform
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import venv
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import nbformat
import psutil
import pytest
from nbformat.v4 import new_code_cell, new_notebook

from helpers.checks.specification import Limits
from helpers.grading.execution import ExecutionResult, LocalExecutor, Submission
from helpers.grading.images import StudentData
from helpers.grading.isolation import sandbox
from helpers.grading.isolation.processes import ROOT, Run, run_unprotected
from helpers.grading.isolation.warm import WarmRun
from tests.grading import tiny
from tests.grading.test_execution import INPUTS, PROVEN, START, shown

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform != "linux", reason="the sandbox is Linux's"),
]

PROBE = """
import sys
from pathlib import Path
Path("/tmp/mine").write_text("mine")
Path(sys.argv[1], "told").write_text(sys.prefix)
"""

PROBING = """
import sys
from pathlib import Path
from helpers.grading.isolation.processes import Allowance, Task
from helpers.grading.isolation.sandbox import run_sandboxed
task = Task("probe", {"told": 1000}, Allowance(60), {"PYTHONPATH": "/scratch/grading"})
print(run_sandboxed(task, Path(sys.argv[1])))
"""

ASLEEP = ["sleep", str(86_400 + os.getpid())]  # nobody else has a process with this number

BOMB = "while True:\n    try:\n        os.fork()\n    except OSError:\n        pass"

TRIED = """
import ctypes, json, multiprocessing, socket, subprocess
libc = ctypes.CDLL(None, use_errno=True)
told = {}

def tried(name, attempt):
    try:
        told[name] = attempt()
    except BaseException as error:
        told[name] = f"refused: {type(error).__name__}"

def call(function, *arguments):
    return "refused" if getattr(libc, function)(*arguments) == -1 else "done"

def readable(path):
    return os.listdir(path) if os.path.isdir(path) else open(path, "rb").read(20).hex()

def written(path):
    open(path, "wb").write(b"mine")
    return "done"

def sent(family, kind, place):
    with socket.socket(family, kind) as one:
        one.settimeout(2)
        one.connect(place)
        one.send(b"hello")
        return "done"
"""


def submission(*cells: str, data: StudentData | None = None, **limits: int) -> Submission:
    notebook = new_notebook(cells=[new_code_cell(cell) for cell in (START, *cells)])
    return Submission(
        notebook=nbformat.writes(notebook),
        files={"assignment.toml": tiny.TOML.encode()},
        inputs=INPUTS,
        limits=dataclasses.replace(Limits(seconds=120, cell_seconds=60), **limits),
        data=data,
    )


def running(command: list[str]) -> bool:
    return any(process.info["cmdline"] == command for process in psutil.process_iter(["cmdline"]))


def execute(*cells: str, run: Run = sandbox.run_sandboxed, **limits: int) -> ExecutionResult:
    return LocalExecutor(run)(submission(*cells, **limits))


@pytest.fixture(scope="module")
def listening() -> Iterator[dict[str, Any]]:
    """Servers of this computer's: one for TCP, one for UDP, one with an abstract name."""
    with socket.create_server(("127.0.0.1", 0)) as tcp, socket.socket(type=socket.SOCK_DGRAM) as udp:
        udp.bind(("127.0.0.1", 0))
        name = f"\0workshop-test-{os.getpid()}"
        with socket.socket(socket.AF_UNIX) as unix:
            unix.bind(name)
            unix.listen()
            udp.setblocking(False)
            yield {"tcp": tcp.getsockname()[1], "udp": udp.getsockname()[1], "unix": name, "socket": udp}


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What nobody's code may see: a course folder with sources, another submission, a gradebook, a secret."""
    folder = tmp_path_factory.mktemp("course")
    for name in (
        "source/00_tiny/solution.ipynb",
        "submitted/ada/00_tiny/hers.ipynb",
        "gradebook.db",
        "secret",
    ):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text("not for students")
    (folder / "data").mkdir()
    (folder / "data" / "mnist.npz").write_text("for students")
    return folder


@pytest.fixture(scope="module", params=["new", "warm"])
def run(request: pytest.FixtureRequest) -> Iterator[Run]:
    """A sandbox started for the task, and one that forks for it."""
    if request.param == "new":
        yield sandbox.run_sandboxed
    else:
        with WarmRun() as warm:
            yield warm


@pytest.fixture(scope="module")
def told(course: Path, listening: dict[str, Any], run: Run) -> dict[str, Any]:
    """What one submission could do, by what it tried."""
    ours = [
        course / "source",
        course / "submitted" / "ada",
        course / "gradebook.db",
        course / "secret",
        course,
    ]
    ours += [ROOT / "tests", ROOT / "source", ROOT / ".git", Path.home() / ".bashrc", Path("/etc/shadow")]
    places = [sys.prefix, "/usr", "/", "/dev", "/etc", "/workshop", "/workshop/helpers", "/workshop/data"]
    kernel = "/proc/sys/kernel"
    cells = [
        TRIED,
        f"for path in {[str(path) for path in ours]!r}:\n    tried(f'read {{path}}', lambda: readable(path))",
        f"for path in {places!r}:\n    tried(f'write {{path}}', lambda: written(path + '/mine'))",
        f"tried('setting', lambda: written('{kernel}/core_pattern'))\n"
        f"tried('host name', lambda: written('{kernel}/hostname'))",
        "tried('data', lambda: readable(os.environ['WORKSHOP_DATA_DIR']))",
        f"tried('tcp', lambda: sent(socket.AF_INET, socket.SOCK_STREAM, ('127.0.0.1', {listening['tcp']})))\n"
        f"tried('udp', lambda: sent(socket.AF_INET, socket.SOCK_DGRAM, ('127.0.0.1', {listening['udp']})))\n"
        "tried('far', lambda: sent(socket.AF_INET, socket.SOCK_DGRAM, ('9.9.9.9', 53)))\n"
        f"tried('unix', lambda: sent(socket.AF_UNIX, socket.SOCK_STREAM, {listening['unix']!r}))\n"
        "tried('vsock', lambda: sent(socket.AF_VSOCK, socket.SOCK_STREAM, (2, 1)))\n"
        "tried('name', lambda: socket.getaddrinfo('example.org', 80))",
        "def status():\n"
        "    lines = dict(line.split(':', 1) for line in open('/proc/self/status'))\n"
        "    return {name: lines[name].strip() for name in ('CapEff', 'CapPrm', 'NoNewPrivs', 'Seccomp')}\n"
        "tried('status', status)\n"
        "tried('user', os.getuid)\n"
        "tried('variables', lambda: sorted(os.environ))\n"
        "tried('processes', lambda: sorted(int(name) for name in os.listdir('/proc') if name.isdigit()))",
        f"tried('signal outside', lambda: os.kill({os.getpid()}, 0))\n"
        "tried('first', lambda: [os.kill(1, number) for number in (9, 19, 2, 11)] and 'sent')\n"
        "tried('memory of the first', lambda: open('/proc/1/mem', 'rb').read(1))\n"
        "tried('files of the first', lambda: open('/proc/1/fd/1', 'wb'))\n"
        "tried('trace the first', lambda: call('ptrace', 16, 1, 0, 0))",
        "tried('namespace', lambda: call('unshare', 0x10000000))\n"
        "tried('mount', lambda: call('mount', b'none', b'/tmp', b'tmpfs', 0, 0))\n"
        "tried('device', lambda: os.mknod('/tmp/disk', 0o060600, os.makedev(8, 0)))\n"
        "tried('hidden memory', lambda: os.memfd_create('x'))\n"
        "tried('semaphores', lambda: call('semget', 0, 32000, 0o600))\n"
        "tried('chroot', lambda: call('chroot', b'/tmp'))",
        "tried('spawned', lambda: subprocess.check_output(['id', '-u'], text=True).strip())\n"
        "tried('semaphore', lambda: str(multiprocessing.Lock() is not None))\n"
        "tried('own file', lambda: written('/tmp/mine') and readable('/tmp/mine'))",
        f"subprocess.Popen({ASLEEP!r}, start_new_session=True)\n"
        "if os.fork() == 0:\n"
        "    os.setsid()\n"
        f"    if os.fork() == 0: os.execvp('sleep', {ASLEEP!r})\n"
        "    os._exit(0)",
        PROVEN,
        "print(json.dumps(told))",
    ]
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("INSTRUCTORS_TOKEN", "very private")
        asked = submission(*cells, data=StudentData("full", course / "data"))
        result = LocalExecutor(run)(asked)
    assert result.problem == ""
    assert "count" in result.evidence
    last: dict[str, Any] = json.loads(shown(result, len(cells)))
    return last


def test_nothing_of_the_course_or_of_home_can_be_read(told: dict[str, Any]) -> None:
    tried = {name: said for name, said in told.items() if name.startswith("read ")}
    assert len(tried) == 10
    assert set(tried.values()) == {"refused: FileNotFoundError"}


def test_nothing_outside_the_scratch_folder_can_be_written(told: dict[str, Any], course: Path) -> None:
    tried = {name: said for name, said in told.items() if name.startswith("write ")}
    assert len(tried) == 8
    assert all(said.startswith("refused") for said in tried.values()), tried
    assert told["setting"].startswith("refused")
    assert told["host name"].startswith("refused")
    assert [path.name for path in (course / "data").iterdir()] == ["mnist.npz"]
    assert not Path(sys.prefix, "mine").exists()


def test_the_data_that_students_have_can_be_read(told: dict[str, Any]) -> None:
    assert told["data"] == ["mnist.npz"]


def test_there_is_no_network(told: dict[str, Any], listening: dict[str, Any]) -> None:
    for way in ("tcp", "far", "unix", "vsock", "name"):
        assert told[way].startswith("refused"), way
    with pytest.raises(BlockingIOError):  # UDP is sent without asking, so what counts is what arrives
        listening["socket"].recv(100)


def test_the_code_has_no_privileges(told: dict[str, Any]) -> None:
    assert told["user"] == 1000
    assert int(told["status"]["CapEff"], 16) == int(told["status"]["CapPrm"], 16) == 0
    assert told["status"]["NoNewPrivs"] == "1"
    for way in ("namespace", "mount", "device", "chroot"):
        assert told[way].startswith("refused"), way


@pytest.mark.skipif(platform.machine() not in {"x86_64", "aarch64"}, reason="no filter for this processor")
def test_system_calls_without_a_use_are_refused(told: dict[str, Any]) -> None:
    assert told["status"]["Seccomp"] == "2"
    assert told["hidden memory"] == "refused: PermissionError"
    assert told["semaphores"] == "refused"


def test_the_environment_is_the_sandboxs_own(told: dict[str, Any]) -> None:
    assert "WORKSHOP_EVIDENCE" in told["variables"]
    assert not {"INSTRUCTORS_TOKEN", "WORKSHOP_SECRET_FILE", "WORKSHOP_CACHE_DIR"} & set(told["variables"])


def test_no_other_process_is_seen_signalled_or_looked_into(told: dict[str, Any]) -> None:
    assert len(told["processes"]) <= 5
    assert told["processes"][0] == 1
    assert told["signal outside"] == "refused: ProcessLookupError"
    for way in ("memory of the first", "files of the first", "trace the first"):
        assert told[way].startswith("refused"), way


def test_signals_to_process_1_are_without_effect(told: dict[str, Any]) -> None:
    assert told["first"] == "sent"  # and the submission went on to its end


def test_what_notebooks_do_usually_is_possible(told: dict[str, Any]) -> None:
    assert told["spawned"] == "1000"
    assert told["semaphore"] == "True"
    assert told["own file"] == b"mine".hex()


def test_no_process_outlives_its_submission(told: dict[str, Any]) -> None:
    del told
    assert not running(ASLEEP)


def test_too_much_memory_costs_the_kernel_and_keeps_what_was_proved() -> None:
    hog = "held = []\nwhile True:\n    held.append(bytearray(os.urandom(2**20) * 32))"
    result = execute(PROVEN, hog, "print('never')", memory_megabytes=400)
    assert "It needed more than 400 MB of memory." in result.problem
    assert "Python came to an end in the cell that begins with “held = []”" in result.problem
    assert "count" in result.evidence
    assert shown(result, 3) == ""


def test_too_many_processes_end_the_submission_and_keep_what_was_proved() -> None:
    result = execute(PROVEN, BOMB, processes=20)
    assert "It started more than 20 processes at a time." in result.problem
    assert "count" in result.evidence


def test_too_much_processor_time_ends_the_kernel_and_keeps_what_was_proved() -> None:
    busy = "import signal\nsignal.signal(signal.SIGXCPU, signal.SIG_IGN)\nwhile True:\n    pass"
    result = execute(PROVEN, busy, cpu_seconds=6)
    assert "Python came to an end in the cell that begins with “import signal”" in result.problem
    assert "count" in result.evidence


def test_files_are_bounded_each_and_together() -> None:
    fill = (
        "def fill(path, most):\n"
        "    with open(path, 'wb') as file:\n"
        "        try:\n"
        "            for _ in range(most):\n"
        "                file.write(bytes(2**20)); file.flush()\n"
        "        except OSError as error:\n"
        "            return error.strerror\n"
        "    return 'written'\n"
        "print([fill('one', 9), fill('two', 7), fill('three', 7), fill('/dev/shm/four', 65)])\n"
        "for name in ('one', 'two', 'three'): os.remove(name)"
    )
    result = execute(fill, PROVEN, file_megabytes=8, scratch_megabytes=20)
    full = "No space left on device"
    assert shown(result, 1) == f"{['File too large', 'written', full, 'File too large']}\n"
    assert "count" in result.evidence


def test_where_there_is_no_sandbox_grading_stops_and_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(shutil, "which", lambda _: None)
    sandbox.require_sandbox.cache_clear()
    with pytest.raises(sandbox.NoSandbox, match="apt install bubblewrap"):
        LocalExecutor()(submission(PROVEN))


def test_a_sandbox_that_the_system_forbids_is_told_with_what_to_do(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    program = tmp_path / "bwrap"
    program.write_text("#!/bin/sh\necho 'bwrap: setting up uid map: Permission denied' >&2\nexit 1\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    sandbox.require_sandbox.cache_clear()
    with pytest.raises(
        sandbox.NoSandbox, match=r"Permission denied.*apparmor_restrict_unprivileged_userns=0"
    ):
        sandbox.require_sandbox()


def test_an_instructor_can_choose_to_do_without(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(sandbox.UNSAFE_VARIABLE, "1")
    assert sandbox.chosen_run() is run_unprotected
    monkeypatch.delenv(sandbox.UNSAFE_VARIABLE)
    assert sandbox.chosen_run() is sandbox.run_sandboxed


def test_the_sandbox_ends_with_whoever_started_it(tmp_path: Path) -> None:
    """A grader that is killed leaves no student's code running."""
    asleep = ["sleep", str(2 * 86_400 + os.getpid())]
    script = (
        "from tests.grading.isolation.test_sandbox import execute\n"
        f"execute('import subprocess', \"subprocess.run({asleep})\")"
    )
    with (tmp_path / "log").open("w") as log:
        grader = subprocess.Popen([sys.executable, "-c", script], cwd=ROOT, stdout=log, stderr=log)

    def wait_until(state: bool) -> None:
        while running(asleep) is not state:  # the test's own time limit ends it if this never comes
            assert state is False or grader.poll() is None, (tmp_path / "log").read_text()
            time.sleep(0.05)

    wait_until(True)
    grader.kill()
    grader.wait()
    wait_until(False)


def test_python_from_a_folder_in_tmp_leaves_tmp_to_the_student(tmp_path: Path) -> None:
    (tmp_path / "probe.py").write_text(PROBE)
    with tempfile.TemporaryDirectory(dir="/tmp") as folder:
        venv.create(folder, symlinks=True)
        done = subprocess.run(
            [Path(folder, "bin/python"), "-c", PROBING, tmp_path],
            env={**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT), *sys.path])},
            capture_output=True,
            text=True,
            check=False,
        )
        assert not Path("/tmp/mine").exists()
    assert (tmp_path / "told").exists(), done.stdout + done.stderr
    assert (tmp_path / "told").read_text() == "/workshop/python"
