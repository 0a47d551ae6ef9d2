"""The runner behind `make test` runs every part, hides no failure and says how each part went."""

from __future__ import annotations

import sys
from pathlib import Path

import nbformat
import pytest

from tests import run


def part(name: str, program: str, notebooks: Path | None = None) -> run.Part:
    """A part that runs a line of Python."""
    return run.Part(name, (sys.executable, "-c", program), notebooks)


def test_a_failure_stops_nothing_and_is_reported_at_the_end(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    later = tmp_path / "later"
    parts = [part("one", "raise SystemExit(3)"), part("two", f"open({str(later)!r}, 'w').close()")]
    assert run.run(parts) == 1
    assert later.exists()
    closing = capsys.readouterr().out.split("all parts")[1]
    assert "one        FAILED" in closing
    assert "two        passed" in closing
    assert closing.endswith("Failed: one.\n")


def test_all_passed_means_exit_code_0(capsys: pytest.CaptureFixture[str]) -> None:
    assert run.run([part("one", "pass"), part("two", "pass")]) == 0
    assert capsys.readouterr().out.endswith("All passed.\n")


def test_a_folder_without_notebooks_is_skipped_aloud(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    failing = part("notebooks", "raise SystemExit(5)", tmp_path)
    assert run.run([failing]) == 0
    assert "skipped, no notebooks yet" in capsys.readouterr().out
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder/lesson.ipynb").touch()
    assert run.run([failing]) == 1


def test_a_part_that_does_not_exist_is_an_error(capsys: pytest.CaptureFixture[str]) -> None:
    assert run.main(["ruff", "rough"]) == 2
    assert "No such part: rough" in capsys.readouterr().err


@pytest.mark.slow
@pytest.mark.parametrize(
    ("source", "stored", "code"),
    [
        ("import os; os.environ['WORKSHOP_DATA']", "'bundled'", 0),
        ("1 + 1", "3", 1),
        ("raise ValueError('wrong')", None, 1),
    ],
)
def test_notebooks_are_run_and_compared_with_what_they_store(
    source: str, stored: str | None, code: int, tmp_path: Path
) -> None:
    cell = nbformat.v4.new_code_cell(source, execution_count=1)
    if stored:
        text = {"text/plain": stored}
        cell.outputs = [nbformat.v4.new_output("execute_result", data=text, execution_count=1)]
    nbformat.write(nbformat.v4.new_notebook(cells=[cell]), tmp_path / "lesson.ipynb")
    (real,) = (part for part in run.every_part() if part.name == "notebooks")
    command = [str(tmp_path) if word == "notebooks" else word for word in real.command]
    command = [word for word in command if not word.startswith("--junitxml")]
    settings = ("-c", str(run.ROOT / "pyproject.toml"), f"--rootdir={tmp_path}", "-p", "no:cacheprovider")
    assert run.run([run.Part("lessons", (*command, *settings), tmp_path)]) == code
