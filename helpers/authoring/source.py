"""source/NN_topic/: the one notebook of an assignment that is edited by hand, read and checked as a whole.

What nbgrader would find only while it converts, or not at all, is found here, with the cell's name: a check
without its item, points that differ, solution markers that don't match, outputs that give solutions away.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from helpers.authoring.errors import SourceError
from helpers.checks.items import item_for
from helpers.checks.specification import FILE_NAME, AssignmentSpecification, read

BEGIN, END = "### BEGIN SOLUTION", "### END SOLUTION"
_MARKERS = ("BEGIN SOLUTION", "END SOLUTION")
_NOT_USED_HERE = ("BEGIN HIDDEN TESTS", "BEGIN MARK SCHEME", "AUTOTEST")
_SCHEMA_VERSION = 3
_CHECK = re.compile(r'exercise\.check\("(?P<item>[^"]+)", [^\n]+\)')
_GRADE_ID = re.compile(r"[A-Za-z0-9_-]+")


@dataclass(frozen=True)
class Source:
    """One assignment as its author wrote it.

    notebook:   the parsed notebook (nbformat 4), solutions included.
    companions: its other files by name relative to the folder, assignment.toml among them.
    """

    folder: Path
    notebook: Any
    companions: dict[str, bytes]
    specification: AssignmentSpecification

    @property
    def name(self) -> str:
        """The assignment's name, e.g. "01_dense_mnist": that of its folder and its notebook."""
        return self.folder.name

    @property
    def notebook_name(self) -> str:
        """The notebook's file name."""
        return f"{self.name}.ipynb"


def assignment_names(course: Path) -> list[str]:
    """The names of all assignments that have a folder in source/, in order."""
    folder = course / "source"
    if not folder.is_dir():
        raise SourceError(f"There is no folder {folder}. Run this in the project's own folder.")
    return sorted(path.name for path in folder.iterdir() if (path / FILE_NAME).is_file())


def chosen_names(course: Path, wanted: list[str]) -> list[str]:
    """The assignments that are meant by names or their beginnings ("01"); all of them if none is named."""
    known = assignment_names(course)
    if not wanted:
        return known
    return [_chosen(name, known) for name in wanted]


def _chosen(wanted: str, known: list[str]) -> str:
    wanted = wanted.rstrip("/").removeprefix("source/")
    fitting = [name for name in known if name == wanted] or [
        name for name in known if name.startswith(wanted)
    ]
    if len(fitting) != 1:
        how = "is ambiguous" if fitting else "isn't in source/"
        raise SourceError(f"The assignment {wanted!r} {how}. There are: {', '.join(known) or 'none yet'}.")
    return fitting[0]


def read_source(folder: Path) -> Source:
    """Reads an assignment's source folder and checks that it can be released.

    Raises SourceError or SpecificationError; the message names the file, the cell and the remedy.
    """
    source = Source(
        folder=folder,
        notebook=_read_notebook(folder / f"{folder.name}.ipynb"),
        companions=dict(_companions(folder)),
        specification=read(folder / FILE_NAME),
    )
    problem = next(_problems(source), None)
    if problem:
        raise SourceError(f"{folder / source.notebook_name}: {problem}")
    return source


def _read_notebook(path: Path) -> Any:
    import nbformat

    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise SourceError(
            f"{path} can't be read ({reason}). An assignment's notebook has its name."
        ) from error
    try:
        ids = [cell.get("id") for cell in json.loads(text)["cells"]]
        notebook = nbformat.reads(text, as_version=4)
        nbformat.validate(notebook)
    except Exception as error:  # nbformat raises several unrelated kinds, from JSON's to jsonschema's
        raise SourceError(f"{path} isn't a notebook: {(str(error).splitlines() or ['?'])[0]}") from error
    if len({*ids, None}) <= len(ids):  # nbformat would make new ones up, others each time
        raise SourceError(f"{path}: some cells have no id of their own. Save it with JupyterLab once.")
    return notebook


def _companions(folder: Path) -> Iterator[tuple[str, bytes]]:
    for path in sorted(folder.rglob("*")):
        parts = path.relative_to(folder).parts
        hidden = any(part.startswith(".") or part == "__pycache__" for part in parts)
        if path.is_file() and not hidden and path.name != f"{folder.name}.ipynb":
            if path.suffix == ".ipynb":
                raise SourceError(f"{path}: an assignment has one notebook, {folder.name}.ipynb.")
            yield "/".join(parts), path.read_bytes()


def cell_name(cell: Any) -> str:
    """How a message calls a cell: by its grade id, else by its id."""
    return str(cell.metadata.get("nbgrader", {}).get("grade_id") or cell.get("id", "?"))


def _problems(source: Source) -> Iterator[str]:
    """What stands against releasing this source, in sentences."""
    cells = source.notebook.cells
    yield from _problems_of_names(cells)
    for cell in cells:
        said = next(_problems_of_cell(cell), None)
        if said:
            yield f'cell "{cell_name(cell)}": {said}'
    yield from _problems_of_items(source)


def _problems_of_names(cells: list[Any]) -> Iterator[str]:
    names = [_nbgrader(cell)["grade_id"] for cell in cells if "grade_id" in _nbgrader(cell)]
    for name, count in Counter(names).items():
        if not isinstance(name, str) or not _GRADE_ID.fullmatch(name):
            yield f"the grade_id {name!r} must consist of letters, digits, - and _."
        elif count > 1:
            yield f"the grade_id {name!r} occurs {count} times; each cell needs its own."


def _problems_of_cell(cell: Any) -> Iterator[str]:
    role = _nbgrader(cell)
    if cell.cell_type == "code" and (cell.outputs or cell.execution_count is not None):
        yield "it has output. A source is saved without any: Edit → Clear Outputs of All Cells, then save."
    if role and role.get("schema_version") != _SCHEMA_VERSION:
        yield f"its nbgrader metadata must have schema_version {_SCHEMA_VERSION}."
    if role and not role.get("grade_id"):
        yield "its nbgrader metadata has no grade_id."
    for marker in _NOT_USED_HERE:
        if marker in cell.source:
            yield f"{marker} isn't used here: what is graded is in {FILE_NAME} and helpers/checks."
    yield from _problems_of_markers(cell, bool(role.get("solution")))


def _problems_of_markers(cell: Any, is_solution: bool) -> Iterator[str]:
    lines = [line.strip() for line in cell.source.splitlines() if any(word in line for word in _MARKERS)]
    if is_solution and cell.cell_type != "code":
        yield "a written answer needs a person to grade it; this course has none."
    if lines and not is_solution:
        yield "it has a solution, but isn't a solution cell for nbgrader, so students would see it."
    if is_solution and lines != [BEGIN, END] * (len(lines) // 2 or 1):
        yield f"its solution must stand between the lines {BEGIN!r} and {END!r}, in this order."


def _problems_of_items(source: Source) -> Iterator[str]:
    items = source.specification.items
    graded = [cell for cell in source.notebook.cells if _nbgrader(cell).get("grade")]
    checks = {_nbgrader(cell)["grade_id"]: cell for cell in graded}
    for name in checks.keys() - items.keys():
        yield f'cell "{name}": it is graded, but {FILE_NAME} has no [items.{name}].'
    for name, item in items.items():
        item_for(item)
        if name not in checks:
            yield f"[items.{name}] of {FILE_NAME} has no check cell (graded, with the grade_id {name!r})."
            continue
        points = _nbgrader(checks[name]).get("points")
        if points != item.possible:
            yield f'cell "{name}": it gives {points} points, but {FILE_NAME} gives {item.possible:g}.'
        called = _CHECK.fullmatch(checks[name].source.strip())
        if not called or called["item"] != name:
            yield f'cell "{name}": it must be one line, exercise.check("{name}", …).'
        if not _nbgrader(checks[name]).get("locked") or _nbgrader(checks[name]).get("solution"):
            yield f'cell "{name}": a check cell must be locked, and no solution cell.'


def _nbgrader(cell: Any) -> Any:
    return cell.metadata.get("nbgrader", {})
