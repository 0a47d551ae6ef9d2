"""The check of the set-up: tries out everything that the lessons need, and reports what it found."""

from __future__ import annotations

import os
import platform
import shutil
import sys
import tempfile
import tomllib
from collections.abc import Callable
from dataclasses import dataclass
from html import escape
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from helpers.environment.graphics import in_notebook, working_backend
from helpers.environment.preparing import EnvironmentProblem, quiet_tensorflow

if TYPE_CHECKING:
    import pandas as pd

ROOT = Path(__file__).resolve().parents[2]
SHOWN_PACKAGES = ("tensorflow", "keras", "numpy", "pandas", "matplotlib", "scipy", "jupyterlab", "nbgrader")
MEMORY_NEEDED = 3.0  # GiB: TensorFlow, JupyterLab and a browser with one lesson open
DISK_NEEDED = 0.5  # GiB: all data sets, while they are downloaded and unpacked
GIB = 2**30

State = Literal["ok", "warning", "problem"]
MARKS: dict[State, str] = {"ok": "✓", "warning": "!", "problem": "✗"}


@dataclass(frozen=True)
class Finding:
    """One line of the report: what was looked at, what was found, and what to do if it is not well."""

    name: str
    state: State
    found: str
    advice: str = ""


@dataclass(frozen=True, repr=False)
class Report:
    """All findings about this computer. Displays as a table in a notebook, as lines in a terminal."""

    findings: tuple[Finding, ...]

    @property
    def ok(self) -> bool:
        """Whether the workshop can run here; warnings do not stand in its way."""
        return not self._count("problem")

    @property
    def verdict(self) -> str:
        """The report in one sentence."""
        problems, warnings = self._count("problem"), self._count("warning")
        if problems:
            return f"{_counted(problems, 'problem')} to solve first: see the advice."
        if warnings:
            return f"The workshop can run here, with {_counted(warnings, 'warning')}."
        return "Everything works: you are ready to start."

    def _count(self, state: State) -> int:
        return sum(finding.state == state for finding in self.findings)

    def __repr__(self) -> str:
        width = max(len(finding.name) for finding in self.findings)
        lines = []
        for finding in self.findings:
            lines.append(f"{MARKS[finding.state]} {finding.name:<{width}}  {finding.found}")
            if finding.advice:
                lines.append(f"  {'':<{width}}  → {finding.advice}")
        return "\n".join([*lines, self.verdict])

    def _repr_html_(self) -> str:
        left = "style='text-align: left'"
        rows = "".join(
            f"<tr><td {left}>{MARKS[finding.state]} {finding.state}</td>"
            f"<th scope='row' {left}>{escape(finding.name)}</th><td {left}>{escape(finding.found)}"
            + (f"<br><em>{escape(finding.advice)}</em>" if finding.advice else "")
            + "</td></tr>"
            for finding in self.findings
        )
        head = "".join(f"<th scope='col' {left}>{title}</th>" for title in ("state", "what", "found"))
        return (
            f"<table><caption {left}><strong>{escape(self.verdict)}</strong></caption>"
            f"<thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>"
        )


def check() -> Report:
    """Try out everything that the lessons need. Creates the folder for data sets if it is missing."""
    looks: tuple[Callable[[], Finding], ...] = (
        check_python,
        check_packages,
        check_processor,
        check_memory,
        check_tensorflow,
        check_graphics,
        check_data_folder,
        check_kernel,
    )
    return Report(tuple(look() for look in looks))


def versions() -> pd.DataFrame:
    """What a bug report should name: a row for each component, with the columns `component` and `version`."""
    import pandas as pd

    rows = [("Python", platform.python_version()), ("system", f"{platform.system()}, {platform.machine()}")]
    rows += [(name, installed_version(name) or "missing") for name in SHOWN_PACKAGES]
    return pd.DataFrame(rows, columns=["component", "version"])


def installed_version(name: str) -> str | None:
    """The version of an installed package, or None; TensorFlow may be there as its CPU build."""
    for candidate in (name, "tensorflow-cpu") if name == "tensorflow" else (name,):
        try:
            return metadata.version(candidate)
        except metadata.PackageNotFoundError:
            continue
    return None


# --------------------------------------------------------------------------- what is looked at


def check_python() -> Finding:
    """This Python against pyproject.toml's `requires-python`."""
    from packaging.specifiers import SpecifierSet

    found, wanted = platform.python_version(), str(_project()["requires-python"])
    if not SpecifierSet(wanted).contains(found, prereleases=True):
        advice = "Run `make lab`; it says which Python to get."
        return Finding("Python", "problem", f"{found}, but {wanted} is needed", advice)
    return Finding("Python", "ok", found)


def check_packages() -> Finding:
    """The installed packages against pyproject.toml: its dependencies, and the version of TensorFlow."""
    from packaging.requirements import Requirement

    project = _project()
    needed = [
        Requirement(line) for line in (*project["dependencies"], *project["optional-dependencies"]["cpu"])
    ]
    here = [one for one in needed if one.marker is None or one.marker.evaluate()]
    wrong = []
    for requirement in here:
        name = requirement.name.removesuffix("-cpu")  # any build of TensorFlow will do
        found = installed_version(name)
        if found is None:
            wrong.append(f"{name} is missing")
        elif not requirement.specifier.contains(found, prereleases=True):
            wrong.append(f"{name} is {found}, but {requirement.specifier} is needed")
    if wrong:
        advice = "Run `make lab`: it installs the versions that requirements.lock names."
        return Finding("packages", "problem", "; ".join(wrong), advice)
    return Finding(
        "packages", "ok", f"all {len(here)} as needed, TensorFlow {installed_version('tensorflow')}"
    )


def check_processor() -> Finding:
    """How many processor cores this process may use."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    found = f"{_counted(cores, 'core')}, {platform.machine()}"
    if cores < 2:
        return Finding(
            "processor", "warning", found, "Training takes about twice the time that lessons state."
        )
    return Finding("processor", "ok", found)


def check_memory() -> Finding:
    """Memory that is free now, in GiB."""
    free = _free_memory()
    if free is None:
        return Finding("memory", "ok", "not known on this system")
    if free < MEMORY_NEEDED:
        advice = f"The lessons need about {MEMORY_NEEDED:g} GiB: close other programs and notebooks."
        return Finding("memory", "warning", f"{free:.1f} GiB free", advice)
    return Finding("memory", "ok", f"{free:.1f} GiB free")


def check_tensorflow() -> Finding:
    """Import TensorFlow and multiply two small matrices with it."""
    advice = "Run `make lab` again. If that does not help, show this report to your instructor."
    try:
        quiet_tensorflow()
        import tensorflow as tf

        total = float(tf.reduce_sum(tf.matmul(tf.ones((3, 4)), tf.ones((4, 5)))))
        gpus = len(tf.config.list_physical_devices("GPU"))
    except Exception as error:  # whatever goes wrong in there is what the report is for
        return Finding("TensorFlow", "problem", f"does not start: {_first_line(error)}", advice)
    if total != 60:
        return Finding("TensorFlow", "problem", f"computed {total:g} where 60 is right", advice)
    return Finding("TensorFlow", "ok", f"computes on {_counted(gpus, 'GPU') if gpus else 'the processor'}")


def check_graphics() -> Finding:
    """Draw a small figure the way the lessons do."""
    note = working_backend()
    try:
        from helpers.plotting import image_grid

        size = len(image_grid([[0.0, 1.0], [1.0, 0.0]], title="Check").png)
    except Exception as error:
        return Finding("graphics", "problem", f"no figure: {_first_line(error)}", "Run `make lab` again.")
    if note:
        return Finding("graphics", "warning", "a figure could be drawn", note)
    return Finding("graphics", "ok", f"a figure of {size / 1000:.1f} kB was drawn")


def check_data_folder() -> Finding:
    """Write a file in the folder for data sets and remove it; and look at the space that is left."""
    from helpers.datasets.folder import data_folder

    folder = data_folder()
    name = f"{folder.relative_to(ROOT).as_posix()}/" if folder.is_relative_to(ROOT) else str(folder)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder) as file:
            file.write(b"x")
        free = shutil.disk_usage(folder).free / GIB
    except OSError as error:
        advice = "Set the environment variable WORKSHOP_DATA_DIR to a folder of your own and start again."
        return Finding("data folder", "problem", f"{name} takes no files: {error.strerror or error}", advice)
    if free < DISK_NEEDED:
        advice = f"The full data sets need about {DISK_NEEDED:g} GiB; the bundled ones need far less."
        return Finding("data folder", "warning", f"{name} with {free:.1f} GiB free", advice)
    return Finding("data folder", "ok", f"{name} with {free:.0f} GiB free")


def check_kernel() -> Finding:
    """Whether this is a notebook, and whether it runs in the workshop's own environment."""
    own = ROOT / ".venv"
    kind = "a notebook's kernel" if in_notebook() else "no notebook, a terminal"
    if Path(sys.prefix).resolve() == own.resolve():
        return Finding("kernel", "ok", f"{kind}, in .venv")
    if own.is_dir():
        advice = "In JupyterLab choose Kernel → Change Kernel…, or start it with `make lab`."
        return Finding("kernel", "warning", f"{kind}, in {sys.prefix} instead of .venv", advice)
    return Finding("kernel", "ok", f"{kind}, in {sys.prefix}")


def _project() -> dict[str, Any]:
    """The [project] table of pyproject.toml, which says once for everybody what is needed."""
    file = ROOT / "pyproject.toml"
    try:
        return dict(tomllib.loads(file.read_text(encoding="utf-8"))["project"])
    except (OSError, tomllib.TOMLDecodeError, KeyError) as error:
        raise EnvironmentProblem(
            f"{file.name} cannot be read ({error}). It says which packages are needed: unpack the workshop "
            "again."
        ) from error


def _free_memory() -> float | None:
    """Free memory in GiB, or None where it cannot be known."""
    try:
        import psutil  # type: ignore[import-untyped]
    except ImportError:
        return None
    return float(psutil.virtual_memory().available) / GIB


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"


def _first_line(error: Exception) -> str:
    return (str(error).strip() or type(error).__name__).splitlines()[0]
