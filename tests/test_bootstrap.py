"""Set-up: which machines it accepts, what it reuses, and that it survives being killed at any moment.

The environments made here are real ones, from a small lock of two local wheels; no network is used.
"""

from __future__ import annotations

import ast
import base64
import hashlib
import importlib.metadata
import json
import os
import shlex
import shutil
import signal
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

from helpers import bootstrap
from helpers.bootstrap import Environment, Machine

ROOT = Path(__file__).parent.parent
UV = shutil.which("uv")
MODULES = 500  # in the wheel "bulky": enough for an installation to be caught in the middle

LAPTOP = Machine("CPython", (3, 12), 64, False, "linux", "x86_64", (2, 36))
MAC = LAPTOP._replace(system="darwin", processor="arm64", release=(15, 1))
WINDOWS = LAPTOP._replace(system="win32", processor="AMD64", release=(0, 0))

needs_posix = pytest.mark.skipif(os.name == "nt", reason="Windows has other signals and file locks")
needs_uv = pytest.mark.skipif(UV is None or os.name == "nt", reason="uv is not installed")
needs_venv = pytest.mark.skipif(bool(bootstrap.venv_problem()), reason="there is no venv module")
tools = pytest.mark.parametrize(
    "tool",
    [pytest.param("uv", marks=needs_uv), pytest.param("pip", marks=[needs_venv, pytest.mark.slow])],
)


# --- which machines and Pythons are accepted


@pytest.mark.parametrize("version", [(3, 11), (3, 12), (3, 13)])
@pytest.mark.parametrize("computer", [LAPTOP, LAPTOP._replace(processor="aarch64"), MAC, WINDOWS])
def test_every_supported_machine_is_accepted(computer: Machine, version: tuple[int, int]) -> None:
    machine = computer._replace(version=version)
    assert bootstrap.computer_problem(machine) == ""
    assert bootstrap.python_problem(machine) == ""


@pytest.mark.parametrize(
    ("machine", "said"),
    [
        (LAPTOP._replace(version=(3, 10)), "Python 3.10, which is too old"),
        (LAPTOP._replace(version=(3, 14)), "Python 3.14, which is too new"),
        (WINDOWS._replace(bits=32), "32-bit"),
        (LAPTOP._replace(implementation="PyPy"), "PyPy"),
        (LAPTOP._replace(version=(3, 13), free_threaded=True), "free-threaded"),
    ],
)
def test_a_python_that_does_not_fit_is_told_which_ones_do(machine: Machine, said: str) -> None:
    problem = bootstrap.python_problem(machine)
    assert said in problem
    assert "3.11 to 3.13" in problem
    assert bootstrap.computer_problem(machine) == ""


@pytest.mark.parametrize(
    ("machine", "said"),
    [
        (MAC._replace(processor="x86_64"), "Intel Mac"),
        (MAC._replace(release=(11, 7)), "need 12.0 or newer"),
        (WINDOWS._replace(processor="ARM64"), "WSL"),
        (LAPTOP._replace(processor="armv7l"), "armv7l"),
        (LAPTOP._replace(system="freebsd14"), "freebsd14"),
        (LAPTOP._replace(release=(2, 17)), "glibc 2.17"),
        (LAPTOP._replace(release=(0, 0)), "no glibc"),
    ],
)
def test_a_computer_without_packages_is_told_so(machine: Machine, said: str) -> None:
    assert said in bootstrap.computer_problem(machine)


def test_cuda_is_for_linux_on_x86_64_alone() -> None:
    assert bootstrap.cuda_problem(LAPTOP) == ""
    for other in (MAC, WINDOWS, LAPTOP._replace(processor="aarch64")):
        assert "Leave GPU=1 away" in bootstrap.cuda_problem(other)


@pytest.mark.parametrize(("tool", "build", "needed"), [(*key, gb) for key, gb in bootstrap.DISK_GB.items()])
def test_too_little_disk_space_is_told_in_figures(tool: str, build: str, needed: int) -> None:
    assert bootstrap.disk_problem(needed * 1e9, tool, build) == ""
    problem = bootstrap.disk_problem(1.2e9, tool, build)
    assert f"needs {needed} GB and 1.2 GB are free" in problem


def test_this_machine_is_described_as_it_is() -> None:
    here = Machine.here()
    assert here.version == sys.version_info[:2]
    assert here.system == sys.platform
    assert bootstrap.computer_problem(here) == "", "the tests run on a machine that set-up would refuse"


def test_old_pythons_can_read_the_file() -> None:
    ast.parse((ROOT / "helpers/bootstrap.py").read_text(encoding="utf-8"), feature_version=(3, 7))


def test_no_module_beside_it_hides_one_of_the_standard_library() -> None:
    """Run as a script, bootstrap.py has helpers/ first on its path."""
    beside = {path.stem for path in (ROOT / "helpers").iterdir()}
    assert not beside & sys.stdlib_module_names


# --- when an environment is reused (no installing here: an empty folder with a stamp)


@pytest.fixture
def environment(tmp_path: Path) -> Environment:
    """A whole environment, as far as its stamp is concerned."""
    (tmp_path / "requirements.lock").write_text("numpy==2.0\n")
    (tmp_path / "requirements-gpu.lock").write_text("numpy==2.0\nnvidia==1.0\n")
    environment = Environment(tmp_path)
    environment.python.parent.mkdir(parents=True)
    environment.python.touch()
    environment.write_stamp("3.12", gpu=False)
    return environment


def test_a_stamped_environment_is_reused(environment: Environment) -> None:
    assert environment.is_whole()
    assert environment.is_whole(python="3.12", gpu=False)
    assert not list(environment.folder.glob("*.part"))


def test_another_python_or_build_is_made_anew_only_if_asked_for(environment: Environment) -> None:
    assert not environment.is_whole(python="3.13")
    assert not environment.is_whole(gpu=True)
    environment.write_stamp("3.12", gpu=True)
    assert environment.is_whole()
    assert not environment.is_whole(gpu=False)


def test_a_changed_lock_makes_it_stale(environment: Environment) -> None:
    environment.lock(gpu=True).write_text("numpy==2.1\n")
    assert environment.is_whole(), "the lock of the other build doesn't matter"
    environment.lock(gpu=False).write_text("numpy==2.1\n")
    assert not environment.is_whole()


@pytest.mark.parametrize("content", ["", "{", "[]", "null", '{"gpu": false}'])
def test_a_damaged_stamp_is_none(environment: Environment, content: str) -> None:
    environment.stamp.write_text(content)
    assert not environment.is_whole()


def test_it_is_stale_when_its_python_is_gone_or_the_folder_was_moved(environment: Environment) -> None:
    moved = environment.root.with_name("moved")
    shutil.copytree(environment.root, moved)
    assert not Environment(moved).is_whole()
    environment.python.unlink()
    assert not environment.is_whole()


def test_removing_takes_the_stamp_first(environment: Environment, monkeypatch: pytest.MonkeyPatch) -> None:
    """A removal that is stopped half-way must not leave something that looks whole."""

    def stopped(path: str) -> None:
        raise PermissionError(13, "in use", path)

    monkeypatch.setattr(shutil, "rmtree", stopped)
    with pytest.raises(bootstrap.SetupError, match=r"(?s)in use.*Close what still uses it"):
        environment.remove()
    assert environment.folder.exists()
    assert not environment.is_whole()


def test_removing_a_link_leaves_what_it_leads_to(environment: Environment) -> None:
    elsewhere = environment.root / "elsewhere"
    environment.folder.rename(elsewhere)
    environment.folder.symlink_to(elsewhere)
    environment.remove()
    assert not environment.folder.exists()
    assert list(elsewhere.iterdir())


# --- real environments, in a copy of the project whose lock holds two local wheels


@dataclass(frozen=True)
class Started:
    """A running set-up."""

    process: subprocess.Popen[bytes]
    output: Path

    def end(self) -> tuple[int, str]:
        """Wait for its end; return the exit code and all it printed, which is never a traceback."""
        code = self.process.wait(timeout=120)
        output = self.output.read_text(encoding="utf-8")
        assert "Traceback" not in output, output
        return code, output


@dataclass(frozen=True)
class Project:
    """A small project with this one's bootstrap.py, and how to run that."""

    root: Path
    wheels: Path

    @property
    def environment(self) -> Environment:
        return Environment(self.root)

    def variables(self, tool: str) -> dict[str, str]:
        """Environment variables with which installers see the local wheels alone, and uv if it is meant."""
        programs = self.root / f"programs-{tool}"
        programs.mkdir(exist_ok=True)
        if tool == "uv":  # a script, because what is on the path may be a shim that needs other programs
            script = programs / "uv"
            script.write_text(f'#!/bin/sh\nPATH={shlex.quote(os.environ["PATH"])} exec {UV} "$@"\n')
            script.chmod(0o755)
        return {
            **{name: os.environ[name] for name in ("SYSTEMROOT", "TMPDIR", "TEMP") if name in os.environ},
            "PATH": str(programs),
            "HOME": str(self.root),
            "PIP_CONFIG_FILE": os.devnull,
            "PIP_NO_INDEX": "1",
            "PIP_FIND_LINKS": str(self.wheels),
            "UV_NO_CONFIG": "1",
            "UV_OFFLINE": "1",
            "UV_NO_INDEX": "1",
            "UV_FIND_LINKS": str(self.wheels),
            "UV_CACHE_DIR": str(self.root / "cache"),
        }

    def start(self, tool: str, *arguments: str, python: str = sys.executable, **more: str) -> Started:
        """Start set-up in a process group of its own."""
        output = self.root / f"output-{time.monotonic_ns()}.txt"
        with output.open("wb") as file:
            process = subprocess.Popen(
                [python, str(self.root / "helpers/bootstrap.py"), *arguments],
                env={**self.variables(tool), **more},
                stdout=file,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        return Started(process, output)

    def set_up(
        self, tool: str, *arguments: str, python: str = sys.executable, **more: str
    ) -> tuple[int, str]:
        """Run set-up to its end; return the exit code and all it printed."""
        return self.start(tool, *arguments, python=python, **more).end()

    def change_lock(self) -> None:
        """Change the lock, though not what it pins."""
        lock = self.root / "requirements.lock"
        lock.write_text(lock.read_text() + "# changed\n")

    def works(self) -> bool:
        """Whether everything of the lock and the project itself are there, whole and compiled."""
        if not self.environment.is_whole():
            return False
        program = (
            "import pathlib, bulky, flit_core, helpers; folder = pathlib.Path(bulky.__file__).parent;"
            "print(*(len(list(folder.glob(f))) for f in ('*.py', '__pycache__/*.pyc')), helpers.__file__)"
        )
        run = subprocess.run(
            [self.environment.python, "-c", program],
            cwd=self.wheels,
            capture_output=True,
            text=True,
            check=True,
        )
        modules, compiled, helpers = run.stdout.split(maxsplit=2)
        command = self.environment.python.with_name("workshop")
        return (
            int(modules) == int(compiled) == MODULES
            and Path(helpers.strip()).parent == self.root / "helpers"
            and command.with_suffix(".exe" if os.name == "nt" else "").exists()
        )


@pytest.fixture(scope="module")
def wheels(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with two wheels: flit_core, which installs the project, and a bulky one."""
    folder = tmp_path_factory.mktemp("wheels")
    flit = importlib.metadata.distribution("flit_core")
    files = [file for file in flit.files or [] if file.suffix != ".pyc" and ".dist-info" not in str(file)]
    make_wheel(folder, "flit_core", flit.version, {str(file): file.locate().read_bytes() for file in files})
    modules = {f"bulky/module{n}.py": f"number = {n}\n".encode() for n in range(1, MODULES)}
    make_wheel(folder, "bulky", "1.0", {"bulky/__init__.py": b"", **modules})
    return folder


def make_wheel(folder: Path, name: str, version: str, files: Mapping[str, bytes]) -> None:
    """Write a wheel of these files."""
    info = f"{name}-{version}.dist-info"
    files = {
        **files,
        f"{info}/METADATA": f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n".encode(),
        f"{info}/WHEEL": b"Wheel-Version: 1.0\nGenerator: tests\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    with zipfile.ZipFile(folder / f"{name}-{version}-py3-none-any.whl", "w") as wheel:
        record = []
        for path, content in files.items():
            digest = base64.urlsafe_b64encode(hashlib.sha256(content).digest()).rstrip(b"=").decode()
            record.append(f"{path},sha256={digest},{len(content)}\n")
            wheel.writestr(path, content)
        wheel.writestr(f"{info}/RECORD", "".join(record) + f"{info}/RECORD,,\n")


@pytest.fixture
def project(tmp_path: Path, wheels: Path) -> Project:
    root = tmp_path / "a project"  # with a space, as folders of users have
    (root / "helpers").mkdir(parents=True)
    for file in ("pyproject.toml", "README.md", "LICENSE", "helpers/__init__.py", "helpers/bootstrap.py"):
        shutil.copy(ROOT / file, root / file)
    lock = ""
    for wheel in sorted(wheels.glob("*.whl")):
        name, version = wheel.name.split("-")[:2]
        lock += f"{name}=={version} \\\n    --hash=sha256:{hashlib.sha256(wheel.read_bytes()).hexdigest()}\n"
    (root / "requirements.lock").write_text(lock)
    (root / "requirements-gpu.lock").write_text("# with CUDA\n" + lock)
    return Project(root, wheels)


@pytest.fixture
def until() -> Callable[[Callable[[], object]], None]:
    """Wait until something has happened."""

    def wait(happened: Callable[[], object]) -> None:
        deadline = time.monotonic() + 60
        while not happened():
            assert time.monotonic() < deadline, "it never happened"
            time.sleep(0.002)

    return wait


@tools
def test_set_up_makes_a_whole_environment_and_reuses_it(project: Project, tool: str) -> None:
    code, output = project.set_up(tool)
    assert code == 0, output
    assert f"with {tool}" in output
    assert project.works()
    assert not project.environment.scratch.exists()
    (project.environment.folder / "kept").touch()
    assert project.set_up(tool) == (0, "")
    project.change_lock()
    assert project.set_up(tool)[0] == 0
    assert not (project.environment.folder / "kept").exists()
    assert project.works()


@tools
def test_foreign_settings_do_not_lead_the_installation_astray(project: Project, tool: str) -> None:
    """PYTHONPATH may hold copies of what is to be installed, and pip may be told to install elsewhere."""
    elsewhere = project.root / "elsewhere"
    (elsewhere / "bulky").mkdir(parents=True)
    (elsewhere / "bulky-1.0.dist-info").mkdir()
    metadata = "Metadata-Version: 2.1\nName: bulky\nVersion: 1.0\n"
    (elsewhere / "bulky-1.0.dist-info/METADATA").write_text(metadata)
    code, output = project.set_up(tool, PYTHONPATH=str(elsewhere), PIP_TARGET=str(elsewhere), PIP_USER="1")
    assert code == 0, output
    assert project.works()


@tools
@needs_posix
@pytest.mark.parametrize("moment", ["made", "installing"])
@pytest.mark.parametrize("orphans", [False, True], ids=["all-killed", "installer-survives"])
def test_killed_at_any_moment_it_starts_again(
    project: Project, tool: str, moment: str, orphans: bool, until: Callable[[Callable[[], object]], None]
) -> None:
    pattern = "pyvenv.cfg" if moment == "made" else "lib/*/site-packages/bulky/module2*.py"
    process = project.start(tool).process
    until(lambda: any(project.environment.folder.glob(pattern)))
    (os.kill if orphans else os.killpg)(process.pid, signal.SIGKILL)
    process.wait()
    assert not project.environment.is_whole(), "killed too late to prove anything"
    code, output = project.set_up(tool)
    assert code == 0, output
    assert project.works()


@needs_posix
@pytest.mark.parametrize("number", ["SIGINT", "SIGTERM", "SIGHUP"])
@tools
def test_interrupted_it_says_so_and_leaves_no_installer_behind(
    project: Project, tool: str, number: str, until: Callable[[Callable[[], object]], None]
) -> None:
    import fcntl

    signal.signal(signal.SIGINT, signal.default_int_handler)  # background jobs may ignore it
    started = project.start(tool)
    until(project.environment.folder.exists)
    started.process.send_signal(getattr(signal, number))
    code, output = started.end()
    assert (code, "interrupted" in output) == (130, True), output
    assert not project.environment.scratch.exists()
    with (project.root / ".venv.lock").open() as lock:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)  # fails while an installer runs


@tools
@needs_posix
def test_two_at_once_do_not_disturb_each_other(
    project: Project, tool: str, until: Callable[[Callable[[], object]], None]
) -> None:
    first = project.start(tool)
    until(project.environment.folder.exists)
    code, output = project.set_up(tool)
    assert (code, first.end()[0]) == (0, 0)
    assert "Another set-up is at work" in output
    assert "Set-up is done" not in output, "the second one made it again"
    assert project.works()


@tools
def test_run_by_the_very_environment_to_be_replaced(project: Project, tool: str) -> None:
    assert project.set_up(tool)[0] == 0
    project.change_lock()
    if os.name == "nt":
        pytest.skip("Windows doesn't delete a running program")
    code, output = project.set_up(tool, python=str(project.environment.python))
    assert code == 0, output
    assert project.works()


@tools
def test_a_failed_download_is_told_and_repaired_by_running_again(project: Project, tool: str) -> None:
    empty = str(project.root / "helpers")
    code, output = project.set_up(tool, PIP_FIND_LINKS=empty, UV_FIND_LINKS=empty)
    assert code == 1
    assert "check the connection" in output
    assert not project.environment.is_whole()
    assert project.set_up(tool)[0] == 0
    assert project.works()


@tools
def test_a_package_that_is_not_the_pinned_one_is_refused(project: Project, tool: str) -> None:
    lock = project.root / "requirements.lock"
    lock.write_text(lock.read_text().replace("sha256:", "sha256:0000")[:-5] + "\n")
    code, output = project.set_up(tool)
    assert code == 1
    assert "hash" in output.lower()
    assert not project.environment.is_whole()


@needs_uv
def test_the_build_with_cuda_is_kept_until_the_other_is_asked_for(project: Project) -> None:
    if bootstrap.cuda_problem(Machine.here()):
        assert project.set_up("uv", "--gpu")[0] == 1
        return
    for arguments, gpu in [(["--gpu"], True), ([], True), (["--cpu"], False), ([], False)]:
        assert project.set_up("uv", *arguments)[0] == 0
        assert json.loads(project.environment.stamp.read_text())["gpu"] is gpu
    assert project.works()


def change_and_run(project: Project, change: str) -> tuple[int, str]:
    """Run set-up's main function after a statement that changes the conditions it meets."""
    program = f"import sys; sys.path[0] = 'helpers'; import bootstrap; {change}; sys.exit(bootstrap.main())"
    run = subprocess.run(
        [sys.executable, "-c", program],
        cwd=project.root,
        env=project.variables("pip"),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    assert "Traceback" not in run.stdout, run.stdout
    return run.returncode, run.stdout


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ("bootstrap.DISK_GB['pip', 'cpu'] = 10**9", "Too little disk space"),
        ("sys.modules['ensurepip'] = None", "sudo apt install python"),
        ("bootstrap.NEWEST_PYTHON = (3, 10)", "PYTHON=python3.12"),
        ("bootstrap.COMPUTERS = ()", "on another computer"),
    ],
)
def test_what_is_missing_is_told_before_installing_anything(project: Project, change: str, said: str) -> None:
    code, output = change_and_run(project, change)
    assert code == 1
    assert said in output
    assert not project.environment.folder.exists()


def test_a_folder_that_cannot_be_written_to_is_named(project: Project) -> None:
    (project.root / ".venv.lock").mkdir()  # root may write anywhere, but not to this
    code, output = project.set_up("pip")
    assert code == 1
    assert ".venv.lock" in output
    assert "able to write to this folder" in output


def pythons_too_old() -> Iterator[str]:
    """Pythons on this machine that the workshop doesn't run on but that should say so."""
    pyenv = sorted(Path.home().glob(".pyenv/versions/3.*/bin/python3"))
    names = [shutil.which(f"python3.{minor}") for minor in range(6, 11)]
    for python in [*map(str, pyenv), *filter(None, names)]:
        too_old = "import sys; sys.exit(sys.version_info >= (3, 11))"
        if subprocess.call([python, "-c", too_old], stderr=subprocess.DEVNULL) == 0:
            yield python


def test_an_old_python_gets_a_message(project: Project) -> None:
    pythons = list(pythons_too_old())
    if not pythons:
        pytest.skip("there is no old Python here")
    for python in pythons:
        code, output = project.set_up("pip", python=python)
        assert code == 1, output
        assert "too old" in output
        assert "install uv" in output
