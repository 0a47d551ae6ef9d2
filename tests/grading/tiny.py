"""An assignment with two items that are graded in no time: counting parameters, and preparing arrays."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import nbformat
import numpy as np
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from helpers.datasets.npz import write_npz
from helpers.datasets.splits import Split, Splits
from helpers.grading.isolation.processes import ROOT

NAME = "00_tiny"

TOML = """
title = "A tiny assignment"
dataset = "digits"

[limits]
seconds = 60
cell_seconds = 20
evidence_megabytes = 4

[items.count]
title = "Weights and biases"
check = "dense_mnist:ParameterCount"
points = { count = 1 }
hints = ["Gentle.", "Firm.", "Plain."]

[items.prepare]
title = "Arrays"
check = "dense_mnist:Prepare"
points = { images = 1, labels = 1.5 }
hints = ["Gentle.", "Firm.", "Plain."]
"""

COUNT = """
def count_parameters(sizes):
    return sum((values + 1) * units for values, units in zip(sizes[:-1], sizes[1:]))
"""
PREPARE = """
def prepare(images, labels):
    return images[..., np.newaxis].astype("float32") / 255, np.eye(10)[labels]
"""
RIGHT = {"answer-count": COUNT, "answer-prepare": PREPARE}


def source_notebook() -> Any:
    """The instructor's notebook: solutions in it, and every kind of nbgrader's cells that the course has."""
    cells = [
        cell("title", "# Tiny", kind="markdown", locked=True),
        cell(
            "setup",
            "import numpy as np\nfrom helpers.checks import Assignment\nexercise = Assignment()",
            locked=True,
        ),
        cell("answer-count", _solved(COUNT), solution=True),
        new_code_cell("# your own tries"),
        cell("count", 'exercise.check("count", count_parameters)', grade=True, locked=True, points=1),
        cell("answer-prepare", _solved(PREPARE), solution=True),
        cell("prepare", 'exercise.check("prepare", prepare)', grade=True, locked=True, points=2.5),
    ]
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    return new_notebook(cells=cells, metadata={"kernelspec": kernel})


def write_source(folder: Path) -> None:
    """Writes the assignment's source folder."""
    folder.mkdir(parents=True)
    (folder / "assignment.toml").write_text(TOML, encoding="utf-8")
    nbformat.write(source_notebook(), folder / f"{folder.name}.ipynb")


def write_course(folder: Path) -> Path:
    """Writes a course with the assignment and the project's own settings; nothing is generated yet."""
    write_source(folder / "source" / NAME)
    shutil.copy(ROOT / "nbgrader_config.py", folder)
    return folder


def write_data(folder: Path) -> Path:
    """Writes a data folder with a full data set of random digits: 60 to train on, 1,000 to test on."""
    random = np.random.default_rng(3)

    def split(count: int) -> Split:
        labels = random.integers(0, 10, count, dtype=np.int64)
        return Split(random.integers(0, 256, (count, 28, 28), dtype=np.uint8), labels)

    folder.mkdir()
    write_npz(folder / "mnist.npz", Splits(split(60), split(1000)))
    return folder


def released(course: Path) -> Any:
    """The student version, as nbgrader made it."""
    return nbformat.read(course / "release" / NAME / f"{NAME}.ipynb", as_version=4)


def cell_named(notebook: Any, name: str) -> Any:
    """The cell with a grade_id."""
    return next(cell for cell in notebook.cells if cell.metadata.get("nbgrader", {}).get("grade_id") == name)


def submit(course: Path, student: str, notebook: Any) -> Path:
    """Puts a notebook where nbgrader looks for submissions."""
    path = course / "submitted" / student / NAME / f"{NAME}.ipynb"
    path.parent.mkdir(parents=True)
    nbformat.write(notebook, path)
    return path


def _solved(source: str) -> str:
    head, _, body = source.strip().partition("\n")
    return f"{head}\n    ### BEGIN SOLUTION\n{body}\n    ### END SOLUTION"


def cell(
    name: str,
    source: str,
    *,
    kind: str = "code",
    grade: bool = False,
    solution: bool = False,
    locked: bool = False,
    points: float | None = None,
) -> Any:
    role = {
        "grade_id": name,
        "grade": grade,
        "solution": solution,
        "locked": locked,
        "schema_version": 3,
        "task": False,
    }
    if points is not None:
        role["points"] = points
    make = new_code_cell if kind == "code" else new_markdown_cell
    return make(source, metadata={"nbgrader": role})
