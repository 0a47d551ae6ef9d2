"""A kernel forked from the process that asks for it, which has imported everything already."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import sys
import time
from types import ModuleType
from typing import Any, ClassVar, NoReturn

from jupyter_client.provisioning.local_provisioner import LocalProvisioner

_SECONDS_BETWEEN_LOOKS = 0.005
_SECONDS_TO_END = 2


class ForkedKernel(LocalProvisioner):
    """Gives jupyter_client a kernel as its LocalProvisioner does, but for how the process is made."""

    async def launch_kernel(self, cmd: list[str], **kwargs: Any) -> Any:
        """Called by jupyter_client, once; cmd: what would start IPython's kernel as a program."""
        arguments = cmd[cmd.index("ipykernel_launcher") + 1 :]
        child = os.fork()
        if child == 0:
            _become_the_kernel(arguments, str(kwargs["cwd"]), dict(kwargs["env"]))
        self.process = Forked(child)  # type: ignore[assignment]
        self.pid = self.pgid = child
        self.cwd = kwargs["cwd"]
        return self.connection_info

    async def kill(self, restart: bool = False) -> None:
        """Called by jupyter_client, which would look only after 0.1 s whether the process has ended."""
        await super().kill(restart)
        deadline = time.monotonic() + _SECONDS_TO_END
        while await self.poll() is None and time.monotonic() < deadline:
            await asyncio.sleep(_SECONDS_BETWEEN_LOOKS)


class Forked:
    """A child process with as much of Popen's manners as LocalProvisioner asks for."""

    stdin = stdout = stderr = None

    def __init__(self, pid: int) -> None:
        self.pid = pid
        self._status: int | None = None

    def poll(self) -> int | None:
        """Its exit code, negative for a signal; None while it runs."""
        if self._status is None:
            with contextlib.suppress(ChildProcessError):
                pid, status = os.waitpid(self.pid, os.WNOHANG)
                self._status = os.waitstatus_to_exitcode(status) if pid else None
        return self._status

    def wait(self) -> int | None:
        """Its exit code, once it has ended; asked for only then."""
        return self.poll()

    def send_signal(self, number: int) -> None:
        """Sends it a signal, unless it has ended."""
        if self.poll() is None:
            os.kill(self.pid, number)

    def terminate(self) -> None:
        """Asks it to end."""
        self.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        """Ends it."""
        self.send_signal(signal.SIGKILL)


def _become_the_kernel(arguments: list[str], folder: str, environment: dict[str, str]) -> NoReturn:
    try:
        os.setsid()
        os.closerange(3, 2**16)
        os.chdir(folder)
        os.environ.clear()
        os.environ.update(environment)
        signal.set_wakeup_fd(-1)  # nbclient's, like the handlers
        signal.signal(signal.SIGINT, signal.default_int_handler)
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        asyncio.events._set_running_loop(None)  # the parent's, in whose midst this began
        asyncio.set_event_loop(None)
        sys.argv = ["ipykernel_launcher", *arguments]

        _do_only_what_is_needed()
        from ipykernel import kernelapp

        kernelapp.launch_new_instance()
    finally:
        os._exit(1)


def _do_only_what_is_needed() -> None:
    """Spares the kernel two things that take no notice of how little there is to do.

    For its debugger, which isn't there, it lists the files of all modules: it touches each of them, and so
    5,000 pages of memory that it shared with its parent until then are copied. And at the end of a cell it
    sends what was printed, six times, and waits until that has gone.
    """
    from ipykernel import ipkernel
    from ipykernel.iostream import OutStream

    vars(ipkernel)["sys"] = _SystemWithoutModules("sys")
    flush = OutStream.flush

    def flush_what_is_there(self: Any) -> None:
        if self._flush_pending or self._buffers:
            flush(self)  # type: ignore[no-untyped-call]

    OutStream.flush = flush_what_is_there  # type: ignore[method-assign]


class _SystemWithoutModules(ModuleType):
    """Python's module `sys` for who only reads it, but that nothing seems to have been imported."""

    modules: ClassVar[dict[str, ModuleType]] = {}

    def __getattr__(self, name: str) -> Any:
        return getattr(sys, name)
