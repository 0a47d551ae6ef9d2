"""Make the environment that the workshop runs in: `.venv`, from the pinned and hashed lock.

`make` calls this before anything else; where there is no make: `python helpers/bootstrap.py`.

It needs the standard library alone, and even a Python too old for the workshop (3.6 on) reads it far enough
to say what to do: newer kinds of annotations are quoted, and nothing else of the package is imported.
uv builds the environment where it is installed, pip where it is not. A stamp is written into `.venv` as the
very last step, so an environment without one was interrupted, and is made anew.
"""

import argparse
import contextlib
import hashlib
import importlib.util
import json
import os
import platform
import shutil
import signal
import subprocess
import sys
import sysconfig
import time
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

OLDEST_PYTHON = (3, 11)
NEWEST_PYTHON = (3, 13)
UV_PYTHON = "3.12"  # what uv is asked for where this Python doesn't fit
COMPUTERS = (("linux", "x86_64"), ("linux", "aarch64"), ("darwin", "arm64"), ("win32", "AMD64"))
OLDEST_SYSTEM = {"linux": (2, 28), "darwin": (12, 0), "win32": (0, 0)}  # of glibc; of macOS; –
# Free space that a first set-up takes. uv links what it keeps into the environment; pip copies, twice.
DISK_GB = {("uv", "cpu"): 3, ("pip", "cpu"): 4, ("uv", "gpu"): 8, ("pip", "gpu"): 16}
DOWNLOADS_GB = {"cpu": 0.6, "gpu": 4}
UV_HOME = "https://docs.astral.sh/uv/"


class SetupError(Exception):
    """Set-up can't go on. The message says what is wrong and what to do about it."""


class Machine(NamedTuple):
    """The Python that runs this and the computer it runs on: all that decides whether the packages fit."""

    implementation: str  # "CPython"
    version: "tuple[int, int]"
    bits: int
    free_threaded: bool
    system: str  # sys.platform: "linux", "darwin", "win32"
    processor: str  # platform.machine(): "x86_64", "arm64", …
    release: "tuple[int, int]"  # of glibc on Linux, of macOS on a Mac, else (0, 0)

    @classmethod
    def here(cls) -> "Machine":
        """Return the Python and the computer that run this."""
        return cls(
            platform.python_implementation(),
            (sys.version_info[0], sys.version_info[1]),
            64 if sys.maxsize > 2**32 else 32,
            bool(sysconfig.get_config_var("Py_GIL_DISABLED")),
            sys.platform,
            platform.machine(),
            _system_release(),
        )


def computer_problem(machine: Machine) -> str:
    """Return why the packages can't run on this computer, whatever its Python, or ""."""
    if (machine.system, machine.processor) not in COMPUTERS:
        text = f"TensorFlow isn't made for this kind of computer ({machine.system} on {machine.processor})."
        if machine.system == "darwin":
            return (
                f"{text}\nOn Apple silicon, this Python is an Intel build: install the arm64 one.\n"
                "On an Intel Mac, work in Binder (see README.md) or on another computer."
            )
        if machine.system == "win32":
            return f"{text}\nUse WSL, the Linux inside Windows, or work in Binder (see README.md)."
        return f"{text}\nWork in Binder (see README.md) or on another computer."
    oldest = OLDEST_SYSTEM[machine.system]
    if machine.release >= oldest:
        return ""
    if machine.system == "darwin":
        return f"This is macOS {_dotted(machine.release)}, the packages need {_dotted(oldest)} or newer."
    found = f"has glibc {_dotted(machine.release)}" if any(machine.release) else "has no glibc"
    return (
        f"This Linux {found}. The packages need glibc {_dotted(oldest)} or newer:\n"
        "Debian 10, Ubuntu 20.04, Fedora 29, Red Hat 8 and all later ones have it."
    )


def python_problem(machine: Machine) -> str:
    """Return why this Python doesn't fit (another one on the same computer may), or ""."""
    problem = ""
    if not OLDEST_PYTHON <= machine.version <= NEWEST_PYTHON:
        age = "old" if machine.version < OLDEST_PYTHON else "new"
        problem = f"This is Python {_dotted(machine.version)}, which is too {age}."
    elif machine.implementation != "CPython":
        problem = f"This is {machine.implementation}, not the usual Python."
    elif machine.bits != 64:
        problem = f"This Python is a {machine.bits}-bit build."
    elif machine.free_threaded:
        problem = "This Python is the free-threaded build."
    made_for = f"Python {_dotted(OLDEST_PYTHON)} to {_dotted(NEWEST_PYTHON)} (64 bits)"
    return problem and f"{problem} The packages are made for {made_for}."


def cuda_problem(machine: Machine) -> str:
    """Return why TensorFlow's CUDA build can't be had on this computer, or ""."""
    if (machine.system, machine.processor) == ("linux", "x86_64"):
        return ""
    return (
        "TensorFlow's CUDA build is made for Linux on x86-64 only (on Windows: inside WSL).\n"
        "Leave GPU=1 away: all of the workshop runs on the processor, too."
    )


def disk_problem(free: float, tool: str, build: str) -> str:
    """Return what to do where `free` bytes of disk are too few ("uv" or "pip"; "cpu" or "gpu"), or ""."""
    needed = DISK_GB[tool, build]
    if free >= needed * 1e9:
        return ""
    return (
        f"Too little disk space: set-up needs {needed} GB and {free / 1e9:.1f} GB are free.\n"
        "Make room, then run the same command again."
    )


def venv_problem() -> str:
    """Return what to install where this Python can't make virtual environments, or ""."""
    if all(importlib.util.find_spec(module) for module in ("venv", "ensurepip")):
        return ""
    return (
        "This Python can't make virtual environments: its venv module isn't installed.\n"
        f"On Debian and Ubuntu: sudo apt install python{_dotted(Machine.here().version)}-venv\n"
        f"Or install uv ({UV_HOME}), which does without. Then run the same command again."
    )


class Environment(NamedTuple):
    """The virtual environment of the project in `root`."""

    root: Path

    @property
    def folder(self) -> Path:
        """The virtual environment itself."""
        return self.root / ".venv"

    @property
    def python(self) -> Path:
        """The Python in it."""
        return self.folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")

    @property
    def scratch(self) -> Path:
        """Where its installers put temporary files."""
        return self.root / ".venv-scratch"

    @property
    def stamp(self) -> Path:
        """The file that is there if, and only if, the environment is whole."""
        return self.folder / "workshop-setup.json"

    def lock(self, gpu: bool) -> Path:
        """The file that pins its packages, with TensorFlow's CUDA build or without."""
        return self.root / ("requirements-gpu.lock" if gpu else "requirements.lock")

    def read_stamp(self) -> "dict[str, object]":
        """Return what the environment was made from, empty where it isn't whole."""
        try:
            stamp = json.loads(self.stamp.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return {}
        return stamp if isinstance(stamp, dict) else {}

    def write_stamp(self, python: str, gpu: bool) -> None:
        """Declare the environment whole, in one step that nobody sees half done."""
        draft = self.stamp.with_suffix(".part")
        with open(str(draft), "w", encoding="utf-8") as file:
            json.dump(self._expected_stamp(python, gpu), file, indent=1)
            file.flush()
            os.fsync(file.fileno())
        os.replace(str(draft), str(self.stamp))

    def is_whole(self, python: "str | None" = None, gpu: "bool | None" = None) -> bool:
        """Whether it can be used as it is; if given, also made with this Python ("3.12") or this build."""
        stamp = self.read_stamp()
        made_python, made_gpu = str(stamp.get("python")), stamp.get("gpu") is True
        return (
            stamp == self._expected_stamp(made_python, made_gpu)
            and python in (None, made_python)
            and gpu in (None, made_gpu)
            and self.python.exists()
        )

    def remove(self) -> None:
        """Delete it, the stamp first: stopped half-way, what is left isn't taken for whole."""
        try:
            with contextlib.suppress(FileNotFoundError, NotADirectoryError):
                self.stamp.unlink()
            for path in (self.folder, self.scratch):
                if path.is_symlink() or path.is_file():
                    path.unlink()
                elif path.exists():
                    shutil.rmtree(str(path))
        except OSError as error:
            raise SetupError(
                f"The old environment can't be removed: {error}\n"
                "Close what still uses it (JupyterLab, a terminal where it is active), then try again."
            ) from error

    def _expected_stamp(self, python: str, gpu: bool) -> "dict[str, object]":
        # The folder counts, too: the scripts inside hold its full path, so a moved environment doesn't work.
        digest = hashlib.sha256(self.lock(gpu).read_bytes()).hexdigest()
        return {"lock": digest, "python": python, "gpu": gpu, "folder": str(self.folder)}


def set_up(root: Path, gpu: "bool | None" = None, this_python: bool = False) -> None:
    """Have a whole environment in `root` when this returns; raise SetupError where that can't be.

    `gpu` chooses TensorFlow's build. None keeps the build that is there; a new environment gets the one
    without CUDA. `this_python` replaces an environment that another version of Python made.
    """
    environment = Environment(root)
    here = Machine.here()
    python = _dotted(here.version) if this_python and not python_problem(here) else None
    if environment.is_whole(python, gpu):
        return
    with _one_at_a_time(root) as turn:
        if environment.is_whole(python, gpu):  # made by another set-up while this one waited
            return
        made_gpu = environment.read_stamp().get("gpu") is True
        _build(environment, made_gpu if gpu is None else gpu, turn)


def _build(environment: Environment, gpu: bool, turn: "int | None") -> None:
    """Make the environment from nothing. `turn` is the descriptor that _one_at_a_time gave."""
    start = time.time()
    uv = _find_uv()
    python, version = _choose_python(uv, gpu)
    environment.remove()
    tool, build = "uv" if uv else "pip", "gpu" if gpu else "cpu"
    problem = disk_problem(shutil.disk_usage(str(environment.root)).free, tool, build)
    if problem:
        raise SetupError(problem)
    size = DOWNLOADS_GB[build]
    _say(f"Setting up .venv with {tool} and Python {version}. The first time, {size} GB are downloaded.")
    environment.scratch.mkdir()
    try:
        for what, command in _commands(environment, python, uv, gpu):
            _run(what, command, environment, turn)
    finally:
        shutil.rmtree(str(environment.scratch), ignore_errors=True)
    environment.write_stamp(version, gpu)
    _say(f"Set-up is done ({time.time() - start:.0f} s).")


def _choose_python(uv: "str | None", gpu: bool) -> "tuple[str, str]":
    """Return the Python to make the environment from, as uv or the system finds it, and its version."""
    here = Machine.here()
    problem = computer_problem(here) or (cuda_problem(here) if gpu else "")
    if problem:
        raise SetupError(problem)
    problem = python_problem(here)
    if problem and uv:
        _say(f"{problem} uv gets Python {UV_PYTHON}.")
        return UV_PYTHON, UV_PYTHON
    if problem:
        raise SetupError(
            f"{problem}\nInstall one of them and name it (make lab PYTHON=python3.12), or install uv, which\n"
            f"fetches one by itself ({UV_HOME}). Then run the same command again."
        )
    problem = "" if uv else venv_problem()
    if problem:
        raise SetupError(problem)
    # Run from a virtual environment, maybe the very one to be replaced, this is the Python beneath it.
    beneath = getattr(sys, "_base_executable", None) or sys.executable
    return str(beneath), _dotted(here.version)


def _commands(
    environment: Environment, python: str, uv: "str | None", gpu: bool
) -> "Iterator[tuple[str, list[str]]]":
    """The steps: what each does, and the command that does it. They end with compiled bytecode in place."""
    target = str(environment.python)
    if uv:
        make = [uv, "venv", "--quiet", "--python", python]
        install = [uv, "pip", "install", "--python", target]
        compiled = ["--compile-bytecode"]
    else:
        make = [python, "-m", "venv"]
        install = [target, "-m", "pip", "install", "--disable-pip-version-check", "--no-input"]
        compiled = ["--compile"]
    # The lock names every package, so nothing is left to resolve; all have wheels, so nothing is built.
    locked = ["--require-hashes", "--no-deps", "--only-binary", ":all:", "-r", str(environment.lock(gpu))]
    project = ["--quiet", "--no-deps", "--no-build-isolation", "--editable", str(environment.root)]
    yield "Making the virtual environment", [*make, str(environment.folder)]
    yield "Installing the packages", install + compiled + locked
    yield "Installing the workshop itself", install + project


def _run(what: str, command: "list[str]", environment: Environment, turn: "int | None") -> None:
    """Run one step, its output shown as it comes."""
    root = str(environment.root)
    inherited = () if turn is None else (turn,)
    try:
        process = subprocess.Popen(
            command, cwd=root, env=_variables(environment), pass_fds=inherited, start_new_session=True
        )
    except OSError as error:
        raise SetupError(f"{what} failed: {command[0]} doesn't start ({error}).") from error
    try:
        process.wait()
    except KeyboardInterrupt:
        _end(process)
        raise
    if process.returncode == 0:
        return
    if shutil.disk_usage(root).free < 0.2e9:
        raise SetupError(f"{what} failed: the disk is full. Make room, then run the same command again.")
    raise SetupError(
        f"{what} failed; the lines above say why. Most often it is the network: check the connection\n"
        "(behind a proxy, set HTTPS_PROXY), then run the same command again. What is downloaded is kept."
    )


def _end(process: "subprocess.Popen[bytes]") -> None:
    """Stop an interrupted step, and on Linux and macOS all that it started."""
    if os.name == "nt":
        process.kill()
    else:
        with contextlib.suppress(ProcessLookupError):  # all have ended meanwhile
            os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def _variables(environment: Environment) -> "dict[str, str]":
    """The environment variables, without those that make pip or uv look or install elsewhere.

    Temporary files go beside the environment: whole packages are unpacked there, too much for a small /tmp,
    and what a killed installer leaves is removed by the next one.
    """
    foreign = {"PYTHONHOME", "PYTHONPATH", "PIP_PREFIX", "PIP_ROOT", "PIP_TARGET", "PIP_USER"}
    kept = {name: value for name, value in os.environ.items() if name not in foreign}
    return {**kept, **dict.fromkeys(("TMPDIR", "TEMP", "TMP"), str(environment.scratch))}


def _find_uv() -> "str | None":
    """Return the path of a uv that really starts, or None."""
    uv = shutil.which("uv")
    if uv:
        with contextlib.suppress(OSError):
            if subprocess.call([uv, "--version"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) == 0:
                return uv
    return None


@contextlib.contextmanager
def _one_at_a_time(root: Path) -> "Iterator[int | None]":
    """Hold the folder's lock, and yield its file descriptor (None on Windows, which has no such locks).

    The system frees the lock when the last process that has the descriptor ends. A set-up that is killed may
    leave an installer running; as that inherited the descriptor, the next set-up waits for it.
    """
    if sys.platform == "win32":
        yield None
    else:
        import fcntl

        with open(str(root / ".venv.lock"), "w", encoding="utf-8") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                _say("Another set-up is at work in this folder. Waiting for it to end.")
                fcntl.flock(file, fcntl.LOCK_EX)
            yield file.fileno()


def _system_release() -> "tuple[int, int]":
    text = ""
    if sys.platform == "darwin":
        text = platform.mac_ver()[0]
    elif sys.platform == "linux":
        with contextlib.suppress(OSError, ValueError):  # no glibc
            text = (os.confstr("CS_GNU_LIBC_VERSION") or "").replace("glibc ", "")
    numbers = [int(part) for part in text.split(".")[:2] if part.isdigit()]
    return (numbers[0], numbers[1]) if len(numbers) == 2 else (0, 0)


def _dotted(version: "tuple[int, int]") -> str:
    return "{}.{}".format(*version)


def _say(text: str) -> None:
    print(text, flush=True)


def _interrupt(*_: object) -> None:
    raise KeyboardInterrupt


def main(arguments: "list[str] | None" = None) -> int:
    """Run set-up as the command line says; return the exit code."""
    parser = argparse.ArgumentParser(description="Make .venv, the environment that the workshop runs in.")
    add = parser.add_argument
    add("--gpu", action="store_true", default=None, help="with TensorFlow's CUDA build (Linux on x86-64)")
    add("--cpu", action="store_false", dest="gpu", help="back to the build without CUDA")
    add("--this-python", action="store_true", help="replace an environment that another Python version made")
    options = parser.parse_args(arguments)
    for name in ("SIGTERM", "SIGHUP"):  # a closed terminal, for one
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), _interrupt)
    try:
        set_up(Path(__file__).resolve().parent.parent, options.gpu, options.this_python)
    except SetupError as error:
        print(f"\nSet-up has stopped.\n{error}", file=sys.stderr)
        return 1
    except OSError as error:
        print(f"\nSet-up has stopped.\n{error}\nIt must be able to write to this folder.", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nSet-up was interrupted. Run the same command again: it starts afresh.", file=sys.stderr)
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main())
