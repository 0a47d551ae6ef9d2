"""An instructor looks at the demo's grades in nbgrader's own formgrader, and grades once more from there."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import ROOT, Laboratory

pytestmark = [pytest.mark.browser, pytest.mark.slow]

STUDENTS = 3


@pytest.fixture
def course(tmp_path: Path) -> Path:
    """A graded course of a few simulated students."""
    folder = tmp_path / "demo"
    command = [sys.executable, "-m", "helpers.cli", "demo", "01", "--students", str(STUDENTS)]
    command += ["--folder", str(folder)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=500)
    assert done.returncode == 0, done.stdout + done.stderr
    return folder


def test_formgrader_lists_the_grades_and_grades_again(
    course: Path,
    jupyterlab: Callable[[Path], Laboratory],
    page: Page,
    screenshot: Callable[[Page, str], Path],
) -> None:
    laboratory = jupyterlab(course)
    page.goto(laboratory.url("formgrader/gradebook/01_dense_mnist/01_dense_mnist"))
    rows = page.locator("tbody tr")
    expect(rows).to_have_count(STUDENTS)
    scores = page.locator("tbody tr", has_text=re.compile(r"10 / 10|10\.0 / 10"))
    expect(scores.first).to_be_visible()
    screenshot(page, "gradebook")
