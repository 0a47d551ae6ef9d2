"""Warm sandboxes: TensorFlow, Keras and IPython are imported once, and each task begins in a fork of that.

A task has namespaces, a scratch folder, limits and a process 1 of its own, as in a sandbox started for it
alone (sandbox.py), and the same is sent and answered. What it is spared is the imports.
"""

from __future__ import annotations

import compileall
import contextlib
import logging
import os
import socket
import struct
import subprocess
import sys
import tempfile
import threading
import weakref
from pathlib import Path
from typing import IO

from helpers.grading.errors import GradingError
from helpers.grading.isolation import parcels
from helpers.grading.isolation.processes import ROOT, Ending, Task
from helpers.grading.isolation.sandbox import (
    DATA,
    PYTHON,
    Answer,
    await_answer,
    command_of,
    contents_of,
    facts_of,
    require_sandbox,
    run_sandboxed,
    taken,
)
from helpers.grading.isolation.warm_process import HERE, NEXT, READY, WITH_DATA, WITH_KERAS
from helpers.grading.isolation.watching import Watch

_OWN_SCRATCH = 64 * 2**20
_SECONDS_TO_IMPORT = 300
_SECONDS_TO_FORK = 60
_SECONDS_TO_END = 2
_CREDENTIALS = struct.Struct("3i")  # of the one who sends: process, user, group; see unix(7)

_begun: _Server | None = None


class NotWarm(GradingError):
    """No warm process can be started; where the system allows sandboxes, but none within another, for one."""


def begin(data: Path | None, *, keras: bool) -> None:
    """Begins a warm process and doesn't wait: the first run that wants such a one finds it on its way.

    Raises NoSandbox where there is no sandbox.
    """
    global _begun
    end_begun()
    _begun = _Server(data, keras)


def end_begun() -> None:
    """Ends it if nobody has wanted it."""
    global _begun
    if _begun:
        _begun.process.kill()
        _begun.stop()
    _begun = None


def _begun_or_new(data: Path | None, keras: bool) -> _Server:
    global _begun
    if _begun and (_begun.data, _begun.keras) == (data, keras):
        server, _begun = _begun, None
        return server
    return _Server(data, keras)


class WarmRun:
    """Runs tasks, each in a fork of one warm process, which is replaced if it ends, or one of the forks does.

    A task that is lost with it is run again in a new sandbox. Where the system forbids namespaces within
    namespaces, each task gets such a one, and the log says so. Any number of threads may run tasks at a time.
    Use it as a context manager, or `close` it.

    keras: whether Keras and TensorFlow are imported beforehand, which takes seconds and 200 MB.
    """

    def __init__(self, *, keras: bool = True) -> None:
        self._keras = keras
        self._lock = threading.Lock()
        self._server: _Server | None = None
        self._forbidden = False

    def __call__(self, task: Task, scratch: Path) -> Ending:
        """Runs a task (processes.py). Raises GradingError where nothing can be run at all."""
        server = self._server_for(task.data)
        return run_sandboxed(task, scratch) if server is None else self._run(server, task, scratch)

    def start(self, data: Path | None = None) -> None:
        """Warms up now, for tasks with this folder of data, if it isn't warm already."""
        self._server_for(data)

    def close(self) -> None:
        """Ends the warm process, and with it what runs there. The next task begins with another one."""
        with self._lock:
            if self._server:
                self._server.stop()
            self._server = None

    def __enter__(self) -> WarmRun:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _run(self, server: _Server, task: Task, scratch: Path) -> Ending:
        with contextlib.closing(_Place(server)) as place:
            watch = Watch(place.pid, task.allowance, keeper_depth=0)
            answer = place.ask(task, scratch, watch)
        if answer is None:
            self._give_up(server)
            if not watch.problem and server.wanted():  # ended from outside: by a system short of memory, say
                return run_sandboxed(task, scratch)
        return taken(answer, task, scratch, watch, "")

    def _give_up(self, server: _Server) -> None:
        """Runs nothing new there. It ends with the last of its tasks, when nobody holds it any more."""
        with self._lock:
            if self._server is server:
                self._server = None

    def _server_for(self, data: Path | None) -> _Server | None:
        """A warm process that lives and has the data; None where the system forbids it."""
        with self._lock:
            if self._forbidden:
                return None
            if self._server and (not self._server.lives() or data not in (None, self._server.data)):
                self._server = None
            server = self._server = self._server or _begun_or_new(data, self._keras)
        try:
            server.await_ready()
        except NotWarm as reason:
            self._do_without(server, reason)
            return None
        return server

    def _do_without(self, server: _Server, reason: NotWarm) -> None:
        with self._lock:
            if self._server is not server and not self._forbidden:
                raise reason  # it has been ended meanwhile
            if not self._forbidden:
                logging.getLogger(__name__).warning("Each task gets a sandbox of its own. %s", reason)
            self._server, self._forbidden = None, True


class _Server:
    """A warm process in its sandbox, on its way at first. It ends with this object."""

    def __init__(self, data: Path | None, keras: bool) -> None:
        require_sandbox()
        self.data, self.keras = data, keras
        self._errors = tempfile.TemporaryFile()  # noqa: SIM115 (as long as the server)
        self._ready = False
        self._warming = threading.Lock()
        self._line, far_end = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        _compile_helpers()
        command = command_of(data, _OWN_SCRATCH, warm=True)
        wanted = [*([WITH_KERAS] if keras else []), *([WITH_DATA, DATA] if data else [])]
        with far_end:
            self.process = subprocess.Popen(
                [*command, PYTHON, "-m", "helpers.grading.isolation.warm_process", *wanted],
                stdin=far_end.fileno(),
                stdout=subprocess.DEVNULL,
                stderr=self._errors,
                env={},
            )
        self.stop = weakref.finalize(self, _end, self.process, self._line, self._errors)

    def await_ready(self) -> None:
        """Returns when it is warm. Raises NotWarm where it doesn't become so."""
        with self._warming:
            if not self._ready:
                self._line.settimeout(_SECONDS_TO_IMPORT)
                with contextlib.suppress(OSError):  # a timeout is one
                    self._ready = self._line.recv(len(READY)) == READY
            if not self._ready:
                self.process.kill()
                raise NotWarm(f"No warm process can be started on this computer: {self.said().strip()}")

    def lives(self) -> bool:
        """Whether it can take another task."""
        return self.process.poll() is None

    def wanted(self) -> bool:
        """Whether nobody has stopped it."""
        return self.stop.alive

    def said(self) -> str:
        """The end of what it wrote to stderr."""
        if not self.wanted():
            return ""
        place = self._errors.fileno()
        return os.pread(place, 4000, max(0, os.fstat(place).st_size - 4000)).decode(errors="replace")

    def fork(self, way: socket.socket) -> None:
        """Asks for a process 1 of new namespaces, at the other end of `way`."""
        with contextlib.suppress(OSError):  # if it has ended, `way` says so
            socket.send_fds(self._line, [NEXT], [way.fileno()])


class _Place:
    """A fork of a warm process, in namespaces of its own, that takes one task.

    pid: of its process 1, here outside; 0 if there is none.
    """

    def __init__(self, server: _Server) -> None:
        self._way, far_end = socket.socketpair()
        self._way.setsockopt(socket.SOL_SOCKET, socket.SO_PASSCRED, 1)
        with far_end:
            server.fork(far_end)
        self.pid = self._pid()

    def ask(self, task: Task, scratch: Path, watch: Watch) -> Answer | None:
        """The answer to a task; None where none came, and then nothing of it runs any more."""
        if not self.pid:
            return None
        with contextlib.suppress(OSError), self._way.makefile("wb") as way_in:
            parcels.send(way_in, facts_of(task), contents_of(scratch))
        with self._way.makefile("rb") as way_out:
            answer = await_answer(way_out, task, watch)
            if answer is None:
                watch.kill_rest()
                self._way.shutdown(socket.SHUT_RDWR)  # else who still reads would be waited for
        return answer

    def close(self) -> None:
        self._way.close()

    def _pid(self) -> int:
        """Who is at the other end, as the system says, which no process can forge."""
        self._way.settimeout(_SECONDS_TO_FORK)
        attached = []
        with contextlib.suppress(OSError):
            attached = self._way.recvmsg(len(HERE), socket.CMSG_SPACE(_CREDENTIALS.size))[1]
        self._way.settimeout(None)
        return next((_CREDENTIALS.unpack(data)[0] for _, _, data in attached), 0)


def _compile_helpers() -> None:
    """Leaves this package's bytecode where sandboxes find it: they can't write any, and make it anew."""
    if not sys.dont_write_bytecode:
        compileall.compile_dir(ROOT / "helpers", quiet=2)


def _end(process: subprocess.Popen[bytes], line: socket.socket, errors: IO[bytes]) -> None:
    """Lets it end by itself, as it does when nothing more can come: so its time is counted with ours."""
    line.close()
    try:
        process.wait(_SECONDS_TO_END)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
    errors.close()
