"""A notebook open in JupyterLab, driven as a person drives it: by menus, buttons and keys."""

from __future__ import annotations

import re
import time
from typing import Any

import nbformat
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import Laboratory

RUN_SECONDS = 420


def notebook_of(*sources: str) -> Any:
    """A new notebook with these code cells."""
    kernel = {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}
    cells = [nbformat.v4.new_code_cell(source) for source in sources]
    return nbformat.v4.new_notebook(cells=cells, metadata={"kernelspec": kernel})


class NotebookPage:
    """The notebook that a browser page shows."""

    def __init__(self, page: Page, laboratory: Laboratory, path: str) -> None:
        self.page = page
        self._laboratory = laboratory
        page.goto(laboratory.url(f"lab/tree/{path}"))
        expect(page.locator(".jp-NotebookPanel .jp-Cell").first).to_be_visible(timeout=60_000)
        self.wait_until_idle()

    def run_all(self) -> None:
        """Kernel > Restart Kernel and Run All Cells, and waits until the kernel is done."""
        never_run = self.page.locator(".jp-CodeCell .jp-InputPrompt").filter(has_text=re.compile(r"^\[ \]:$"))
        self._menu("Kernel", "Restart Kernel and Run All Cells…")
        self.page.get_by_role("button", name="Confirm Kernel Restart").click()
        self.page.wait_for_function(
            "() => [...document.querySelectorAll('.jp-InputPrompt')].some(p => p.textContent.includes('[*]'))"
        )
        self.wait_until_idle()
        assert never_run.count() == 0, "some cells were not run"

    def wait_until_idle(self) -> None:
        """Waits until the kernel rests and no cell waits; looks twice, since cells start late."""
        deadline = time.monotonic() + RUN_SECONDS
        quiet = 0
        while quiet < 2:
            assert time.monotonic() < deadline, f"still running after {RUN_SECONDS} s"
            self.page.wait_for_timeout(500)
            resting = self._laboratory.kernel_states() == ["idle"]
            waiting = self.page.locator(".jp-InputPrompt", has_text="[*]").count()
            quiet = quiet + 1 if resting and not waiting else 0

    def cell(self, text: str) -> Locator:
        """The code cell whose source holds a text."""
        return (
            self.page.locator(".jp-CodeCell")
            .filter(has=self.page.locator(".jp-InputArea", has_text=text))
            .first
        )

    def replace(self, cell: Locator, source: str) -> None:
        """Types a source into a cell in place of what it held."""
        cell.locator(".cm-content").click()
        self.page.keyboard.press("Control+A")
        self.page.keyboard.insert_text(source)

    def run(self, cell: Locator) -> None:
        """Runs one cell with Ctrl+Enter."""
        cell.locator(".cm-content").click()
        self.page.keyboard.press("Control+Enter")
        self.wait_until_idle()

    def errors(self) -> list[str]:
        """What error outputs say."""
        return self.page.locator(
            '[data-mime-type="application/vnd.jupyter.stderr"], '
            '[data-mime-type="application/vnd.jupyter.error"]'
        ).all_text_contents()

    def figures(self) -> Locator:
        """All pictures among the outputs."""
        return self.page.locator(".jp-OutputArea-output img")

    def _menu(self, menu: str, entry: str) -> None:
        self.page.get_by_role("menuitem", name=menu, exact=True).click()
        self.page.locator(".lm-Menu-itemLabel", has_text=re.compile(f"^{entry}$")).click()
