"""Warm sandboxes: TensorFlow, Keras and IPython are imported once, and each task begins in a fork of that.

A task has namespaces, a scratch folder, limits and a process 1 of its own, as in a sandbox started for it
alone (helpers.grading.sandbox), and the same is sent and answered. What it is spared is the imports.
"""

from __future__ import annotations

import contextlib
import io
import logging
import subprocess
import sys
import tempfile
import threading
import weakref
from pathlib import Path
from typing import IO

from helpers.grading import parcels
from helpers.grading.errors import GradingError
from helpers.grading.processes import Ending, Task
from helpers.grading.sandbox import (
    Answer,
    await_answer,
    command_of,
    contents_of,
    facts_of,
    require_sandbox,
    run_sandboxed,
    taken,
)
from helpers.grading.warm_process import NEXT, WITH_KERAS
from helpers.grading.watching import Watch

_KEEPER_DEPTH = 3  # bubblewrap, then: the warm process, the fork that leaves, process 1 of the new namespaces
_OWN_SCRATCH = 64 * 2**20
_SECONDS_TO_IMPORT = 300
_SECONDS_TO_END = 2

_begun: list[_Server] = []


class NotWarm(GradingError):
    """No warm process can be started; where the system allows sandboxes, but none within another, for one."""


def begin(count: int, data: Path | None, *, keras: bool) -> None:
    """Begins so many warm processes and doesn't wait: the first runs that want such a one find it on its way.

    Raises NoSandbox where there is no sandbox.
    """
    _begun.extend(_Server(data, keras) for _ in range(count))


def end_begun() -> None:
    """Ends those that nobody has wanted."""
    while _begun:
        server = _begun.pop()
        server.process.kill()
        server.stop()


def _begun_or_new(data: Path | None, keras: bool) -> _Server:
    for server in list(_begun):
        with contextlib.suppress(ValueError):  # another thread was faster
            if (server.data, server.keras) == (data, keras):
                _begun.remove(server)
                return server
    return _Server(data, keras)


class WarmRun:
    """Runs tasks one after the other, each in a fork of one warm process, which is replaced if it ends.

    Meant for one thread; a second one waits. Use it as a context manager, or `close` it. Where the system
    forbids namespaces within namespaces, each task gets a new sandbox instead, and the log says so.

    keras: whether Keras and TensorFlow are imported beforehand, which takes seconds and 200 MB.
    """

    def __init__(self, *, keras: bool = True) -> None:
        self._keras = keras
        self._lock = threading.Lock()
        self._server: _Server | None = None
        self._forbidden = False

    def __call__(self, task: Task, scratch: Path) -> Ending:
        """Runs a task, see helpers.grading.processes. Raises GradingError where nothing can be run at all."""
        with self._lock:
            server = self._server_for(task.data)
            if server is None:
                return run_sandboxed(task, scratch)
            watch = Watch(server.process.pid, task.allowance, _KEEPER_DEPTH)
            answer = server.ask(task, scratch, watch)
            said = server.said() if answer is None else ""
            if answer is None:
                self._stop()
        return taken(answer, task, scratch, watch, said)

    def start(self, data: Path | None = None) -> None:
        """Warms up now, for tasks with this folder of data, if it isn't warm already."""
        with self._lock:
            self._server_for(data)

    def close(self) -> None:
        """Ends the warm process. The next task begins with another one."""
        with self._lock:
            self._stop()

    def abandon(self) -> None:
        """Ends the warm process at once; who waits for a task in it gets none of its files."""
        if self._lock.acquire(blocking=False):
            try:
                self._stop()
            finally:
                self._lock.release()
        elif server := self._server:
            server.process.kill()
            server.stop()

    def __enter__(self) -> WarmRun:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _server_for(self, data: Path | None) -> _Server | None:
        """A warm process that lives and has the data; None where the system forbids it."""
        server = self._server
        if server and (not server.lives() or data not in (None, server.data)):
            self._stop()
        if not self._server and not self._forbidden:
            try:
                server = _begun_or_new(data, self._keras)
                server.await_ready()
                self._server = server
            except NotWarm as reason:
                logging.getLogger(__name__).warning("Each task gets a sandbox of its own. %s", reason)
                self._forbidden = True
        return self._server

    def _stop(self) -> None:
        if self._server:
            self._server.stop()
        self._server = None


class WarmThreads:
    """A warm process for each thread that runs tasks. keras: see WarmRun."""

    def __init__(self, *, keras: bool) -> None:
        self._keras = keras
        self._runs: dict[int, WarmRun] = {}

    def __call__(self, task: Task, scratch: Path) -> Ending:
        """Runs a task, see WarmRun."""
        run = self._runs.setdefault(threading.get_ident(), WarmRun(keras=self._keras))
        return run(task, scratch)

    def close(self) -> None:
        """Ends all warm processes, and with them what runs in them."""
        for run in self._runs.values():
            run.abandon()


class _Server:
    """A warm process in its sandbox, on its way at first."""

    def __init__(self, data: Path | None, keras: bool) -> None:
        require_sandbox()
        self.data, self.keras = data, keras
        self._errors = tempfile.TemporaryFile()  # noqa: SIM115 (as long as the server)
        command = command_of(data, _OWN_SCRATCH, warm=True)
        self.process = subprocess.Popen(
            [
                *command,
                sys.executable,
                "-m",
                "helpers.grading.warm_process",
                *([WITH_KERAS] if keras else []),
            ],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._errors,
            env={},
        )
        self.stop = weakref.finalize(self, _end, self.process, self._errors)

    def await_ready(self) -> None:
        """Returns when it is warm. Raises NotWarm where it doesn't become so."""
        ready = threading.Timer(_SECONDS_TO_IMPORT, self.process.kill)
        ready.start()
        try:
            received = parcels.receive(self._way_out, 0)
        except parcels.ParcelError:
            received = None
        finally:
            ready.cancel()
        if received is None or not received[0].get("ready"):
            said = self.said().strip()
            self.stop()
            raise NotWarm(f"No warm process can be started on this computer: {said}")

    def lives(self) -> bool:
        """Whether it can take another task."""
        return self.process.poll() is None

    def said(self) -> str:
        """The end of what it wrote to stderr."""
        self._errors.seek(0, io.SEEK_END)
        self._errors.seek(max(0, self._errors.tell() - 4000))
        return self._errors.read().decode(errors="replace")

    def ask(self, task: Task, scratch: Path, watch: Watch) -> Answer | None:
        """The answer to a task; None where none came, and then the server is of no use any more."""
        assert self.process.stdin is not None
        with contextlib.suppress(BrokenPipeError):
            self.process.stdin.write(NEXT)
            self.process.stdin.flush()
            parcels.send(self.process.stdin, facts_of(task), contents_of(scratch))
        return await_answer(self._way_out, task, watch)

    @property
    def _way_out(self) -> IO[bytes]:
        assert self.process.stdout is not None
        return self.process.stdout


def _end(process: subprocess.Popen[bytes], errors: IO[bytes]) -> None:
    """Lets it end by itself, as it does when nothing more can come: so its time is counted with ours."""
    for stream in (process.stdin, process.stdout, errors):
        with contextlib.suppress(OSError):
            if stream:
                stream.close()
    try:
        process.wait(_SECONDS_TO_END)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
