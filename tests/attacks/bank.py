"""The bank of attacks: each a file with one hostile submission, in the form of tests/answers.

A file's docstring says in a sentence what is tried, and the line below it what the work deserves; the cells
are what the student writes. Two more things can stand in such a file:

    TARGETS         in any cell: becomes the text of a dictionary with all that an attacker would like to
                    know, from the paths of the course to the ports that somebody listens at.
    # %% hand-in    Python that runs where the student sits, and hands the work in. It finds `notebook`,
                    `course`, `student`, and `archive` and `folder`: where downloaded archives lie, and
                    where nbgrader expects this submission once it is collected.

The folder `honest` holds what must not be harmed: right answers of unusual manners among them.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import nbformat

from helpers.grading.classroom import Answer, fill_in, read_answer
from tests.attacks import hostile_course

BANK = Path(__file__).parent
HONEST = "honest"
GROUPS = (HONEST, "kernel", "models", "notebook_file", "process", "machine", "display", "collection")

_HAND_IN = "hand-in"
_USUAL_WAY = """
import zipfile

with zipfile.ZipFile(archive / f"{student}_20250131T140000.zip", "w", zipfile.ZIP_DEFLATED) as file:
    file.writestr("00_tiny.ipynb", nbformat.writes(notebook))
"""


@dataclass(frozen=True)
class Entry:
    """One student of the class. group: the folder that the answer comes from."""

    group: str
    answer: Answer

    @property
    def student(self) -> str:
        """What nbgrader knows them by."""
        return re.sub("_", "-", f"{self.group}-{self.answer.name}")

    @property
    def is_honest(self) -> bool:
        """Whether nothing is tried."""
        return self.group == HONEST


def read_entries(groups: tuple[str, ...] = GROUPS) -> list[Entry]:
    """All of the bank, group by group."""
    return [
        Entry(group, read_answer(path)) for group in groups for path in sorted((BANK / group).glob("*.py"))
    ]


def hand_in(entry: Entry, course: Path, targets: Mapping[str, Any]) -> None:
    """Hands a submission in: as an archive that is to be collected, if it hasn't a way of its own."""
    known = repr(dict(targets))
    cells = {name: source.replace("TARGETS", known) for name, source in entry.answer.cells.items()}
    own_way = cells.pop(_HAND_IN, None)
    notebook = nbformat.read(hostile_course.released(course), as_version=4)
    fill_in(notebook, replace(entry.answer, cells=cells))
    archive = course / "downloaded" / hostile_course.NAME / "archive"
    archive.mkdir(parents=True, exist_ok=True)
    names = {
        "nbformat": nbformat,
        "notebook": notebook,
        "course": course,
        "student": entry.student,
        "archive": archive,
        "folder": course / "submitted" / entry.student / hostile_course.NAME,
    }
    exec(compile(own_way or _USUAL_WAY, f"{entry.student}/hand-in", "exec"), names)
