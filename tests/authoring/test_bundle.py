"""The bundle holds what students need and nothing else; a student can work in it, from start to hand-in."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import zipfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import nbformat
import pytest

from helpers.authoring import bundle as module
from helpers.authoring.bundle import TOP_FOLDER, bundle
from helpers.authoring.errors import BuildError
from helpers.cli import main
from helpers.datasets import catalog, drawn
from helpers.datasets.folder import data_folder
from helpers.grading.classroom import fill_in, read_bank

ROOT = Path(__file__).resolve().parents[2]
NAME = "01_dense_mnist"


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("bundle") / "students.zip"
    bundle(ROOT, path)
    return path


@pytest.fixture(scope="module")
def unpacked(archive: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The bundle's one folder, as a student has it."""
    folder = tmp_path_factory.mktemp("student")
    with zipfile.ZipFile(archive) as zipped:
        zipped.extractall(folder)
    assert [path.name for path in folder.iterdir()] == [TOP_FOLDER]
    return folder / TOP_FOLDER


def names(archive: Path) -> list[str]:
    with zipfile.ZipFile(archive) as zipped:
        return [name.removeprefix(f"{TOP_FOLDER}/") for name in zipped.namelist()]


def test_what_students_need_is_there(archive: Path) -> None:
    needed = {
        "README.md", "LICENSE", "Makefile", "pyproject.toml", "environment.yml", "nbgrader_config.py",
        "requirements.lock", "requirements-gpu.lock", "data/README.md",
        "notebooks/00_start_here.ipynb", "notebooks/01_dense_mnist.ipynb", "helpers/cli.py",
        "notebooks/02_convolution_by_hand.ipynb", "helpers/stepper/stepper.js", "helpers/stepper/stepper.css",
        f"release/{NAME}/{NAME}.ipynb", f"release/{NAME}/assignment.toml",
        "helpers/bootstrap.py", "helpers/checks/dense_mnist.py", "helpers/datasets/bundled/digits.toml",
        "helpers/models/backbone_weights.npz", "helpers/models/backbone_weights.toml",
    }  # fmt: skip
    assert needed <= set(names(archive))


def test_nothing_else_is_there(archive: Path) -> None:
    for name in set(names(archive)) - {"helpers/models/backbone_weights.npz"}:
        assert not name.startswith(("source/", "solutions/", "tests/", "docs/", ".", "/"))
        assert not name.startswith(("helpers/authoring", "helpers/grading"))
        assert not name.endswith((".pyc", ".npz", ".zip", ".db"))
        assert ".ipynb_checkpoints" not in name


def test_no_solution_is_in_it(unpacked: Path) -> None:
    text = "".join(path.read_text(errors="replace") for path in unpacked.rglob("*") if path.is_file())
    assert "END SOLUTION" not in text
    assert "(values + 1) * units for values, units" not in text  # a line of the solution to task 2


def test_the_same_checkout_gives_the_same_bytes(archive: Path, tmp_path: Path) -> None:
    bundle(ROOT, tmp_path / "again.zip")
    assert (tmp_path / "again.zip").read_bytes() == archive.read_bytes()


def test_it_is_small(archive: Path) -> None:
    assert archive.stat().st_size < 10e6


def test_the_command_says_what_it_wrote(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(("bundle", "--output", str(tmp_path / "out" / "students.zip")))
    assert not ended.value.code
    said = capsys.readouterr().out
    assert said.startswith(f"{tmp_path / 'out' / 'students.zip'}: ")
    assert f" {len(names(tmp_path / 'out' / 'students.zip'))} files, " in said


# --- what is refused


def copied(tmp_path: Path) -> Path:
    """A copy of the course that may be damaged."""
    course = tmp_path / "course"
    for folder in ("source", "release", "notebooks", "data"):
        shutil.copytree(ROOT / folder, course / folder, ignore=shutil.ignore_patterns("bundled", "*.npz"))
    (course / "helpers").mkdir()
    for name in ("Makefile", "LICENSE", "environment.yml", "pyproject.toml", "requirements.lock"):
        shutil.copy(ROOT / name, course)
    shutil.copy(ROOT / "requirements-gpu.lock", course)
    return course


def test_a_release_that_isnt_in_sync_is_refused(tmp_path: Path) -> None:
    course = copied(tmp_path)
    path = course / "release" / NAME / f"{NAME}.ipynb"
    path.write_text(path.read_text().replace("One step aside", "One step sideways"))
    with pytest.raises(BuildError, match=r"(?s)task-shift.*Run: workshop build 01_dense_mnist"):
        bundle(course, tmp_path / "out.zip")
    assert not (tmp_path / "out.zip").exists()


def test_a_solution_anywhere_is_refused(tmp_path: Path) -> None:
    course = copied(tmp_path)
    shutil.copy(course / "source" / NAME / f"{NAME}.ipynb", course / "notebooks" / "draft.ipynb")
    with pytest.raises(BuildError, match=r"Students would get solutions, in notebooks/draft\.ipynb"):
        bundle(course, tmp_path / "out.zip")
    assert list(tmp_path.glob("*.zip")) == []


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    course = copied(tmp_path)
    (course / "LICENSE").unlink()
    with pytest.raises(BuildError, match=r"LICENSE can't be read .* students need it"):
        bundle(course, tmp_path / "out.zip")


def test_an_output_that_cant_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(BuildError, match=r"can't be written .* Choose another --output"):
        bundle(ROOT, tmp_path / "file" / "out.zip")


def test_a_failure_half_way_leaves_an_older_bundle_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / "students.zip"
    target.write_bytes(b"older")

    def full_disk(path: Path, files: dict[str, bytes]) -> None:
        path.write_bytes(b"half")
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(module, "_write_zip", full_disk)
    with pytest.raises(BuildError, match="No space left"):
        bundle(ROOT, target)
    assert target.read_bytes() == b"older"
    assert list(tmp_path.iterdir()) == [target]


# --- a student's day


def variables(folder: Path, **more: str) -> dict[str, str]:
    """A student's environment: their folder's code, not the checkout's that this .venv has installed."""
    kept = {
        name: value for name, value in os.environ.items() if not name.startswith(("WORKSHOP", "NBGRADER"))
    }
    return {**kept, "PYTHONPATH": str(folder), "WORKSHOP_DATA": "bundled", **more}


def run(folder: Path, *arguments: str, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=cwd or folder,
        env=variables(folder),
        capture_output=True,
        text=True,
    )


EVERY_MODULE = """
import importlib, pkgutil, sys
from pathlib import Path
import helpers

here = Path.cwd().resolve()
for found in pkgutil.walk_packages(helpers.__path__, "helpers."):
    if not found.name.endswith("__main__"):
        importlib.import_module(found.name)
ours = {name: module for name, module in sys.modules.items() if name.split(".")[0] == "helpers"}
places = {name: Path(module.__file__).resolve() for name, module in ours.items()}
strangers = [name for name, place in places.items() if not place.is_relative_to(here)]
print(len(ours), strangers, [name for name in ours if "authoring" in name or "grading" in name])
"""


def test_all_of_its_code_imports_from_its_own_folder(unpacked: Path) -> None:
    done = run(unpacked, "-c", EVERY_MODULE)
    assert done.returncode == 0, done.stderr
    count, rest = done.stdout.split(" ", 1)
    assert int(count) > 30
    assert rest.strip() == "[] []"


def test_its_commands_are_a_students(unpacked: Path) -> None:
    shown = run(unpacked, "-m", "helpers.cli", "--help").stdout
    assert "data" in shown
    assert "lab" in shown
    for command in ("build", "bundle", "calibrate", "grade", "demo"):
        assert f" {command} " not in shown
        refused = run(unpacked, "-m", "helpers.cli", command)
        assert refused.returncode == 2
        assert "No such command" in refused.stderr


@pytest.mark.skipif(shutil.which("make") is None, reason="there is no make here")
def test_make_offers_what_works_there(unpacked: Path) -> None:
    listed = make(unpacked, "help")
    assert listed.returncode == 0
    assert [line.split()[1] for line in listed.stdout.splitlines()] == ["help", "setup", "lab", "clean"]
    refused = make(unpacked, "-n", "test")
    assert refused.returncode == 2
    assert "No rule to make target" in refused.stderr


def make(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Runs make as from a shell; the tests may themselves be run by make, which tells those below it so."""
    variables = {name: value for name, value in os.environ.items() if not name.startswith(("MAKE", "MFLAGS"))}
    return subprocess.run(["make", *arguments], cwd=folder, capture_output=True, text=True, env=variables)


@pytest.fixture(scope="module")
def desk(unpacked: Path) -> Path:
    """The bundle with the drawn digits in its data folder, where they lie after their first use."""
    entry = catalog.entry("digits")
    drawn.images(entry, data_folder())
    cached = drawn.cache_path(entry, data_folder())
    if cached.exists():
        place = unpacked / "data" / "bundled" / cached.name
        place.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(cached, place)
    return unpacked


def answered(folder: Path, assignment: str, student: str, *names: str) -> Path:
    """An exercise in its place, with an answer of the bank typed in, or these cells of it."""
    path = folder / "release" / assignment / f"{assignment}.ipynb"
    book = nbformat.read(ROOT / "release" / assignment / path.name, as_version=4)
    (answer,) = (one for one in read_bank(assignment) if one.name == student)
    cells = {name: answer.cells[name] for name in names or answer.cells}
    fill_in(book, replace(answer, cells=cells))
    nbformat.write(book, path)
    return path


def texts(cell: Any) -> str:
    return "".join(
        output.get("text", "") or output.get("data", {}).get("text/plain", "") for output in cell.outputs
    )


@pytest.mark.slow
def test_a_student_solves_an_exercise(desk: Path) -> None:
    from nbclient import NotebookClient

    path = answered(desk, NAME, "right_plain")
    book = nbformat.read(path, as_version=4)
    where = 'import helpers\nprint("from", helpers.__file__)'
    book.cells.append(nbformat.v4.new_code_cell(where, id="where"))
    client = NotebookClient(
        book, timeout=300, kernel_name="python3", resources={"metadata": {"path": str(path.parent)}}
    )
    client.execute(env=variables(desk), stderr=subprocess.DEVNULL)
    shown = {cell.id: texts(cell) for cell in book.cells if cell.cell_type == "code"}
    for check in ("prepare", "count", "model", "shift"):
        assert ": right" in shown[f"check-{check}"].splitlines()[0]
    assert "10.00 of 10" in shown["summary"]
    assert shown["where"].strip() == f"from {desk / 'helpers' / '__init__.py'}"


@pytest.mark.slow
def test_validate_says_that_an_exercise_can_be_handed_in(desk: Path) -> None:
    path = answered(desk, "02_convolution_by_hand", "right_shifts")
    validated = run(desk, "-m", "nbgrader", "validate", path.name, cwd=path.parent)
    assert "Success! Your notebook passes all the tests." in validated.stdout, validated.stdout


@pytest.mark.slow
def test_validate_says_what_is_still_to_do(desk: Path) -> None:
    path = answered(desk, NAME, "right_plain", "answer-count")
    said = run(desk, "-m", "nbgrader", "validate", path.name, cwd=path.parent).stdout
    assert "VALIDATION FAILED ON 3 CELL(S)" in said
    for title in ("1 · Arrays to train on", "3 · A network that reads digits", "4 · One step aside"):
        assert f"✗ {title}" in said or f"○ {title}: not attempted" in said
    assert "Still to do. Replace the line under YOUR CODE HERE." in said
    assert "Traceback" not in said
