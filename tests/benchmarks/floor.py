"""The least that a class can cost: its notebooks' own cells, computed in forks of a process that is warm.

    python -m tests.benchmarks.floor FOLDER ASSIGNMENT

No kernel, no sandbox, no checks, nothing recorded: what is left is the students' own computing, most of it
training, on one core each. Prints its processor seconds, summed over FOLDER/submitted. A submission is ended
after two minutes.
"""

from __future__ import annotations

import contextlib
import os
import resource
import shutil
import signal
import sys
import tempfile
from pathlib import Path
from typing import Any

from helpers.environment.preparing import quiet_tensorflow, uncollected
from helpers.grading.isolation.processes import FIXED_VARIABLES

_SECONDS = 120


def main(folder: str, assignment: str) -> None:
    """Computes each submission and prints the sum."""
    os.environ.update(FIXED_VARIABLES)
    import nbformat

    with uncollected():  # as in a warm sandbox
        quiet_tensorflow()
        import keras  # noqa: F401
        import matplotlib.pyplot
        from IPython.core.interactiveshell import InteractiveShell  # noqa: F401

    matplotlib.pyplot.switch_backend("agg")
    before = _spent()
    for path in sorted(Path(folder, "submitted").glob(f"*/{assignment}/*.ipynb")):
        notebook = nbformat.read(path, as_version=4)
        own = [
            cell.source
            for cell in notebook.cells
            if cell.cell_type == "code" and not cell.metadata.get("nbgrader", {}).get("grade")
        ]
        with tempfile.TemporaryDirectory() as place:
            shutil.copytree(path.parent, place, dirs_exist_ok=True)
            for given in Path(folder, "release", assignment).glob("*.toml"):
                shutil.copy(given, place)
            _compute(own, Path(place))
    print(f"{_spent() - before:.2f}")


def _spent() -> float:
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    return children.ru_utime + children.ru_stime


def _compute(cells: list[Any], folder: Path) -> None:
    """Runs cells in a fork, whatever becomes of them."""
    child = os.fork()
    if child:
        os.waitpid(child, 0)
        return
    with contextlib.suppress(BaseException):
        signal.signal(signal.SIGALRM, signal.SIG_DFL)
        signal.alarm(_SECONDS)
        silence = os.open(os.devnull, os.O_WRONLY)
        os.dup2(silence, 1)
        os.dup2(silence, 2)
        os.chdir(folder)
        from IPython.core.interactiveshell import InteractiveShell

        shell = InteractiveShell.instance()
        for cell in cells:
            shell.run_cell(cell)
    os._exit(0)


if __name__ == "__main__":
    main(*sys.argv[1:])
