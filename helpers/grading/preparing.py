"""What nbgrader's autograder will execute, found out beforehand: sanitised submissions with their files."""

from __future__ import annotations

import json
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nbgrader.converters import Autograde
from nbgrader.converters.base import BaseConverter

from helpers.checks.evidence import printable
from helpers.errors import WorkshopError
from helpers.grading.course import OWN_FOLDER, Course
from helpers.grading.errors import GradingError
from helpers.grading.execution import Submission
from helpers.grading.files import read_json
from helpers.grading.handed_in import handed_in
from helpers.grading.preprocessors import execute_for_evidence
from helpers.grading.preprocessors.execute_for_evidence import ExecuteForEvidence, linked_files, submission_of
from helpers.grading.verification import Examination

_PREPARED = f"{OWN_FOLDER}/prepared"
_NOTEBOOK_LIMIT = 64 * 2**20
_MOST_CELLS, _MOST_OUTPUTS = 2000, 10_000
_CLEARING = "Its outputs can be cleared in JupyterLab: Edit, Clear Outputs of All Cells."
_PLAUSIBLE = 2**20  # bytes of what isn't a notebook, up to which reading it costs nothing


class Broken(GradingError):
    """One submission can't be graded; the message says why, for the instructor."""


@dataclass(frozen=True)
class Prepared:
    """One notebook of one student, ready to be executed."""

    student: str
    notebook: str
    submission: Submission


class Preparation(Autograde):
    """The first half of nbgrader's autograder, into a folder of its own.

    Like the autograder it enters students and submissions in the gradebook; it grades nothing.
    """

    def __init__(self, course: Course, assignment: str) -> None:
        super().__init__(coursedir=course.directory, parent=course.app)
        self._course = course
        self._assignment = assignment
        self._require_evidence()
        self.exam: Examination | None = execute_for_evidence.examination_of(self, assignment)
        self.writer = _writer(self)
        self.exporter = self.exporter_class(parent=self, config=self.config)

    @property
    def _output_directory(self) -> str:
        return _PREPARED

    def prepare(self, student: str) -> list[Prepared]:
        """All notebooks of one submission. Raises Broken."""
        folder = self._course.path("submitted", student, self._assignment)
        place = Path(self._format_dest(self._assignment, student))
        try:
            return list(self._prepared(student, folder, place))
        except WorkshopError as error:
            raise Broken(str(error)) from error
        except Exception as error:  # whatever a notebook can be made of, the class goes on
            self.log.exception("Preparing the submission of %s", student)
            raise Broken(_in_words(error)) from error
        finally:
            _remove(place)

    def _prepared(self, student: str, folder: Path, place: Path) -> Iterator[Prepared]:
        import nbformat

        handed_in(folder)
        _refuse_endless(folder)
        paths = self._notebooks(folder)
        self.notebooks = [str(path) for path in paths]
        _remove(place)
        self.init_assignment(self._assignment, student)
        for path in paths:
            self._sanitizing = True
            self._init_preprocessors()
            BaseConverter.convert_single_notebook(self, str(path))
            sanitised = place / path.name
            notebook = nbformat.read(sanitised, as_version=4)
            linked = linked_files(self, self._assignment, student)
            yield Prepared(student, path.stem, submission_of(notebook, place, self.exam, linked))

    def _notebooks(self, folder: Path) -> list[Path]:
        """The assignment's notebooks in a submission. Raises Broken where none can be used."""
        with self._course.gradebook() as gradebook:
            known = {one.name for one in gradebook.find_assignment(self._assignment).notebooks}
        there = sorted(folder.glob("*.ipynb"))
        found = [path for path in there if path.stem in known]
        if not found:
            names = ", ".join(printable(path.name) for path in there[:3]) or "no notebook at all"
            raise Broken(f"{' and '.join(sorted(known))}.ipynb is missing; handed in: {names}.")
        for path in found:
            status = path.lstat()
            if not stat.S_ISREG(status.st_mode):
                raise Broken(f"{path.name} is a link or a device, not a file.")
            if status.st_size > _NOTEBOOK_LIMIT:
                raise Broken(
                    f"{path.name} is {status.st_size // 2**20} MB; at most {_NOTEBOOK_LIMIT // 2**20} MB are "
                    f"read. {_CLEARING}"
                )
            _refuse_too_many_cells(path)
        return found

    def _require_evidence(self) -> None:
        if "helpers.grading.preprocessors.ExecuteForEvidence" in self.autograde_preprocessors:
            return
        if ExecuteForEvidence not in self.autograde_preprocessors:
            raise GradingError(
                f"nbgrader_config.py in {self._course.root} doesn't grade by evidence: ExecuteForEvidence is "
                "missing in Autograde.autograde_preprocessors. Copy the project's nbgrader_config.py."
            )


def _refuse_too_many_cells(path: Path) -> None:
    """nbgrader would take hours for a notebook of a million cells."""
    try:
        cells = read_json(path.read_bytes()).get("cells", [])
        outputs = sum(len(cell.get("outputs", [])) for cell in cells)
    except (ValueError, RecursionError, AttributeError, TypeError):
        if path.stat().st_size > _PLAUSIBLE:
            raise Broken(
                f"{path.name} isn't a notebook, or one of more parts than are read. {_CLEARING}"
            ) from None
        return  # which nbgrader tells in words
    if len(cells) > _MOST_CELLS or outputs > _MOST_OUTPUTS:
        raise Broken(
            f"{path.name} has {len(cells):,} cells and {outputs:,} outputs; at most {_MOST_CELLS:,} and "
            f"{_MOST_OUTPUTS:,} are read."
        )


def _refuse_endless(folder: Path) -> None:
    """nbgrader copies all that lies beside a notebook, what links lead to included: a device never ends."""
    for path in folder.rglob("*"):
        if path.exists() and not (path.is_file() or path.is_dir()):
            name = printable(path.relative_to(folder).as_posix())
            raise Broken(f"{name} is neither a file nor a folder. Delete it from the submission.")


def _remove(folder: Path) -> None:
    from nbgrader.utils import rmtree

    if folder.exists():
        rmtree(str(folder))


def _writer(converter: Any) -> Any:
    from nbconvert.writers import FilesWriter

    return FilesWriter(parent=converter, config=converter.config)


def _in_words(error: Exception) -> str:
    from nbformat.reader import NotJSONError
    from nbformat.validator import NotebookValidationError

    if isinstance(error, NotJSONError | json.JSONDecodeError | UnicodeDecodeError):
        return "The file isn't a notebook: it isn't JSON, or is cut short."
    if isinstance(error, RecursionError):
        return "The file isn't a notebook: it is nested too deeply."
    if isinstance(error, NotebookValidationError | AttributeError | KeyError | TypeError):
        return f"The file isn't a notebook that can be read ({type(error).__name__})."
    return f"It can't be read ({type(error).__name__}: {printable(str(error))})."
