"""A student's way through the lessons and the first assignment, in a real browser."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import nbformat
import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import ROOT, Laboratory
from tests.browser.notebook_page import NotebookPage

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.usefixtures("own_kernel")]

Screenshot = Callable[[Page, str], Path]

PREPARE = """def prepare(images, labels):
    x = images[..., None].astype("float32") / 255
    y = np.eye(10, dtype="float32")[labels]
    return x, y"""


LESSONS = sorted(path.stem for path in (ROOT / "notebooks").glob("*.ipynb"))


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What a student has in front of them: lessons and the released assignments."""
    folder = tmp_path_factory.mktemp("desk")
    for part in ("notebooks", "release"):
        shutil.copytree(ROOT / part, folder / part, ignore=shutil.ignore_patterns(".ipynb_checkpoints"))
    return folder


def fill_in_answers(notebook: Path, solved: Path, *, but: str) -> None:
    """Puts the reference answers into a released notebook, all but one."""
    answers = {
        cell.metadata.nbgrader.grade_id: cell.source
        for cell in nbformat.read(solved, as_version=4).cells
        if cell.metadata.get("nbgrader", {}).get("solution")
    }
    released = nbformat.read(notebook, as_version=4)
    for cell in released.cells:
        name = cell.metadata.get("nbgrader", {}).get("grade_id")
        if name in answers and name != but:
            cell.source = answers[name]
    nbformat.write(released, notebook)


@pytest.mark.parametrize("lesson", LESSONS)
def test_a_lesson_runs_from_top_to_bottom_and_shows_its_figures(
    lesson: str, laboratory: Laboratory, page: Page, screenshot: Screenshot
) -> None:
    notebook = NotebookPage(page, laboratory, f"notebooks/{lesson}.ipynb")

    notebook.run_all()

    screenshot(page, "top")
    assert notebook.errors() == []
    figures = notebook.figures()
    assert figures.count() >= 1
    for index in range(figures.count()):
        assert figures.nth(index).get_attribute("alt"), "a figure without alt text"


def test_an_answer_typed_in_is_checked_and_the_whole_is_validated(
    desk: Path, laboratory: Laboratory, page: Page, screenshot: Screenshot
) -> None:
    released = desk / "release/01_dense_mnist/01_dense_mnist.ipynb"
    fill_in_answers(released, ROOT / "solutions/01_dense_mnist/01_dense_mnist.ipynb", but="answer-prepare")
    notebook = NotebookPage(page, laboratory, "release/01_dense_mnist/01_dense_mnist.ipynb")

    notebook.run_all()
    check = notebook.cell('exercise.check("prepare"')
    expect(check).to_contain_text("not attempted")
    screenshot(page, "before")

    answer = notebook.cell("def prepare(")
    notebook.replace(answer, PREPARE)
    notebook.run(answer)
    notebook.run(check)
    expect(check).to_contain_text("right")
    screenshot(page, "after")

    page.get_by_role("button", name="Validate").click()
    dialog = page.locator(".jp-Dialog")
    expect(dialog).to_contain_text("Success", timeout=180_000)
    screenshot(page, "validated")
