"""What surrounds a notebook: a quiet TensorFlow, seeds, a graphics backend that works, and a check of the set-up.

    from helpers import environment

    environment.prepare(seed=1)      # first cell of every lesson
    environment.check()              # does everything work on this computer?

`python -m helpers.environment` runs the same check in a terminal and ends with 1 if something is missing.
"""

from __future__ import annotations

import os
import platform
import random
import shutil
import sys
import tempfile
import tomllib
from collections.abc import Callable
from dataclasses import dataclass
from html import escape
from importlib import metadata
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from helpers.errors import WorkshopError

if TYPE_CHECKING:
    import pandas as pd

ROOT = Path(__file__).resolve().parent.parent
SHOWN_PACKAGES = ("tensorflow", "keras", "numpy", "pandas", "matplotlib", "scipy", "jupyterlab", "nbgrader")
MEMORY_NEEDED = 3.0  # GiB: the most demanding lesson, TensorFlow and JupyterLab together
DISK_NEEDED = 1.0  # GiB: all data sets, downloaded and unpacked

State = Literal["ok", "warning", "problem"]


class EnvironmentProblem(WorkshopError):
    """The computer or its set-up lacks something that the workshop needs."""


# --------------------------------------------------------------------------- before TensorFlow starts


def quiet_tensorflow() -> str:
    """Keep TensorFlow's start-up messages out of the notebook.

    Works through environment variables that TensorFlow reads while it is imported, so call it first.

    Returns:
        An empty string, or one sentence if TensorFlow was imported already and may have spoken.
    """
    os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
    os.environ["TF_ENABLE_ONEDNN_OPTS"] = "0"
    if "tensorflow" in sys.modules:
        return "TensorFlow was imported before; a few of its messages may have appeared. They are harmless."
    return ""


def set_seed(seed: int) -> None:
    """Start Python's, NumPy's and Keras's random numbers from `seed`.

    What this promises: on one computer, with the same package versions, the same cells run in the same
    order draw the same random numbers, so data splits and starting weights repeat exactly.
    What it cannot promise: training that agrees to the last digit. Sums over many threads, other
    processors and other versions round differently, and training magnifies such differences: expect
    accuracies to move by a few tenths of a per cent.

    Args:
        seed: a whole number from 0 to 4294967295 (2³² − 1), NumPy's limit.

    Raises:
        EnvironmentProblem: if the seed is anything else.
    """
    if isinstance(seed, bool) or not isinstance(seed, int) or not 0 <= seed < 2**32:
        raise EnvironmentProblem(
            f"The seed {seed!r} cannot be used. Choose a whole number from 0 to {2**32 - 1}, for example 1."
        )
    quiet_tensorflow()
    import keras
    import numpy as np

    random.seed(seed)
    np.random.seed(seed)
    keras.utils.set_random_seed(seed)


def prepare(seed: int = 1) -> None:
    """Make a notebook ready: quiet TensorFlow, seeded random numbers, figures that everybody can read.

    Prints one line only where something had to be changed, such as a graphics backend that does not work.
    """
    notes = [quiet_tensorflow(), working_backend()]
    set_seed(seed)
    import matplotlib

    from helpers.plotting.style import STYLE

    matplotlib.rcParams.update(STYLE)
    for note in filter(None, notes):
        print(note)


# --------------------------------------------------------------------------- graphics


def in_notebook() -> bool:
    """Whether this process is a notebook's kernel."""
    ipython = sys.modules.get("IPython")
    shell = ipython.get_ipython() if ipython else None
    return hasattr(shell, "kernel")


def working_backend() -> str:
    """Give Matplotlib a backend that works here, whatever MPLBACKEND asks for.

    Falls back to pictures in the notebook ("inline") or, outside notebooks, to drawing into files ("agg").
    Figures that are open stay open.

    Returns:
        An empty string, or one sentence that says what was replaced and why.
    """
    wanted = os.environ.pop("MPLBACKEND", "")
    if not wanted:
        return ""
    from matplotlib import pyplot

    try:
        pyplot.switch_backend(wanted)
    except (ValueError, ImportError, AttributeError, RuntimeError) as error:
        inline = in_notebook() and find_spec("matplotlib_inline") is not None
        fallback = "module://matplotlib_inline.backend_inline" if inline else "agg"
        pyplot.switch_backend(fallback)
        os.environ["MPLBACKEND"] = fallback
        reason = str(error).splitlines()[0].split("; supported values")[0]
        where = "appear in the notebook" if inline else "are drawn without a window"
        return (
            f"Matplotlib cannot use the graphics backend {wanted!r} that MPLBACKEND names ({reason}). "
            f"Figures {where} instead; unset MPLBACKEND to be rid of this message."
        )
    os.environ["MPLBACKEND"] = wanted
    return ""


# --------------------------------------------------------------------------- versions


def versions() -> pd.DataFrame:
    """What a bug report should name: one row per component, columns `component` and `version`."""
    import pandas as pd

    rows = [("Python", platform.python_version()), ("operating system", platform.platform(terse=True))]
    rows += [(name, _installed(name) or "missing") for name in SHOWN_PACKAGES]
    return pd.DataFrame(rows, columns=["component", "version"])


def _installed(name: str) -> str | None:
    """The installed version of a package; TensorFlow may come as its CPU build."""
    for candidate in (name, "tensorflow-cpu") if name == "tensorflow" else (name,):
        try:
            return metadata.version(candidate)
        except metadata.PackageNotFoundError:
            continue
    return None


# --------------------------------------------------------------------------- the check


@dataclass(frozen=True)
class Finding:
    """One line of the report: what was looked at, what was found, and what to do if it is not well."""

    name: str
    state: State
    found: str
    advice: str = ""


@dataclass(frozen=True)
class Report:
    """All findings about this computer. Displays as a table in a notebook, as lines in a terminal."""

    findings: tuple[Finding, ...]

    @property
    def ok(self) -> bool:
        """Whether the workshop can run here; warnings do not stand in its way."""
        return not any(finding.state == "problem" for finding in self.findings)

    @property
    def verdict(self) -> str:
        problems = sum(finding.state == "problem" for finding in self.findings)
        warnings = sum(finding.state == "warning" for finding in self.findings)
        if problems:
            return f"{_count(problems, 'problem')} to solve first: see the advice."
        if warnings:
            return f"The workshop can run here, with {_count(warnings, 'warning')}."
        return "Everything works: you are ready to start."

    def __str__(self) -> str:
        width = max(len(finding.name) for finding in self.findings)
        lines = []
        for finding in self.findings:
            lines.append(f"{_MARKS[finding.state]} {finding.name:<{width}}  {finding.found}")
            if finding.advice:
                lines.append(f"  {'':<{width}}  → {finding.advice}")
        return "\n".join([*lines, self.verdict])

    __repr__ = __str__

    def _repr_html_(self) -> str:
        rows = "".join(
            f"<tr><td>{_MARKS[f.state]} {f.state}</td><th scope='row' style='text-align:left'>{escape(f.name)}</th>"
            f"<td style='text-align:left'>{escape(f.found)}"
            + (f"<br><em>{escape(f.advice)}</em>" if f.advice else "")
            + "</td></tr>"
            for f in self.findings
        )
        return (
            f"<table><caption style='text-align:left'><strong>{escape(self.verdict)}</strong></caption>"
            "<thead><tr><th scope='col'>state</th><th scope='col' style='text-align:left'>what</th>"
            f"<th scope='col' style='text-align:left'>found</th></tr></thead><tbody>{rows}</tbody></table>"
        )


_MARKS: dict[State, str] = {"ok": "✓", "warning": "!", "problem": "✗"}


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"


def check() -> Report:
    """Try out everything that the lessons need and report on it; changes nothing."""
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


def check_python() -> Finding:
    """This Python against pyproject.toml's `requires-python`."""
    found = platform.python_version()
    wanted = _project().get("requires-python", "")
    from packaging.specifiers import SpecifierSet

    if not SpecifierSet(wanted).contains(found, prereleases=True):
        return Finding("Python", "problem", f"{found}, needed: {wanted}", "Run `make lab`; it says which Python to get.")
    return Finding("Python", "ok", found)


def check_packages() -> Finding:
    """The installed packages against pyproject.toml's dependencies."""
    from packaging.requirements import Requirement

    wrong, count = [], 0
    for line in _project().get("dependencies", []):
        requirement = Requirement(line)
        if requirement.marker is not None and not requirement.marker.evaluate():
            continue
        count += 1
        name = requirement.name.removesuffix("-cpu")
        found = _installed(name)
        if found is None:
            wrong.append(f"{name} is missing")
        elif not requirement.specifier.contains(found, prereleases=True):
            wrong.append(f"{name} {found} (needed: {requirement.specifier})")
    if wrong:
        return Finding(
            "packages", "problem", "; ".join(wrong), "Run `make lab`: it installs the versions in requirements.lock."
        )
    return Finding("packages", "ok", f"{_count(count, 'package')} as needed, TensorFlow {_installed('tensorflow')}")


def check_processor() -> Finding:
    """How many processor cores this process may use."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    found = f"{_count(cores, 'core')}, {platform.machine()}"
    if cores < 2:
        return Finding("processor", "warning", found, "Training takes about twice the time that the lessons state.")
    return Finding("processor", "ok", found)


def check_memory() -> Finding:
    """Memory that is free now, in GiB; the lessons need about 3."""
    free = _free_memory()
    if free is None:
        return Finding("memory", "ok", "not known on this system")
    found = f"{free:.1f} GiB free"
    if free < MEMORY_NEEDED:
        advice = f"The lessons need about {MEMORY_NEEDED:.0f} GiB: close other programs and unused notebooks."
        return Finding("memory", "warning", found, advice)
    return Finding("memory", "ok", found)


def check_tensorflow() -> Finding:
    """Import TensorFlow and multiply two small matrices with it."""
    quiet_tensorflow()
    advice = "Run `make lab` again; if it stays, see “TensorFlow does not start” in README.md."
    try:
        import tensorflow as tf

        total = float(tf.reduce_sum(tf.matmul(tf.ones((3, 4)), tf.ones((4, 5)))))
    except Exception as error:  # whatever goes wrong in there is what the report is for
        return Finding("TensorFlow", "problem", f"does not start: {_first_line(error)}", advice)
    if total != 60:
        return Finding("TensorFlow", "problem", f"computed {total} where 60 is right", advice)
    devices = len(tf.config.list_physical_devices("GPU"))
    return Finding("TensorFlow", "ok", f"computes on {_count(devices, 'GPU') if devices else 'the processor'}")


def check_graphics() -> Finding:
    """Draw a small figure the way the lessons do."""
    note = working_backend()
    try:
        from helpers.plotting import image_grid

        size = len(image_grid([[[0.0, 1.0], [1.0, 0.0]]], title="Check").png)
    except Exception as error:
        return Finding("graphics", "problem", f"no figure: {_first_line(error)}", "Run `make lab` again.")
    if note:
        return Finding("graphics", "warning", note)
    return Finding("graphics", "ok", f"a figure of {size / 1000:.0f} kB was drawn")


def check_data_folder() -> Finding:
    """Write and remove a file in the folder for data sets, and look at the space that is left there."""
    from helpers.datasets.folder import data_folder

    folder = data_folder()
    advice = "Set the environment variable WORKSHOP_DATA_DIR to a folder of your own, then start again."
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder) as file:
            file.write(b"x")
    except OSError as error:
        return Finding("data folder", "problem", f"{folder} cannot be written: {error.strerror or error}", advice)
    free = shutil.disk_usage(folder).free / 2**30
    if free < DISK_NEEDED:
        more = f"The full data sets need about {DISK_NEEDED:.0f} GiB; the bundled ones work with less."
        return Finding("data folder", "warning", f"{folder}, {free:.1f} GiB free", more)
    return Finding("data folder", "ok", f"{folder}, {free:.0f} GiB free")


def check_kernel() -> Finding:
    """Whether this is a notebook, and whether it runs in the workshop's own environment."""
    own = ROOT / ".venv"
    inside = Path(sys.prefix).resolve() == own.resolve()
    where = "notebook kernel" if in_notebook() else "no notebook (a terminal)"
    if own.is_dir() and not inside:
        advice = "In JupyterLab choose Kernel → Change Kernel…, or start it with `make lab`."
        return Finding("kernel", "warning", f"{where} of {sys.prefix}, not of this folder's .venv", advice)
    return Finding("kernel", "ok", f"{where}, {'.venv' if inside else sys.prefix}")


def _project() -> dict[str, object]:
    """The [project] table of pyproject.toml, which names what is needed once for everybody."""
    file = ROOT / "pyproject.toml"
    if not file.is_file():
        raise EnvironmentProblem(f"{file} is missing. Unpack the workshop again: the set-up needs this file.")
    return tomllib.loads(file.read_text(encoding="utf-8"))["project"]


def _free_memory() -> float | None:
    """Free memory in GiB, or None where the system does not tell."""
    try:
        import psutil
    except ImportError:
        return None
    return float(psutil.virtual_memory().available) / 2**30


def _first_line(error: Exception) -> str:
    return (str(error).strip() or type(error).__name__).splitlines()[0]


def main() -> int:
    """Print the report; 0 if the workshop can run here, otherwise 1."""
    report = check()
    print(report)
    return 0 if report.ok else 1


if __name__ == "__main__":
    raise SystemExit(main())
