"""A course of one small assignment, written to a folder: no network, no training, released in a second."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import nbformat
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

NAME = "07_counting"
SPECIFICATION = """
title = "Counting"
dataset = "digits"

[items.count]
title = "Weights and biases"
check = "dense_mnist:ParameterCount"
points = { count = 2 }
hints = ["Take a small one.", "Each unit has a bias.", "Add up pairs."]
"""
SOLUTION = """def count_parameters(sizes):
    ### BEGIN SOLUTION
    return sum((a + 1) * b for a, b in zip(sizes[:-1], sizes[1:]))
    ### END SOLUTION"""


def role(grade_id: str, **more: Any) -> dict[str, Any]:
    """nbgrader's metadata of a read-only cell, or of another one."""
    own = {
        "grade": False,
        "grade_id": grade_id,
        "locked": True,
        "schema_version": 3,
        "solution": False,
        "task": False,
    }
    return {"nbgrader": {**own, **more}}


def notebook() -> Any:
    """The source notebook: set-up, one answer, one check."""
    return new_notebook(
        cells=[
            new_markdown_cell("# Counting", id="title", metadata=role("title")),
            new_code_cell(
                "from helpers.checks import Assignment\n\nexercise = Assignment()",
                id="setup",
                metadata=role("setup"),
            ),
            new_code_cell(
                SOLUTION, id="answer-count", metadata=role("answer-count", locked=False, solution=True)
            ),
            new_code_cell("count_parameters([2, 3, 1])", id="try-count"),
            new_code_cell(
                'exercise.check("count", count_parameters)',
                id="check-count",
                metadata=role("count", grade=True, points=2),
            ),
        ],
        metadata={
            "kernelspec": {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}
        },
    )


def write(course: Path, cells: Any = None, specification: str = SPECIFICATION, name: str = NAME) -> Path:
    """Writes source/NAME of a course and returns that folder."""
    folder = course / "source" / name
    folder.mkdir(parents=True, exist_ok=True)
    nbformat.write(cells if cells is not None else notebook(), folder / f"{name}.ipynb")
    (folder / "assignment.toml").write_text(specification, encoding="utf-8")
    return folder


def cell(book: Any, name: str) -> Any:
    """The cell of a notebook with an id."""
    return next(one for one in book.cells if one.id == name)
