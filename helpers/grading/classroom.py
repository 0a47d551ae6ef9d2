"""A simulated class: answers from the bank in tests/answers, handed in by students who don't exist.

An answer is a file of cells in the percent format, under a docstring and a line of what it is worth:

    \"\"\"Wrong: moved to the left.\"\"\"
    # expected: prepare=2 count=1 model=1.05..4.9 shift=1

    # %% answer-prepare
    def prepare(images, labels):
        …

A cell that isn't there stays as it was released; `# %% scratch` adds one at the end.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from helpers.grading.errors import GradingError

BANK = Path(__file__).resolve().parents[2] / "tests" / "answers"

_SCRATCH = "scratch"
_CELL = re.compile(r"^# %% (\S+)[ \t]*\n", re.MULTILINE)
_FIRST_HANDED_IN = datetime(2025, 1, 31, 14, 0)
_TOLERANCE = 0.005  # scores are rounded to hundredths
_ROSTER = """
Ada Lovelace, Alan Turing, Alonzo Church, Annie Easley, Barbara Liskov, Benoit Mandelbrot, Blaise Pascal,
Carl Gauss, Claude Shannon, David Hilbert, Donald Knuth, Dorothy Vaughan, Edsger Dijkstra, Emmy Noether,
Evariste Galois, Fei-Fei Li, Florence Nightingale, Frances Allen, Geoffrey Hinton, George Boole, Grace Hopper,
Hedy Lamarr, Henri Poincare, Ida Rhodes, Jean Bartik, Johannes Kepler, Julia Robinson, Karen Sparck-Jones,
Katherine Johnson, Kunihiko Fukushima, Kurt Goedel, Leonhard Euler, Lise Meitner, Maria Agnesi,
Marvin Minsky, Mary Somerville, Olga Ladyzhenskaya, Paul Erdos, Pierre Fermat, Rosalind Franklin,
Rozsa Peter, Ruth Teitelbaum, Sofia Kovalevskaya, Sophie Germain, Srinivasa Ramanujan, Stanislaw Ulam,
Vera Rubin, Warren McCulloch, Yann LeCun
"""


@dataclass(frozen=True)
class Expected:
    """What an item of an answer is worth, `least` to `most` points: in some, training has a say."""

    least: float
    most: float

    def holds(self, score: float | None) -> bool:
        """Whether a score is as expected; no score never is."""
        return score is not None and self.least - _TOLERANCE <= score <= self.most + _TOLERANCE

    def __str__(self) -> str:
        return f"{self.least:g}" if self.least == self.most else f"{self.least:g}–{self.most:g}"


@dataclass(frozen=True)
class Answer:
    """One answer of the bank.

    about:    its docstring, in which the first word says what becomes of it.
    expected: points, by item.
    cells:    the student's text, by grade_id; and of a scratch cell.
    """

    name: str
    about: str
    expected: Mapping[str, Expected]
    cells: Mapping[str, str]


@dataclass(frozen=True)
class Student:
    """Someone who hands in an answer; `name` is what nbgrader knows them by."""

    name: str
    first_name: str
    last_name: str
    answer: Answer


def read_bank(assignment: str, bank: Path = BANK) -> list[Answer]:
    """All answers to an assignment, by name. Raises GradingError if there are none, or one is malformed."""
    answers = [read_answer(path) for path in sorted((bank / assignment).glob("*.py"))]
    if not answers:
        raise GradingError(f"There are no simulated answers to {assignment} in {bank / assignment}.")
    return answers


def read_answer(path: Path) -> Answer:
    """One answer. Raises GradingError with what is missing in the file."""
    head, *rest = _CELL.split(path.read_text(encoding="utf-8"))
    about = re.match(r'"""(.+?)"""', head, re.DOTALL)
    expected = re.search(r"^# expected: (.+)$", head, re.MULTILINE)
    if not about or not expected:
        raise GradingError(f"{path}: a docstring and a line '# expected: ITEM=POINTS …' must come first.")
    return Answer(
        name=path.stem,
        about=" ".join(about[1].split()),
        expected=dict(_expected(path, word) for word in expected[1].split()),
        cells={name: source.strip("\n") for name, source in zip(rest[::2], rest[1::2], strict=True)},
    )


def _expected(path: Path, word: str) -> tuple[str, Expected]:
    found = re.fullmatch(r"([\w-]+)=([\d.]+?)(?:\.\.([\d.]+))?", word)
    if not found:
        raise GradingError(f"{path}: {word!r} should be ITEM=POINTS or ITEM=FROM..TO.")
    return found[1], Expected(float(found[2]), float(found[3] or found[2]))


def make_class(answers: Sequence[Answer], size: int | None = None) -> list[Student]:
    """A class in which each answer is handed in once; or as many students as asked for, in turn."""
    count = len(answers) if size is None else size
    return [_student(number, answers[number % len(answers)]) for number in range(count)]


def _student(number: int, answer: Answer) -> Student:
    people = [person.split() for person in _ROSTER.split(",")]
    again, place = divmod(number, len(people))
    first_name, last_name = people[place]
    suffix = str(again + 1) if again else ""
    return Student(first_name.lower() + suffix, first_name, last_name + suffix, answer)


def hand_in(student: Student, release: Path, archive: Path, minute: int = 0) -> Path:
    """Writes the archive that a student hands in: the released notebook with their answer in it.

    It is named as nbgrader_config.py tells zip_collect: by the student and the time.
    """
    import nbformat

    notebook = nbformat.read(release / f"{release.name}.ipynb", as_version=4)
    fill_in(notebook, student.answer)
    archive.mkdir(parents=True, exist_ok=True)
    moment = _FIRST_HANDED_IN + timedelta(minutes=minute)
    path = archive / f"{student.name}_{moment:%Y%m%dT%H%M%S}.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr(f"{release.name}.ipynb", nbformat.writes(notebook))
    return path


def fill_in(notebook: Any, answer: Answer) -> None:
    """Puts an answer's cells into a released notebook. Raises GradingError for a cell that isn't there."""
    from nbformat.v4 import new_code_cell

    places = {cell.metadata.get("nbgrader", {}).get("grade_id"): cell for cell in notebook.cells}
    for name, source in answer.cells.items():
        if name == _SCRATCH:
            notebook.cells.append(new_code_cell(source))
        elif name in places:
            places[name].source = source
        else:
            raise GradingError(f"The answer {answer.name} fills a cell {name!r}, which was not released.")
