"""The check of the set-up finds what is wrong and says what to do."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from helpers.environment import checking, versions
from helpers.environment.checking import Finding, Report

ROOT = Path(__file__).parents[2]
GOOD = Finding("memory", "ok", "8.0 GiB free")
POOR = Finding("processor", "warning", "1 core", "Take your time.")
BAD = Finding("packages", "problem", "numpy is missing <here>", "Run `make lab`.")


def test_a_good_report_says_that_you_can_start() -> None:
    report = Report((GOOD,))
    assert report.ok
    assert repr(report) == "✓ memory  8.0 GiB free\nEverything works: you are ready to start."


def test_warnings_do_not_stand_in_the_way() -> None:
    report = Report((GOOD, POOR))
    assert report.ok
    assert report.verdict == "The workshop can run here, with 1 warning."


def test_a_problem_comes_with_its_advice_in_both_forms() -> None:
    report = Report((GOOD, POOR, BAD))
    assert not report.ok
    assert repr(report).splitlines() == [
        "✓ memory     8.0 GiB free",
        "! processor  1 core",
        "             → Take your time.",
        "✗ packages   numpy is missing <here>",
        "             → Run `make lab`.",
        "1 problem to solve first: see the advice.",
    ]
    html = report._repr_html_()
    assert "numpy is missing &lt;here&gt;" in html
    assert "<em>Run `make lab`.</em>" in html
    assert "✗ problem" in html


def test_this_computer_passes() -> None:
    report = checking.check()
    assert report.ok, report
    names = [finding.name for finding in report.findings]
    assert names == [
        "Python",
        "packages",
        "processor",
        "memory",
        "TensorFlow",
        "graphics",
        "data folder",
        "kernel",
    ]


@pytest.mark.slow
def test_it_is_a_program_too(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("no folder")
    for folder, code, last in (
        (tmp_path, 0, "you are ready to start"),
        (blocked, 1, "1 problem to solve first"),
    ):
        done = subprocess.run(
            [sys.executable, "-m", "helpers.environment"],
            cwd=ROOT,
            env=os.environ | {"WORKSHOP_DATA_DIR": str(folder)},
            capture_output=True,
            text=True,
        )
        assert (done.returncode, done.stderr) == (code, ""), done.stdout
        assert last in done.stdout or "with 1 warning" in done.stdout


def wanting(monkeypatch: pytest.MonkeyPatch, **project: object) -> None:
    """Pretend that pyproject.toml asks for something else."""
    usual = checking._project()
    monkeypatch.setattr(checking, "_project", lambda: usual | project)


def test_a_missing_and_an_outdated_package_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    wanting(monkeypatch, dependencies=["numpy>=999", "no-such-package", "elsewhere; sys_platform == 'amiga'"])
    finding = checking.check_packages()
    assert finding.state == "problem"
    assert "but >=999 is needed; no-such-package is missing" in finding.found
    assert "elsewhere" not in finding.found
    assert "make lab" in finding.advice


def test_a_python_that_does_not_fit_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    wanting(monkeypatch, **{"requires-python": ">=3.99"})
    assert checking.check_python().state == "problem"
    assert ">=3.99 is needed" in checking.check_python().found


def test_a_data_folder_that_takes_no_files_is_a_problem(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("not a folder")
    monkeypatch.setenv("WORKSHOP_DATA_DIR", str(tmp_path / "file" / "data"))
    finding = checking.check_data_folder()
    assert finding.state == "problem"
    assert "takes no files" in finding.found
    assert "WORKSHOP_DATA_DIR" in finding.advice


def test_checking_the_data_folder_leaves_nothing_in_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WORKSHOP_DATA_DIR", str(tmp_path / "new"))
    assert checking.check_data_folder().state in ("ok", "warning")
    assert list((tmp_path / "new").iterdir()) == []


def test_little_space_is_a_warning(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WORKSHOP_DATA_DIR", str(tmp_path))
    monkeypatch.setattr(checking, "DISK_NEEDED", 1e9)
    assert checking.check_data_folder().state == "warning"


def test_little_memory_is_a_warning(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checking, "MEMORY_NEEDED", 1e6)
    finding = checking.check_memory()
    assert finding.state == "warning"
    assert "close other programs" in finding.advice


@pytest.mark.skipif(not hasattr(os, "sched_setaffinity"), reason="needs Linux")
def test_a_single_core_is_a_warning() -> None:
    usual = os.sched_getaffinity(0)
    try:
        os.sched_setaffinity(0, {min(usual)})
        assert checking.check_processor().state == "warning"
    finally:
        os.sched_setaffinity(0, usual)


def test_a_workshop_without_pyproject_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checking, "ROOT", tmp_path)
    with pytest.raises(checking.EnvironmentProblem, match="unpack the workshop again"):
        checking.check_python()


def test_a_tensorflow_that_does_not_start_is_a_problem(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "tensorflow", None)  # Python's own way to make an import fail
    finding = checking.check_tensorflow()
    assert finding.state == "problem"
    assert finding.found.startswith("does not start: ")


def test_versions_name_what_a_bug_report_needs() -> None:
    table = versions()
    assert table.columns.tolist() == ["component", "version"]
    assert {"Python", "tensorflow", "keras"} <= set(table["component"])
    assert "missing" not in set(table["version"])
