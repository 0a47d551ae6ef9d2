"""A submission gets its shape back, whatever was done to the notebook file."""

from __future__ import annotations

from typing import Any

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_output

from helpers.grading.preprocessors.restore_cells import Original, restore
from tests.grading import tiny


@pytest.fixture
def notebook() -> Any:
    return tiny.source_notebook()


@pytest.fixture
def originals(notebook: Any) -> list[Original]:
    """The cells as the gradebook has them."""
    known = []
    for cell in notebook.cells:
        if "nbgrader" in cell.metadata:
            role = {**cell.metadata.nbgrader, "cell_type": cell.cell_type}
            known.append(Original(role["grade_id"], cell.cell_type, cell.source, role["locked"], role))
    return known


def names(notebook: Any) -> list[str]:
    return [cell.metadata.get("nbgrader", {}).get("grade_id", "·") for cell in notebook.cells]


def sources(notebook: Any) -> list[str]:
    return [cell.source for cell in notebook.cells]


def test_an_honest_notebook_stays_as_it_is(notebook: Any, originals: list[Original]) -> None:
    before = sources(notebook), names(notebook)
    assert restore(notebook, originals) == []
    assert (sources(notebook), names(notebook)) == before
    nbformat.validate(notebook)


def test_answers_and_a_students_own_cells_keep_their_text(notebook: Any, originals: list[Original]) -> None:
    tiny.cell_named(notebook, "answer-count").source = "mine"
    notebook.cells.append(new_code_cell("my own"))
    assert restore(notebook, originals) == []
    assert tiny.cell_named(notebook, "answer-count").source == "mine"
    assert notebook.cells[-1].source == "my own"


def test_tags_outputs_and_all_metadata_but_nbgraders_are_dropped(
    notebook: Any, originals: list[Original]
) -> None:
    for cell in notebook.cells:
        cell.metadata["tags"] = ["skip-execution", "raises-exception"]
        cell.metadata["anything"] = {"nested": True}
        if cell.cell_type == "code":
            cell.outputs = [new_output("execute_result", data={"text/plain": "1000"}, execution_count=1)]
            cell.execution_count = 1
    notebook.metadata["widgets"] = {"application/x": {}}
    restore(notebook, originals)
    assert all(set(cell.metadata) <= {"nbgrader"} for cell in notebook.cells)
    assert all(not cell.outputs for cell in notebook.cells if cell.cell_type == "code")
    assert set(notebook.metadata) == {"kernelspec"}


def test_a_changed_check_is_restored(notebook: Any, originals: list[Original]) -> None:
    tiny.cell_named(notebook, "count").source = "1000"
    changes = restore(notebook, originals)
    assert tiny.cell_named(notebook, "count").source == 'exercise.check("count", count_parameters)'
    assert changes == ["the text of the cell count had been changed; it is restored"]


def test_points_roles_and_types_come_from_the_gradebook(notebook: Any, originals: list[Original]) -> None:
    role = tiny.cell_named(notebook, "count").metadata.nbgrader
    role.update(points=1000, solution=True, schema_version=1, extra="x")
    tiny.cell_named(notebook, "answer-prepare").metadata.nbgrader.update(grade=True, points=50)
    tiny.cell_named(notebook, "prepare").cell_type = "raw"
    restore(notebook, originals)
    assert tiny.cell_named(notebook, "count").metadata.nbgrader == {**originals[3].role}
    assert not tiny.cell_named(notebook, "answer-prepare").metadata.nbgrader.grade
    assert tiny.cell_named(notebook, "prepare").cell_type == "code"


@pytest.mark.parametrize(
    "forged",
    [
        {"grade_id": "bonus", "grade": True, "points": 9},
        {"grade_id": ["count"]},
        {"grade_id": None},
        {},
        "x",
        [1],
    ],
)
def test_cells_that_the_gradebook_doesnt_know_have_no_role(
    notebook: Any, originals: list[Original], forged: Any
) -> None:
    notebook.cells.append(new_code_cell("x", metadata={"nbgrader": forged}))
    restore(notebook, originals)
    assert "nbgrader" not in notebook.cells[-1].metadata


def test_of_copies_of_a_cell_only_the_last_counts(notebook: Any, originals: list[Original]) -> None:
    check = tiny.cell_named(notebook, "count")
    notebook.cells.insert(2, new_code_cell("mine", metadata=dict(check.metadata)))
    restore(notebook, originals)
    assert names(notebook).count("count") == 1
    assert notebook.cells[2].source == "mine"


@pytest.mark.parametrize("missing", ["title", "setup", "count", "prepare"])
def test_a_missing_cell_comes_back_to_its_place(
    notebook: Any, originals: list[Original], missing: str
) -> None:
    complete = [name for name in names(notebook) if name != "·"]
    notebook.cells = [cell for cell in notebook.cells if cell is not tiny.cell_named(notebook, missing)]
    assert restore(notebook, originals) == [f"the cell {missing} was missing; it is back"]
    assert [name for name in names(notebook) if name != "·"] == complete


def test_all_of_them_come_back_to_an_empty_notebook(notebook: Any, originals: list[Original]) -> None:
    notebook.cells = []
    restore(notebook, originals)
    assert names(notebook) == ["title", "setup", "count", "prepare"]


def test_cells_that_were_moved_go_back_and_a_students_own_stay(
    notebook: Any, originals: list[Original]
) -> None:
    order = names(notebook)
    own = order.index("·")
    notebook.cells[1], notebook.cells[-1] = notebook.cells[-1], notebook.cells[1]
    assert "cells had been moved; they are back in their order" in restore(notebook, originals)
    assert names(notebook) == order
    assert notebook.cells[own].source == "# your own tries"


def test_the_same_submission_is_the_same_notebook_again(notebook: Any, originals: list[Original]) -> None:
    other = tiny.source_notebook()
    restore(notebook, originals)
    restore(other, originals)
    assert nbformat.writes(notebook) == nbformat.writes(other)
