"""Warm sandboxes: what a submission leaves reaches nobody, and evidence is the same as from a new sandbox."""

from __future__ import annotations

import dataclasses
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import psutil
import pytest

from helpers.datasets.npz import write_npz
from helpers.datasets.splits import Split, Splits
from helpers.grading.execution import ExecutionResult, LocalExecutor
from helpers.grading.images import StudentData
from helpers.grading.isolation import sandbox
from helpers.grading.isolation import warm as warm_module
from helpers.grading.isolation.processes import ROOT
from helpers.grading.isolation.sandbox import run_sandboxed
from helpers.grading.isolation.warm import WarmRun, begin, end_begun
from helpers.grading.observing import CleanProcess, Exhibit
from tests.checks import networks
from tests.grading.isolation.test_sandbox import TRIED, execute, submission
from tests.grading.test_execution import PROVEN, shown

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform != "linux", reason="the sandbox is Linux's"),
]

LEAVING = """
import socket, subprocess
open("/tmp/left", "w").write("left"); open("/dev/shm/left", "w").write("left")
open(os.environ["HOME"] + "/left", "w").write("left"); os.environ["LEFT"] = "left"
sys.modules["left"] = os
left = socket.socket(socket.AF_UNIX); left.bind("\\0left"); left.listen()
subprocess.Popen(["sleep", "86400"], start_new_session=True)
secret = "".join(["what the first ", "student found out"]) * 1000
print("left")
"""
LOOKING = """
def search(first, rest):
    # How often the two stand together in this process's memory. Apart, as they are here, they aren't found.
    found = 0
    with open("/proc/self/mem", "rb", 0) as memory:
        for line in open("/proc/self/maps"):
            span, rights = line.split()[:2]
            start, end = (int(part, 16) for part in span.split("-"))
            while rights.startswith("rw") and start < end:
                try:
                    memory.seek(start)
                    content = memory.read(min(end - start, 2**24))
                except (OSError, ValueError):
                    content = b""
                place = content.find(rest)
                while place >= 0:
                    found += content[place - 1 : place] == first
                    place = content.find(rest, place + 1)
                start += 2**24
    return found

tried("files", lambda: [path for path in ("/tmp/left", "/dev/shm/left", os.environ["HOME"] + "/left")
                        if os.path.exists(path)])
tried("variable", lambda: os.environ.get("LEFT"))
tried("module", lambda: "left" in sys.modules)
tried("socket", lambda: sent(socket.AF_UNIX, socket.SOCK_STREAM, "\\0left"))
tried("processes", lambda: [open(f"/proc/{name}/comm").read().strip()
                            for name in os.listdir("/proc") if name.isdigit()])
tried("memory", lambda: search(b"w", b"hat the first student found out"))
tried("memory before", lambda: search(b"t", b"his is to be found"))
mine = "".join(["this is to ", "be found"]) * 1000
tried("memory after", lambda: search(b"t", b"his is to be found"))
tried("parent", os.getppid)
print(json.dumps(told))
"""


@pytest.fixture(scope="module")
def warm() -> Iterator[WarmRun]:
    with WarmRun() as run:
        yield run


@pytest.fixture(scope="module")
def told(warm: WarmRun) -> dict[str, Any]:
    """What a submission finds of the one before it, in the same warm sandbox."""
    first = execute(LEAVING, run=warm)
    assert shown(first, 1) == "left\n"
    result = execute(TRIED, LOOKING, run=warm)
    assert result.problem == ""
    found: dict[str, Any] = json.loads(shown(result, 2))
    return found


def test_no_file_variable_module_or_process_is_there_for_the_next(told: dict[str, Any]) -> None:
    assert told["files"] == []
    assert told["variable"] is None
    assert told["module"] is False
    assert "sleep" not in told["processes"]


def test_no_socket_is_there_for_the_next(told: dict[str, Any]) -> None:
    assert told["socket"].startswith("refused")


def test_the_next_finds_nothing_of_the_first_in_its_memory(told: dict[str, Any]) -> None:
    assert told["memory"] == 0
    assert told["memory before"] == 0
    assert told["memory after"] > 0, "the search finds what is there"


def test_the_warm_process_itself_is_not_to_be_seen(told: dict[str, Any]) -> None:
    assert len(told["processes"]) == 3  # process 1, nbclient, the kernel
    assert told["parent"] in {2, 3}


def test_evidence_is_the_same_as_from_a_new_sandbox(warm: WarmRun) -> None:
    train = (
        "from helpers import environment\n"
        "environment.prepare(seed=3)\n"
        "import keras, numpy as np\n"
        "x = np.random.rand(64, 8).astype('float32')\n"
        "model = keras.Sequential([keras.layers.Input((8,)), keras.layers.Dense(4, 'relu'),\n"
        "                          keras.layers.Dropout(0.5), keras.layers.Dense(1)])\n"
        "model.compile(optimizer='adam', loss='mse')\n"
        "model.fit(x, x.sum(axis=1), epochs=150, batch_size=16, verbose=0)\n"  # so many are trained faster
        "print([float(weight.numpy().sum()) for weight in model.weights])"
    )
    surroundings = (
        "import matplotlib\n"
        "of_the_kernel = {'JPY_PARENT_PID', 'JPY_SESSION_NAME'}\n"
        "print(sorted((name, value) for name, value in os.environ.items()\n"
        "             if name not in of_the_kernel and not name.startswith('PYDEVD_')))\n"  # its debugger's
        "import notes\n"
        "print(sys.path, os.getcwd(), hash('workshop'), set('workshop'), matplotlib.get_backend())\n"
        "import resource, signal\n"
        "print([resource.getrlimit(number) for number in range(16)])\n"
        "print([str(signal.getsignal(number)) for number in (2, 13, 15, 17)], os.getuid(), os.umask(0))\n"
        "print(open('/proc/sys/kernel/hostname').read(), [line.split()[0] for line in open('/proc/net/dev')])"
    )
    asked = submission(PROVEN, train, surroundings)
    asked = dataclasses.replace(asked, files={**asked.files, "notes.py": b"# a module beside the notebook"})
    new, warmed = (LocalExecutor(run)(asked) for run in (run_sandboxed, warm))
    assert warmed.problem == new.problem == ""
    assert shown(warmed, 2) == shown(new, 2) != ""
    assert shown(warmed, 3) == shown(new, 3) != ""
    np.testing.assert_array_equal(
        warmed.evidence["count"].arrays["counts"], new.evidence["count"].arrays["counts"]
    )


def test_trainings_are_the_faster_ones(warm: WarmRun) -> None:
    look = "import keras\nprint(keras.Model.fit.__wrapped__.__code__.co_freevars)"
    assert "usual" in shown(execute(look, run=warm), 1)


def test_what_is_printed_comes_as_from_a_new_sandbox(warm: WarmRun) -> None:
    cells = (
        "print('one')\nprint('two', file=sys.stderr)\nprint('three', end='')",
        "import threading\nspeaker = threading.Thread(target=print, args=('from a thread',))\n"
        "speaker.start()\nspeaker.join()",
        "os.system('echo from a program')\ntime.sleep(1)",  # which a thread of the kernel's reads meanwhile
        "child = os.fork()\nif child == 0:\n    print('from a fork', flush=True)\n    os._exit(0)\n"
        "os.waitpid(child, 0)\ntime.sleep(1)",
        "print('before the error')\n1 / 0",
        "sys.stdout.write('no end of line')\nsys.stdout.flush()\nprint('after flushing')\n'shown'",
        "for number in range(2000):\n    print(number)",
        "pass",
    )
    new, warmed = (execute(*cells, run=run) for run in (run_sandboxed, warm))
    assert warmed.outputs == new.outputs
    assert sorted(output["text"] for output in warmed.outputs[1]) == ["one\nthree", "two\n"]
    assert [shown(warmed, cell) for cell in (2, 3, 4)] == [
        f"from a {speaker}\n" for speaker in ("thread", "program", "fork")
    ]


def test_the_kernel_has_no_debugger_and_lists_no_modules_for_it(warm: WarmRun) -> None:
    look = (
        "kernel = get_ipython().kernel\n"
        "print(kernel._kernel_modules, hasattr(kernel, 'debugger'), kernel.language_info['version'])\n"
        "import debugpy\nprint(debugpy.__name__)"
    )
    assert shown(execute(look, run=warm), 1) == f"[] False {sys.version.split()[0]}\ndebugpy\n"


def test_data_is_loaded_once_for_all(warm: WarmRun, tmp_path: Path) -> None:
    images = np.random.default_rng(1).integers(0, 256, (60, 28, 28), dtype=np.uint8)
    some = Split(images, np.arange(60) % 10)
    write_npz(tmp_path / "mnist.npz", Splits(some, some))
    look = (
        "from helpers.datasets import load, loading\n"
        "there = [name for name, *_ in loading._ahead]\n"
        "first, second = (load('digits', quiet=True) for _ in range(2))\n"
        "first.x_train[:] = 2\n"
        "print(there, first.x_test.sum() == second.x_test.sum(), second.x_train.max() <= 1)"
    )
    asked = submission(look, data=StudentData("full", tmp_path))
    warm.start(tmp_path)
    deadline = time.monotonic() + 60
    said = ""
    while "['digits']" not in said and time.monotonic() < deadline:  # it does so while nobody asks for a fork
        time.sleep(0.3)
        said = shown(LocalExecutor(warm)(asked), 1)
    assert said == "['digits'] True True\n"
    assert shown(LocalExecutor(warm)(asked), 1) == said, "each fork has it anew"


def test_numbers_that_nobody_seeded_differ_from_one_to_the_next(warm: WarmRun) -> None:
    draw = "import random, numpy as np\nprint(random.random(), np.random.rand())"
    first, second = (shown(execute(draw, run=warm), 1).split() for _ in range(2))
    assert len(first) == 2
    assert not set(first) & set(second)


def test_models_are_observed_as_in_a_new_sandbox(warm: WarmRun) -> None:
    images = {"unseen": np.random.default_rng(1).random((7, 28, 28, 1), dtype=np.float32)}
    exhibits = {
        "good": Exhibit(networks.as_file(networks.dense((8, 10))), images),
        "bad": Exhibit(b"no model", images),
    }
    new, warmed = (CleanProcess(run=run)(exhibits) for run in (run_sandboxed, warm))
    np.testing.assert_array_equal(warmed["good"].predictions["unseen"], new["good"].predictions["unseen"])
    assert warmed["good"].layers == new["good"].layers
    assert warmed["bad"].problem == new["bad"].problem != ""


def test_a_cell_that_takes_too_long_is_stopped_and_the_rest_goes_on(warm: WarmRun) -> None:
    result = execute("# waiting\ntime.sleep(600)", PROVEN, run=warm, cell_seconds=3)
    assert "The cell that begins with “# waiting” was stopped: it took too long." in result.problem
    assert "count" in result.evidence


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("os._exit(3)", "Python came to an end in the cell that begins with “os._exit(3)”"),
        ("os.kill(os.getppid(), 9)", "stopped the process that executes it"),
    ],
)
def test_what_ends_a_submission_keeps_what_was_proved_and_the_sandbox(
    warm: WarmRun, code: str, said: str
) -> None:
    before = server_of(warm).pid
    result = execute(PROVEN, code, run=warm)
    assert said in result.problem
    assert "count" in result.evidence
    assert "count" in execute(PROVEN, run=warm).evidence
    assert server_of(warm).pid == before


def server_of(warm: WarmRun) -> psutil.Process:
    """The warm process itself, bubblewrap's only child."""
    assert warm._server is not None
    (server,) = psutil.Process(warm._server.process.pid).children()
    return server


def test_the_warm_process_stays_as_it_is(warm: WarmRun) -> None:
    server = server_of(warm)

    def state_after_one() -> tuple[int, int, int]:
        execute(PROVEN, run=warm)
        psutil.wait_procs(server.children(recursive=True))
        memory = server.memory_info()
        return memory.rss - memory.shared, server.num_fds(), server.num_threads()

    first, *_, last = (state_after_one() for _ in range(5))
    assert last[1:] == first[1:] == (3, 1)
    assert abs(last[0] - first[0]) < 2**20


def test_one_begun_beforehand_is_taken_by_who_wants_such_a_one(tmp_path: Path) -> None:
    folders = [tmp_path / "digits", tmp_path / "signs"]
    for folder in folders:
        folder.mkdir()
    wanted, unwanted = folders
    begin(wanted, keras=False)
    begun = warm_module._begun
    assert begun is not None
    with WarmRun(keras=False) as other, WarmRun(keras=False) as first:
        other.start(unwanted)
        first.start(wanted)
        assert first._server is begun
        assert other._server is not begun
        assert "count" in execute(PROVEN, run=first).evidence
    assert not warm_module._begun
    begin(unwanted, keras=False)
    begun = warm_module._begun
    assert begun is not None
    end_begun()
    assert begun.process.wait(10) is not None
    assert not warm_module._begun


@pytest.mark.parametrize("kept", [True, False])
def test_bytecode_lies_ready_where_python_may_write_it(
    kept: bool, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "helpers").mkdir()
    (tmp_path / "helpers" / "topic.py").write_text("answer = 42\n")
    monkeypatch.setattr(warm_module, "ROOT", tmp_path)
    monkeypatch.setattr(sys, "dont_write_bytecode", not kept)
    warm_module._compile_helpers()
    assert bool(list(tmp_path.glob("helpers/__pycache__/topic.*.pyc"))) == kept


def test_a_warm_process_that_has_ended_or_has_other_data_is_replaced(warm: WarmRun, tmp_path: Path) -> None:
    assert "count" in execute(PROVEN, run=warm).evidence
    pids = [server_of(warm).pid]
    os.kill(pids[0], signal.SIGKILL)
    assert warm._server is not None
    warm._server.process.wait()
    for name in ("digits", "signs"):
        folder = tmp_path / name
        folder.mkdir()
        (folder / f"{name}.npz").touch()
        data = StudentData("full", folder)
        asked = submission("print(os.listdir(os.environ['WORKSHOP_DATA_DIR']))", data=data)
        assert shown(LocalExecutor(warm)(asked), 1) == f"['{name}.npz']\n"
        pids.append(server_of(warm).pid)
    assert len(set(pids)) == 3


WAITING = "print('waiting', flush=True)\ntime.sleep(8)"


def begin_waiting(warm: WarmRun, pool: ThreadPoolExecutor) -> tuple[Future[ExecutionResult], psutil.Process]:
    """A submission that leaves things and goes on for some seconds, and the process 1 that keeps it."""
    server = server_of(warm)
    before = sleeping()
    running = pool.submit(execute, LEAVING, PROVEN, WAITING, run=warm)
    while not (left := sleeping() - before):
        assert not running.done()
        time.sleep(0.05)
    line = psutil.Process(left.pop()).parents()
    keeper = line[line.index(server) - 1]
    return running, keeper


def sleeping() -> set[int]:
    return {one.pid for one in psutil.process_iter(["name"]) if one.info["name"] == "sleep"}


def test_two_at_a_time_see_nothing_of_each_other(warm: WarmRun) -> None:
    execute(PROVEN, run=warm)
    with ThreadPoolExecutor() as pool:
        first, keeper = begin_waiting(warm, pool)
        second = execute(TRIED, LOOKING, run=warm)
        assert keeper.is_running()
        found: dict[str, Any] = json.loads(shown(second, 2))
        assert (found["files"], found["variable"], found["module"]) == ([], None, False)
        assert found["socket"].startswith("refused")
        assert len(found["processes"]) == 3
        assert found["memory"] == found["memory before"] == 0
        assert "count" in first.result().evidence
        assert first.result().problem == ""


def test_one_that_is_lost_costs_no_other_and_is_run_again(warm: WarmRun) -> None:
    execute(PROVEN, run=warm)
    server = server_of(warm)
    with ThreadPoolExecutor() as pool:
        lost, keeper = begin_waiting(warm, pool)
        staying, _ = begin_waiting(warm, pool)
        keeper.kill()
        while warm._server:
            time.sleep(0.05)
        assert "count" in execute(PROVEN, run=warm).evidence, "in a new warm process"
        assert server_of(warm) != server
        assert not staying.done()
        for one in (staying, lost):
            assert "count" in one.result().evidence
    psutil.wait_procs([server], timeout=10)
    assert not server.is_running(), "it ends with the last that it ran"


FORBIDDING = """
import ctypes, pathlib, sys
libc = ctypes.CDLL(None, use_errno=True)
with open(f"/proc/{sys.argv[1]}/ns/user") as theirs:
    assert libc.setns(theirs.fileno(), 0) == 0, ctypes.get_errno()
pathlib.Path("/proc/sys/user/max_user_namespaces").write_text("0")
"""


def forbid_forks(server: psutil.Process) -> None:
    """From now on the system gives a warm process no new namespaces, as if all were taken."""
    subprocess.run([sys.executable, "-c", FORBIDDING, str(server.pid)], check=True)


def test_a_fork_that_the_system_refuses_costs_no_other_and_its_task_is_run_elsewhere(warm: WarmRun) -> None:
    execute(PROVEN, run=warm)
    server = server_of(warm)
    with ThreadPoolExecutor() as pool:
        staying, _ = begin_waiting(warm, pool)
        forbid_forks(server)
        refused = execute(PROVEN, run=warm)
        assert "count" in refused.evidence
        assert refused.problem == ""
        assert not warm._server, "the next task gets a new warm process"
        assert server.is_running()
        assert not staying.done()
        assert "count" in staying.result().evidence
        assert staying.result().problem == ""


WITHOUT_NESTING = """
from helpers.grading.isolation.warm import WarmRun, begin, end_begun
from tests.grading.test_execution import PROVEN
from tests.grading.isolation.test_sandbox import execute

with WarmRun() as run:
    print(*(sorted(execute(PROVEN, run=run).evidence) for _ in range(2)))
"""
ONE_DEEPER = ["unshare", "--user", "--map-root-user"]


def test_where_no_sandbox_can_be_within_another_each_task_gets_a_new_one() -> None:
    """Namespaces can be nested some thirty times. This goes so deep that there is just room for a sandbox."""
    trial = [*sandbox.command_of(None, 2**20), "true"]
    depth = next(n for n in range(40, 0, -1) if not subprocess.run([*ONE_DEEPER * n, *trial]).returncode)
    done = subprocess.run(
        [*ONE_DEEPER * depth, sys.executable, "-c", WITHOUT_NESTING],
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
    )
    assert done.stdout == "['count'] ['count']\n", done.stderr
    assert done.stderr.count("Each task gets a sandbox of its own.") == 1


def test_closing_it_leaves_nothing_running(warm: WarmRun) -> None:
    execute(PROVEN, run=warm)
    started = [server_of(warm), psutil.Process(server_of(warm).ppid())]
    warm.close()
    psutil.wait_procs(started)
    assert not any(process.is_running() for process in started)
