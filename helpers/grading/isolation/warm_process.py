"""Process 1 of a warm sandbox: imports what submissions need once, and forks for each that comes.

It never reads anything of a submission itself, so its memory, of which each fork is a copy, holds nothing of
anybody's: what comes over its own line is a socket for each task, which it hands on. A fork begins in
namespaces of its own; from there on all is as in a sandbox that has been started for its task alone
(keeper.py).
"""

from __future__ import annotations

import contextlib
import os
import pkgutil
import random
import select
import signal
import socket
import sys
from collections.abc import Callable, Mapping
from functools import partial
from importlib import import_module
from pathlib import Path

from helpers.environment.preparing import quiet_tensorflow, uncollected
from helpers.grading.faster_training.trainers import train_faster
from helpers.grading.isolation import keeper, namespaces, parcels, restrictions
from helpers.grading.isolation.importing import import_jsonschema, import_kernel

READY, NEXT = b"r", b"n"
"""What is said over the line when all is imported; what comes with each socket."""

HERE = b"h"
"""What a task's process 1 says over its socket at first: so it is known who it is."""

WITH_KERAS, WITH_DATA = "--with-keras", "--with-data"  # the folder of these comes next

_SECONDS_TO_BE_IDLE = 0.1
_SLOTS_OF_A_FRAME = 70_000  # of 8 bytes; never touched, so they take no memory

_IMPORTED = (
    "numpy", "matplotlib.pyplot", "matplotlib_inline.backend_inline", "nbclient", "nbformat", "sqlite3",
    "jupyter_client.provisioning", "ipykernel.kernelapp", "ipykernel.ipkernel", "ipykernel.kernelspec",
    "IPython.core.completerlib", "IPython.core.oinspect",
    "IPython.extensions.storemagic", "rich.emoji", "tornado.platform.asyncio", "helpers.checks",
    "helpers.convolution", "helpers.datasets", "helpers.environment", "helpers.plotting", "helpers.training",
)  # fmt: skip


def main() -> None:
    """Imports, says that it is ready, and serves until its line, which is stdin, ends."""
    keeper.prepare()
    os.environ.pop("PWD", None)  # which bubblewrap has added
    sys.path.remove(os.getcwd())  # the kernel will put the folder of the notebook there
    (keeper.SCRATCH / "home").mkdir(parents=True)
    try:
        trial = _forked(lambda: namespaces.furnish(2**20, 2**20), apart=True)
    except OSError as error:
        sys.exit(str(error))
    if _waited_for(trial) != 0:
        return
    with uncollected():  # and so forks share it
        _import_all()
    signal.signal(signal.SIGCHLD, _reap)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGCHLD})
    with socket.socket(fileno=0) as line:
        line.send(READY)
        prepared = False
        while True:
            if not prepared and not select.select([line], [], [], _SECONDS_TO_BE_IDLE)[0]:
                _prepare_what_some_need()
                prepared = True
            said, sockets, *_ = socket.recv_fds(line, len(NEXT), 1)
            if said != NEXT:
                return
            with contextlib.suppress(OSError):  # then the socket ends, and its task is run elsewhere
                _forked(partial(_serve, sockets[0]), apart=True)
            os.close(sockets[0])


def _serve(way: int) -> None:
    """In process 1 of new namespaces: its task's socket in place of the line, and then the task."""
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGCHLD})
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    os.dup2(way, 0)
    os.dup2(way, 1)
    os.close(way)
    _keep()


def _with_room_for_frames(function: Callable[[], None]) -> None:
    """Gives all that a function calls room for their frames, in forks as well.

    CPython keeps frames in chunks of 16 kB. It asks the system for another at the end of one, and gives it
    back with the first frame in it: a loop that has come to such a place does both in each round, which takes
    a hundred times as long as the call. A frame that claims half a megabyte is in a chunk of a whole one.
    """
    function.__code__ = function.__code__.replace(co_stacksize=_SLOTS_OF_A_FRAME)


def _import_all() -> None:
    if WITH_KERAS in sys.argv:
        quiet_tensorflow()
        train_faster()
    import_jsonschema()
    import_kernel()
    for name in _IMPORTED:
        import_module(name)
    from PIL import Image

    from helpers import checks

    for module in pkgutil.iter_modules(checks.__path__, f"{checks.__name__}."):
        import_module(module.name)
    Image.preinit()  # the formats that the first figure would load
    if WITH_KERAS in sys.argv:
        from helpers.grading.faster_training.products import compile_products

        compile_products()  # before the first fork: what it writes all over would break up large pages later


def _prepare_what_some_need() -> None:
    """What not every submission needs; the first ones don't wait for it."""
    with uncollected():
        _format_an_error()
        if WITH_DATA in sys.argv:
            _load_data(Path(sys.argv[sys.argv.index(WITH_DATA) + 1]))


def _load_data(folder: Path) -> None:
    from helpers.datasets import load_ahead
    from helpers.errors import WorkshopError

    with contextlib.suppress(WorkshopError):  # submissions will meet it themselves
        load_ahead(folder)


def _format_an_error() -> None:
    """As IPython does it: the first time it imports forty modules, and asks all where their files are.

    Their names as they are will do; to follow links in 4,000 paths takes most of the time.
    """
    from IPython.core.ultratb import AutoFormattedTB

    follow_links = os.path.realpath
    os.path.realpath = os.path.abspath  # type: ignore[assignment]
    try:
        raise ZeroDivisionError
    except ZeroDivisionError:
        AutoFormattedTB(mode="Context").structured_traceback(*sys.exc_info())
    finally:
        os.path.realpath = follow_links


def _reap(*_: object) -> None:
    """Lets forks that have ended go; so their time is counted with this process's."""
    with contextlib.suppress(ChildProcessError):
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass


def _forked(run: Callable[[], None], *, apart: bool = False) -> int:
    """Runs something in a fork, in new namespaces if `apart`; its process.

    What it raises ends there, with a line on stderr. Raises OSError where the system forbids such a fork.
    """
    child = namespaces.fork_apart() if apart else os.fork()
    if child:
        return child
    status = 1
    try:
        run()
        status = 0
    except BaseException as error:
        os.write(2, f"{type(error).__name__}: {error}\n".encode())
    finally:
        os._exit(status)


def _waited_for(child: int) -> int:
    """Its exit code, 0 if all went well."""
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) & 255


def _keep() -> None:
    """Says that it is there, takes the task, keeps it, answers."""
    restrictions.set_dumpable(False)
    os.write(1, HERE)
    with open(0, "rb", closefd=False) as way_in:
        received = parcels.receive(way_in, keeper.TASK_LIMIT)
    if received is not None:
        facts, contents = received
        namespaces.furnish(facts["scratch_bytes"], facts["shared_bytes"])
        answer = keeper.keep(facts, contents, lambda: _run(facts["module"], facts["environment"]))
        with open(1, "wb", closefd=False) as way_out:
            parcels.send(way_out, *answer)


def _run(module: str, environment: Mapping[str, str]) -> None:
    """In the process of the task itself: what `python -m MODULE` would do, without starting anew."""
    import numpy as np

    os.environ.update(environment)  # what the imports have set stays, as it would be set again
    restrictions.set_dumpable(True)
    random.seed()
    np.random.seed()
    sys.argv = [module, str(keeper.SCRATCH)]
    if module == "helpers.grading.isolation.notebook_process":
        from helpers.grading.isolation.forked_kernel import ForkedKernel
        from helpers.grading.isolation.notebook_process import main as execute

        execute(ForkedKernel)
    else:
        import_module(module).main()


if __name__ == "__main__":
    _with_room_for_frames(main)
    main()
    os._exit(0)  # nothing is left to be put in order, which takes long with so much imported
