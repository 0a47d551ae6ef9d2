"""Sanitising a submission: its cells are made anew from what counts, the rest comes from the gradebook."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nbgrader.api import Gradebook
from nbgrader.preprocessors import NbGraderPreprocessor

from helpers.grading.databases import close_connections
from helpers.grading.errors import GradingError
from helpers.grading.preprocessors.course import source_folder, submitted_folder

RESTORED = "workshop"
"""The entry of a notebook's metadata that says what became of it while it was graded."""

_SCHEMA_VERSION = 3


@dataclass(frozen=True)
class Original:
    """A cell that the gradebook knows, as it was released.

    kind:   "code" or "markdown".
    source: its text; of an answer's cell, the stub.
    role:   its nbgrader metadata, complete.
    """

    name: str
    kind: str
    source: str
    locked: bool
    role: Mapping[str, Any]

    @property
    def is_answer(self) -> bool:
        """Whether it is there for the student to write in, and carries no points of its own."""
        return bool(self.role["solution"]) and not self.role["grade"]


class RestoreCells(NbGraderPreprocessor):
    """Gives a submission its shape back before it runs.

    Of each cell only its text stays: tags and metadata can steer an execution (skip this cell, expect an
    error), and stored outputs can pretend one. The cells that the gradebook knows get their roles and points,
    those that are locked get their text; what is missing comes back, what was moved goes to its place, and of
    copies of one cell only the last counts. Replaces ClearOutput, DeduplicateIds and OverwriteCells.
    """

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        close_connections()

    def preprocess(self, nb: Any, resources: Any) -> tuple[Any, Any]:
        about = resources["nbgrader"]
        folder = source_folder(self, about["assignment"])
        _refuse_link(submitted_folder(self, about["student"], about["assignment"]), about["notebook"])
        originals = originals_of(about["db_url"], about["assignment"], about["notebook"], folder)
        changes = restore(nb, originals)
        for change in changes:
            self.log.warning("%s, %s: %s", about["student"], about["notebook"], change)
        if changes:
            nb.metadata[RESTORED] = {"restored": changes}
        return nb, resources


def originals_of(address: str, assignment: str, notebook: str, folder: Path) -> tuple[Original, ...]:
    """The cells of a notebook that the gradebook at an address knows.

    folder: where the assignment's source lies, which has the cells in their order.
    """
    order = names_in(folder / f"{notebook}.ipynb")
    with Gradebook(address) as gradebook:
        return tuple(read_originals(gradebook, assignment, notebook, order))


def read_originals(gradebook: Any, assignment: str, notebook: str, order: Sequence[str]) -> list[Original]:
    """The cells that the gradebook knows of a notebook, in the order of its source."""
    known = gradebook.find_notebook(notebook, assignment)
    points = {cell.name: cell.max_score for cell in (*known.grade_cells, *known.task_cells)}
    graded = {cell.name for cell in known.grade_cells}
    tasks = {cell.name for cell in known.task_cells}
    answers = {cell.name for cell in known.solution_cells}
    originals = []
    for cell in known.source_cells:
        role = {
            "grade_id": cell.name,
            "grade": cell.name in graded,
            "solution": cell.name in answers,
            "task": cell.name in tasks,
            "locked": cell.locked,
            "cell_type": cell.cell_type,
            "schema_version": _SCHEMA_VERSION,
        }
        if cell.name in points:
            role["points"] = points[cell.name]
        if cell.checksum:
            role["checksum"] = cell.checksum
        originals.append(Original(cell.name, cell.cell_type, cell.source or "", cell.locked, role))
    places = {name: place for place, name in enumerate(order)}
    return sorted(originals, key=lambda one: places.get(one.name, len(places)))


def restore(notebook: Any, originals: Sequence[Original]) -> list[str]:
    """Restores a notebook in place; says in sentences what a student's editor wouldn't have done."""
    known = {original.name: original for original in originals}
    names = _last_of_each([_name_of(cell, known) for cell in notebook.cells])
    changes = []
    cells = []
    for cell, name in zip(notebook.cells, names, strict=True):
        original = known.get(name) if name else None
        if original and original.locked and original.source != cell.source:
            changes.append(f"the text of the cell {name} had been changed; it is restored")
        cells.append(_fresh(cell, original))
    cells, moved = _in_order(cells, names, list(known))
    if moved:
        changes.append("cells had been moved; they are back in their order")
    for original in originals:
        if original.name not in names and not original.is_answer:
            _insert(cells, original, list(known))
            changes.append(f"the cell {original.name} was missing; it is back")
    for place, cell in enumerate(cells):
        cell.id = f"cell-{place}"  # not a random one: the same submission is the same notebook again
    notebook.cells = cells
    notebook.metadata = _notebook_metadata(notebook.metadata)
    return changes


def _refuse_link(folder: Path, notebook: str) -> None:
    path = folder / f"{notebook}.ipynb"
    if path.is_symlink():
        raise GradingError(f"{path.name} is a link, not a file: what it leads to isn't the student's work.")


def names_in(path: Path) -> list[str]:
    """The names of the cells of a source notebook, in order; [] where it isn't there any more."""
    import nbformat

    if not path.is_file():
        return []
    notebook = nbformat.read(path, as_version=4)
    return [cell.metadata.get("nbgrader", {}).get("grade_id", "") for cell in notebook.cells]


def _name_of(cell: Any, known: Mapping[str, Original]) -> str:
    role = cell.get("metadata", {}).get("nbgrader")
    name = role.get("grade_id") if isinstance(role, dict) else None
    return name if isinstance(name, str) and name in known else ""


def _last_of_each(names: Sequence[str]) -> list[str]:
    last = {name: place for place, name in enumerate(names)}
    return [name if last[name] == place else "" for place, name in enumerate(names)]


def _fresh(cell: Any, original: Original | None) -> Any:
    """A new cell with the text that counts, and nothing else of the old one."""
    kind = original.kind if original else cell.cell_type
    source = original.source if original and original.locked else cell.source
    fresh = _new_cell(kind, source, {"nbgrader": dict(original.role)} if original else {})
    if not original and kind == "markdown" and "attachments" in cell:
        fresh["attachments"] = cell.attachments
    return fresh


def _new_cell(kind: str, source: str, metadata: Mapping[str, Any]) -> Any:
    """As nbformat's functions make one, but not yet validated, which the whole notebook will be at once."""
    from nbformat import from_dict

    known = kind if kind in ("code", "markdown") else "raw"
    own: dict[str, Any] = {"execution_count": None, "outputs": []} if kind == "code" else {}
    return from_dict({"id": "", "cell_type": known, "metadata": metadata, "source": source, **own})


def _in_order(cells: list[Any], names: Sequence[str], order: Sequence[str]) -> tuple[list[Any], bool]:
    """The known cells in their order, on the places where known cells are; others stay where they are."""
    places = [place for place, name in enumerate(names) if name]
    sorted_places = sorted(places, key=lambda place: order.index(names[place]))
    result = list(cells)
    for to, source in zip(places, sorted_places, strict=True):
        result[to] = cells[source]
    return result, places != sorted_places


def _insert(cells: list[Any], original: Original, order: Sequence[str]) -> None:
    """Puts a missing cell behind the nearest of those before it; at the start if there is none."""
    before = set(order[: order.index(original.name)])
    names = [cell.metadata.get("nbgrader", {}).get("grade_id") for cell in cells]
    place = max((index for index, name in enumerate(names) if name in before), default=-1)
    cells.insert(place + 1, _fresh(_new_cell(original.kind, original.source, {}), original))


def _notebook_metadata(metadata: Any) -> Any:
    from nbformat import from_dict

    return from_dict({"kernelspec": metadata["kernelspec"]} if "kernelspec" in metadata else {})
