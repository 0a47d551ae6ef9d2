"""release/ and solutions/ are made from source/, always the same, and every difference is found and named."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_output

from helpers.authoring.build import build, differences, orphans
from helpers.authoring.errors import BuildError
from helpers.authoring.release import STUB
from helpers.cli import main
from tests.authoring import course as small
from tests.authoring.course import NAME, cell

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::ResourceWarning")


def quiet(text: str) -> None:
    pass


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A course whose one assignment is built; tests work on copies."""
    path = tmp_path_factory.mktemp("course")
    small.write(path)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("WORKSHOP_DATA", "bundled")
        build(path, NAME, quiet)
    return path


@pytest.fixture
def course(built: Path, tmp_path: Path) -> Path:
    """A copy of the built course."""
    return Path(shutil.copytree(built, tmp_path / "course"))


def released(course: Path) -> Any:
    return nbformat.read(course / "release" / NAME / f"{NAME}.ipynb", as_version=4)


def solved(course: Path) -> Any:
    return nbformat.read(course / "solutions" / NAME / f"{NAME}.ipynb", as_version=4)


def everything(course: Path) -> dict[str, bytes]:
    return {
        path.relative_to(course).as_posix(): path.read_bytes() for path in course.rglob("*") if path.is_file()
    }


def test_the_release_has_stubs_locks_and_checksums_and_no_solution(built: Path) -> None:
    book = released(built)
    assert cell(book, "answer-count").source == f"def count_parameters(sizes):\n    {STUB}".replace(
        "\n...", "\n    ..."
    )
    assert "zip(" not in json.dumps(book)
    for name, editable in (
        ("title", False),
        ("setup", False),
        ("check-count", False),
        ("answer-count", True),
    ):
        one = cell(book, name)
        assert one.metadata.get("editable", True) is editable
        assert one.metadata.deletable is False
        assert len(one.metadata.nbgrader.checksum) == 32
    assert cell(book, "try-count").metadata == {}


def test_both_say_that_they_are_generated_and_from_what(built: Path) -> None:
    for book in (released(built), solved(built)):
        assert book.metadata.workshop.generated_by == "workshop build"
        assert book.metadata.workshop.generated_from == "source/07_counting/07_counting.ipynb"
    assert "Edit `source/07_counting/07_counting.ipynb`, not this file." in solved(built).cells[0].source


def test_the_solution_is_executed_as_a_whole_without_markers(built: Path) -> None:
    book = solved(built)
    assert "SOLUTION" not in json.dumps(book.cells)
    assert [one.execution_count for one in book.cells if one.cell_type == "code"] == [1, 2, 3, 4]
    assert cell(book, "try-count").outputs[0].data["text/plain"] == "13"
    assert "Weights and biases: right" in cell(book, "check-count").outputs[0].data["text/plain"]


def test_what_an_editor_leaves_in_the_source_makes_no_difference(course: Path) -> None:
    book = small.notebook()
    book.metadata["language_info"] = {"name": "python", "version": "3.13.1"}
    book.metadata["celltoolbar"] = "Create Assignment"
    small.write(course, book)
    build(course, NAME, quiet)
    for made in (released(course), solved(course)):
        assert set(made.metadata) == {"kernelspec", "language_info", "workshop"}
        assert made.metadata.language_info == {"name": "python"}


def test_companions_go_into_both(built: Path) -> None:
    original = (built / "source" / NAME / "assignment.toml").read_bytes()
    for folder in ("release", "solutions"):
        assert (built / folder / NAME / "assignment.toml").read_bytes() == original


def test_the_gradebook_of_a_course_is_not_touched(course: Path) -> None:
    (course / "gradebook.db").write_bytes(b"grades")
    build(course, NAME, quiet)
    assert (course / "gradebook.db").read_bytes() == b"grades"


def test_building_again_changes_nothing_and_executes_nothing(course: Path) -> None:
    before, said = everything(course), []
    build(course, NAME, said.append)
    assert everything(course) == before
    assert not any("executing" in what for what in said)


def test_forced_or_after_a_change_of_the_source_the_solution_is_executed_again(course: Path) -> None:
    said: list[str] = []
    build(course, NAME, said.append, force=True)
    assert said[-1] == "executing the solution, cell 6 of 6"
    book = small.notebook()
    cell(book, "try-count").source = "count_parameters([3, 2])"
    small.write(course, book)
    build(course, NAME, said.append)
    assert cell(solved(course), "try-count").outputs[0].data["text/plain"] == "8"
    assert differences(course, NAME) == []


@pytest.mark.parametrize(
    ("source", "said"),
    [
        (small.SOLUTION.replace("(a + 1) * b", "a * b"), "Weights and biases: wrong"),
        (small.SOLUTION.replace("return", "retrun"), "SyntaxError"),
    ],
)
def test_a_solution_that_isnt_right_is_not_built_and_nothing_changes(
    course: Path, source: str, said: str
) -> None:
    book = small.notebook()
    cell(book, "answer-count").source = source
    small.write(course, book)
    before = everything(course)
    with pytest.raises(BuildError, match=f"(?s)The solution of 07_counting isn't right.*{said}"):
        build(course, NAME, quiet)
    assert everything(course) == before


def test_a_solution_with_warnings_is_not_stored(course: Path) -> None:
    book = small.notebook()
    book.cells.append(new_code_cell("import sys\nprint('careful', file=sys.stderr)", id="loud"))
    small.write(course, book)
    with pytest.raises(BuildError, match='cell "loud" holds an error or a warning'):
        build(course, NAME, quiet)


# --- what `--check` finds


def test_in_sync_there_is_nothing_to_tell(course: Path) -> None:
    assert differences(course, NAME) == []
    assert orphans(course) == []


def edit(path: Path, change: Callable[[Any], None]) -> None:
    book = nbformat.read(path, as_version=4)
    change(book)
    nbformat.write(book, path)


def told(course: Path) -> list[str]:
    return [str(difference) for difference in [*differences(course, NAME), *orphans(course)]]


def set_source(name: str, source: str) -> Callable[[Any], None]:
    return lambda book: cell(book, name).update(source=source)


def swap(book: Any) -> None:
    book.cells[-1], book.cells[-2] = book.cells[-2], book.cells[-1]


def give_output(book: Any) -> None:
    cell(book, "try-count").outputs = [new_output("stream", text="13")]


def give_error(book: Any) -> None:
    cell(book, "try-count").outputs = [new_output("error", ename="E", evalue="e", traceback=[])]


def unexecute(book: Any) -> None:
    cell(book, "try-count").execution_count = None


def give_points(book: Any) -> None:
    cell(book, "check-count").metadata.nbgrader.points = 5


def give_tag(book: Any) -> None:
    cell(book, "setup").metadata["tags"] = ["skip-execution"]


@pytest.mark.parametrize(
    ("folder", "change", "said"),
    [
        ("release", set_source("title", "# Count"), "line 1 is '# Count', expected is '# Counting'"),
        ("release", set_source("answer-count", "x"), 'cell "answer-count" differs: line 1'),
        ("release", lambda b: b.cells.remove(cell(b, "setup")), 'cell "setup" is missing'),
        (
            "release",
            lambda b: b.cells.append(new_code_cell("1", id="new")),
            'cell "new" isn\'t in the source',
        ),
        ("release", swap, "its cells are in another order"),
        ("release", give_output, 'cell "try-count" differs in its outputs'),
        ("release", give_points, 'cell "count" differs in its metadata'),
        ("release", lambda b: b.metadata.update(title="x"), "its metadata differ"),
        ("solutions", set_source("answer-count", "x"), 'cell "answer-count" differs: line 1'),
        ("solutions", swap, "its cells are in another order"),
        ("solutions", give_error, 'cell "try-count" holds an error or a warning'),
        ("solutions", unexecute, "it wasn't executed as a whole"),
        ("solutions", give_tag, 'cell "setup" differs in its metadata'),
        ("solutions", lambda b: b.metadata.workshop.update(executed_from="0"), "from an older source"),
    ],
)
def test_an_edited_notebook_is_found_and_the_cell_named(
    course: Path, folder: str, change: Any, said: str
) -> None:
    edit(course / folder / NAME / f"{NAME}.ipynb", change)
    found = told(course)
    assert len(found) == 1
    assert found[0].startswith(f"{folder}/{NAME}/{NAME}.ipynb: ")
    assert said in found[0]


def test_other_outputs_of_the_solution_are_no_difference(course: Path) -> None:
    edit(course / "solutions" / NAME / f"{NAME}.ipynb", give_output)
    assert told(course) == []


def test_a_source_that_has_moved_on_shows_in_both(course: Path) -> None:
    book = small.notebook()
    cell(book, "title").source = "# Counting, again"
    small.write(course, book)
    found = told(course)
    assert any(one.startswith("release/") and 'cell "title" differs' in one for one in found)
    assert any(one.startswith("solutions/") and 'cell "title" differs' in one for one in found)


def test_changed_thresholds_make_stored_outputs_stale(course: Path) -> None:
    small.write(course, specification=small.SPECIFICATION.replace("Take a small one.", "Take a tiny one."))
    found = told(course)
    assert f"solutions/{NAME}/{NAME}.ipynb: its outputs come from an older source" in found
    assert f"release/{NAME}/assignment.toml: it differs from the same file in source/" in found


@pytest.mark.parametrize("folder", ["release", "solutions"])
def test_missing_and_foreign_files_are_found(course: Path, folder: str) -> None:
    (course / folder / NAME / "assignment.toml").unlink()
    (course / folder / NAME / "answers.txt").write_text("42")
    (course / folder / "08_gone").mkdir()
    assert told(course) == [
        f"{folder}/{NAME}/assignment.toml: it is missing",
        f"{folder}/{NAME}/answers.txt: it isn't generated; delete it, or move it to source/",
        f"{folder}/08_gone: it has no folder in source/; delete it",
    ]


@pytest.mark.parametrize("folder", ["release", "solutions"])
def test_a_missing_or_broken_notebook_is_found(course: Path, folder: str) -> None:
    path = course / folder / NAME / f"{NAME}.ipynb"
    path.write_text("{")
    assert told(course) == [f"{folder}/{NAME}/{NAME}.ipynb: it isn't a notebook"]
    path.unlink()
    assert told(course) == [f"{folder}/{NAME}/{NAME}.ipynb: it is missing"]


def test_windows_line_ends_are_no_difference(course: Path) -> None:
    for path in course.rglob("*.*"):
        path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    assert told(course) == []


def test_checking_changes_nothing(course: Path) -> None:
    edit(course / "release" / NAME / f"{NAME}.ipynb", swap)
    before = everything(course)
    told(course)
    assert everything(course) == before


# --- the command


def run(*arguments: str) -> int:
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    return int(ended.value.code or 0)


def test_the_command_tells_what_differs_and_what_to_run(
    course: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("build", "--check", "--course", str(course)) == 0
    assert "In sync with source/: 07_counting." in capsys.readouterr().out
    edit(course / "release" / NAME / f"{NAME}.ipynb", set_source("title", "# Count"))
    assert run("build", "--check", "--course", str(course)) == 1
    said = capsys.readouterr().err
    assert 'cell "title" differs' in said
    assert "Run: workshop build" in said
    assert run("build", "07", "--course", str(course)) == 0
    assert "07_counting: release/ and solutions/ are up to date." in capsys.readouterr().out
    assert run("build", "--check", "--course", str(course)) == 0


def test_a_mistake_in_a_source_is_told_without_a_traceback(
    course: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    book = small.notebook()
    cell(book, "check-count").metadata.nbgrader.points = 1
    small.write(course, book)
    assert run("build", "--course", str(course)) == 1
    said = capsys.readouterr().err
    assert 'cell "count": it gives 1 points' in said
    assert "Traceback" not in said


def test_an_unwritable_course_is_told(course: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (course / "release" / NAME).rename(course / "release" / "old")
    (course / "release" / NAME).write_text("in the way")
    with pytest.raises(BuildError, match="can't be written"):
        build(course, NAME, quiet)


# --- this course


def test_this_course_is_in_sync() -> None:
    root = Path(__file__).resolve().parents[2]
    assert [str(one) for one in differences(root, "01_dense_mnist")] == []
