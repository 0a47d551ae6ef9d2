"""A source is checked before anything is made of it, and what is wrong is said with the cell's name."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from nbformat.v4 import new_output

from helpers.authoring.errors import SourceError
from helpers.authoring.source import chosen_names, read_source
from helpers.checks.specification import SpecificationError
from tests.authoring import course as small
from tests.authoring.course import cell


def test_a_good_source_is_read_with_its_companions(tmp_path: Path) -> None:
    folder = small.write(tmp_path)
    (folder / "images").mkdir()
    (folder / "images" / "net.svg").write_text("<svg/>")
    (folder / ".ipynb_checkpoints").mkdir()
    (folder / ".ipynb_checkpoints" / "07_counting-checkpoint.ipynb").write_text("{}")
    source = read_source(folder)
    assert (source.name, source.notebook_name) == ("07_counting", "07_counting.ipynb")
    assert sorted(source.companions) == ["assignment.toml", "images/net.svg"]


def change(name: str, **what: Any) -> Callable[[Any], None]:
    """Changes the nbgrader metadata of one cell; None deletes an entry."""

    def apply(book: Any) -> None:
        role = cell(book, name).metadata["nbgrader"]
        role.update(what)
        for key, value in what.items():
            if value is None:
                del role[key]

    return apply


def rewrite(name: str, source: str) -> Callable[[Any], None]:
    """Replaces the text of one cell."""
    return lambda book: cell(book, name).update(source=source)


def add_output(book: Any) -> None:
    cell(book, "answer-count").outputs = [new_output("stream", text="42")]


def number(book: Any) -> None:
    cell(book, "try-count").execution_count = 3


def drop(name: str) -> Callable[[Any], None]:
    return lambda book: book.cells.remove(cell(book, name))


@pytest.mark.parametrize(
    ("damage", "said"),
    [
        (add_output, 'cell "answer-count": it has output'),
        (number, 'cell "try-count": it has output'),
        (change("check-count", points=3), 'cell "count": it gives 3 points, but assignment.toml gives 2.'),
        (change("check-count", grade_id="cuont"), 'cell "cuont": it is graded, but assignment.toml has no'),
        (drop("check-count"), "[items.count] of assignment.toml has no check cell"),
        (change("check-count", locked=False), 'cell "count": a check cell must be locked'),
        (
            rewrite("check-count", 'exercise.check("cuont", x)'),
            'it must be one line, exercise.check("count", …)',
        ),
        (rewrite("check-count", 'exercise.check("count", x)\nprint(3)'), "it must be one line"),
        (rewrite("check-count", "assert True"), "it must be one line"),
        (rewrite("answer-count", "def f(): return 3"), "its solution must stand between the lines"),
        (rewrite("answer-count", "### BEGIN SOLUTION\nx = 1"), "its solution must stand between the lines"),
        (rewrite("answer-count", "### END SOLUTION\nx\n### BEGIN SOLUTION"), "must stand between the lines"),
        (rewrite("answer-count", "# BEGIN SOLUTION\nx\n# END SOLUTION"), "must stand between the lines"),
        (
            rewrite("try-count", small.SOLUTION),
            "isn't a solution cell for nbgrader, so students would see it",
        ),
        (rewrite("title", "### BEGIN SOLUTION\n42\n### END SOLUTION"), "so students would see it"),
        (rewrite("try-count", "### BEGIN HIDDEN TESTS"), "BEGIN HIDDEN TESTS isn't used here"),
        (change("title", solution=True, grade=True, points=1), "a written answer needs a person to grade it"),
        (change("title", schema_version=2), "must have schema_version 3"),
        (change("title", grade_id=""), "must consist of letters, digits"),
        (change("title", grade_id="the title"), "the grade_id 'the title' must consist of letters"),
        (change("title", grade_id="setup"), "the grade_id 'setup' occurs 2 times"),
        (change("title", grade_id=None), "its nbgrader metadata has no grade_id"),
    ],
)
def test_what_is_wrong_is_said_with_the_cell(
    tmp_path: Path, damage: Callable[[Any], None], said: str
) -> None:
    book = small.notebook()
    damage(book)
    folder = small.write(tmp_path, book)
    with pytest.raises(SourceError, match=re.escape(said)) as raised:
        read_source(folder)
    assert "07_counting.ipynb" in str(raised.value)


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"cells": 3, "nbformat": 4, "nbformat_minor": 5}', "\x00"])
def test_a_file_that_is_no_notebook_is_named(tmp_path: Path, text: str) -> None:
    folder = small.write(tmp_path)
    (folder / "07_counting.ipynb").write_text(text)
    with pytest.raises(SourceError, match=r"07_counting\.ipynb isn't a notebook"):
        read_source(folder)


@pytest.mark.parametrize("change", [lambda cell: cell.pop("id"), lambda cell: cell.update(id="setup")])
def test_cells_without_an_id_of_their_own_are_refused(tmp_path: Path, change: Callable[[Any], None]) -> None:
    folder = small.write(tmp_path)
    path = folder / "07_counting.ipynb"
    book = json.loads(path.read_text())
    change(book["cells"][3])
    path.write_text(json.dumps(book))
    with pytest.warns(), pytest.raises(SourceError, match="some cells have no id of their own"):
        read_source(folder)


def test_a_notebook_of_another_name_is_missed(tmp_path: Path) -> None:
    folder = small.write(tmp_path)
    (folder / "07_counting.ipynb").rename(folder / "counting.ipynb")
    with pytest.raises(SourceError, match=r"can't be read .* An assignment's notebook has its name"):
        read_source(folder)


def test_a_second_notebook_is_refused(tmp_path: Path) -> None:
    folder = small.write(tmp_path)
    (folder / "draft.ipynb").write_text("{}")
    with pytest.raises(SourceError, match="an assignment has one notebook"):
        read_source(folder)


def test_a_check_that_doesnt_exist_is_refused(tmp_path: Path) -> None:
    folder = small.write(tmp_path, specification=small.SPECIFICATION.replace("ParameterCount", "Parameters"))
    with pytest.raises(SpecificationError, match="isn't a class in helpers/checks"):
        read_source(folder)


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        ([], ["01_a", "02_b", "02_bc"]),
        (["01"], ["01_a"]),
        (["02_b", "01_a"], ["02_b", "01_a"]),
        (["source/01_a/"], ["01_a"]),
    ],
)
def test_assignments_are_chosen_by_how_their_names_begin(
    tmp_path: Path, wanted: list[str], found: list[str]
) -> None:
    for name in ("01_a", "02_b", "02_bc"):
        small.write(tmp_path, name=name)
    (tmp_path / "source" / "notes").mkdir()
    assert chosen_names(tmp_path, wanted) == found


@pytest.mark.parametrize(
    ("wanted", "said"), [("02", "is ambiguous"), ("3", "isn't in source/. There are: 02_b, 02_bc")]
)
def test_names_that_fit_none_or_several_are_refused(tmp_path: Path, wanted: str, said: str) -> None:
    for name in ("02_b", "02_bc"):
        small.write(tmp_path, name=name)
    with pytest.raises(SourceError, match=said):
        chosen_names(tmp_path, [wanted])


def test_a_folder_without_sources_is_no_course(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="There is no folder"):
        chosen_names(tmp_path, [])
