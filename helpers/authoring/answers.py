"""The bank of answers: submissions as students write them, right and wrong, each with the points it deserves.

One file is one submission:

    \"\"\"Wrong: the biases are forgotten.\"\"\"
    # expected: prepare=2 count=0 model=1..5 shift=2
    # %% answer-prepare
    …                       the source of that answer cell
    # %% scratch
    …                       a cell of the student's own, at the end

An answer cell that isn't given stays the stub. Points that depend on how training goes are a range.
"""

from __future__ import annotations

import copy
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from helpers.authoring.errors import SourceError

SCRATCH = "scratch"
KINDS = ("Right", "Partly", "Wrong")
_TITLE = re.compile(r'"""(Right|Partly|Wrong): (.+)"""')
_EXPECTED = re.compile(r"([A-Za-z0-9_-]+)=([0-9.]+?)(?:\.\.([0-9.]+))?")
_CELL = "# %% "


@dataclass(frozen=True)
class Answer:
    """One submission of the bank.

    kind:     "Right", "Partly" or "Wrong".
    about:    what is special about it, in a sentence.
    expected: by item, the least and the most points that it may get.
    cells:    by grade id, the source of its answer cells; "scratch" is an ungraded one.
    """

    name: str
    kind: str
    about: str
    expected: Mapping[str, tuple[float, float]]
    cells: Mapping[str, str]


def read_answers(folder: Path) -> tuple[Answer, ...]:
    """All answers in a folder of the bank, by name. Raises SourceError for a file that isn't one."""
    paths = sorted(path for path in folder.glob("*.py") if path.name != "__init__.py")
    if not paths:
        raise SourceError(f"There are no answers in {folder}.")
    return tuple(read_answer(path) for path in paths)


def read_answer(path: Path) -> Answer:
    """Reads one file of the bank. Raises SourceError, which names the file and what is expected."""
    title, expected, *rest = path.read_text(encoding="utf-8").split("\n")
    titled = _TITLE.fullmatch(title)
    if not titled:
        raise SourceError(f'{path}: the first line must be """KIND: one sentence.""", of {", ".join(KINDS)}.')
    if not expected.startswith("# expected: "):
        raise SourceError(f"{path}: the second line must be # expected: ITEM=POINTS …")
    return Answer(path.stem, titled[1], titled[2], _points(expected, path), _cells(rest, path))


def _points(line: str, path: Path) -> dict[str, tuple[float, float]]:
    points = {}
    for entry in line.removeprefix("# expected: ").split():
        read = _EXPECTED.fullmatch(entry)
        if not read:
            raise SourceError(f"{path}: {entry!r} must be ITEM=POINTS or ITEM=LEAST..MOST.")
        points[read[1]] = (float(read[2]), float(read[3] or read[2]))
    return points


def _cells(lines: list[str], path: Path) -> dict[str, str]:
    cells: dict[str, list[str]] = {}
    current: list[str] | None = None
    for line in lines:
        if line.startswith(_CELL):
            name = line.removeprefix(_CELL).strip()
            if name in cells:
                raise SourceError(f"{path}: the cell {name!r} is there twice.")
            current = cells[name] = []
        elif current is not None:
            current.append(line)
        elif line.strip():
            raise SourceError(f"{path}: {line!r} stands before the first cell, # %% NAME.")
    return {name: "\n".join(source).strip("\n") for name, source in cells.items()}


def filled(notebook: Any, answer: Answer) -> Any:
    """A copy of a released notebook with an answer typed in, as a student would hand it in.

    Raises SourceError where the notebook has no such cell.
    """
    from nbformat.v4 import new_code_cell

    result = copy.deepcopy(notebook)
    by_grade_id = {cell.metadata.get("nbgrader", {}).get("grade_id"): cell for cell in result.cells}
    for name, source in answer.cells.items():
        if name == SCRATCH:
            result.cells.append(new_code_cell(source, id=SCRATCH))
        elif name not in by_grade_id:
            raise SourceError(
                f"The answer {answer.name} fills a cell {name!r}, which the notebook doesn't have."
            )
        else:
            by_grade_id[name].source = source
    return result
