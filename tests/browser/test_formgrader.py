"""An instructor looks at the demo's grades in nbgrader's own formgrader, and grades once more from there."""

from __future__ import annotations

import csv
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import ROOT, Laboratory

pytestmark = [pytest.mark.browser, pytest.mark.slow]

STUDENTS = 3


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A graded course of a few simulated students."""
    folder = tmp_path_factory.mktemp("course") / "demo"
    command = [sys.executable, "-m", "helpers.cli", "demo", "02", "--students", str(STUDENTS)]
    command += ["--folder", str(folder)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=500)
    assert done.returncode == 0, done.stdout + done.stderr
    return folder


def test_formgrader_lists_the_grades_and_grades_again(
    desk: Path,
    laboratory: Laboratory,
    page: Page,
    screenshot: Callable[[Page, str], Path],
) -> None:
    page.goto(laboratory.url("lab"))  # signs in
    page.goto(laboratory.url("formgrader/manage_submissions/02_convolution_by_hand"))
    rows = page.locator("tbody tr")
    expect(rows).to_have_count(STUDENTS)
    exported = exported_scores(desk)
    for student, score in exported.items():
        expect(rows.filter(has_text=student)).to_contain_text(f"{score:g} / 10")
    screenshot(page, "grades")

    student, score = max(exported.items(), key=lambda one: one[1])
    rows.filter(has_text=student).locator(".autograde a").click()
    expect(page.locator(".modal-title")).to_have_text("Success", timeout=240_000)
    screenshot(page, "graded again")
    page.reload()
    expect(rows.filter(has_text=student)).to_contain_text(f"{score:g} / 10")


def exported_scores(course: Path) -> dict[str, float]:
    """Each student's score in grades.csv."""
    with (course / "grades.csv").open(newline="") as file:
        return {row["student_id"]: float(row["score"]) for row in csv.DictReader(file)}
