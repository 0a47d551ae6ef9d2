"""A notebook open in JupyterLab, driven as a person drives it: by menus, buttons and keys."""

from __future__ import annotations

import re

from playwright.sync_api import Locator, Page, expect

RUN_SECONDS = 180


class NotebookPage:
    """The notebook that a browser page shows."""

    def __init__(self, page: Page, url: str) -> None:
        self.page = page
        page.goto(url)
        expect(page.locator(".jp-NotebookPanel .jp-Cell").first).to_be_visible(timeout=60_000)
        self.wait_until_idle()

    def run_all(self) -> None:
        """Run > Run All Cells, and waits until the kernel is done."""
        self._menu("Run", "Run All Cells")
        self.wait_until_idle(after_start=True)

    def wait_until_idle(self, *, after_start: bool = False) -> None:
        """Waits until the kernel rests and no cell waits for its turn."""
        if after_start:
            self.page.wait_for_timeout(1000)
        self.page.wait_for_function(
            """() => {
                const status = document.querySelector('.jp-Notebook-ExecutionIndicator');
                const waiting = [...document.querySelectorAll('.jp-InputPrompt')]
                    .some(prompt => prompt.textContent.includes('[*]'));
                return status && status.dataset.status === 'idle' && !waiting;
            }""",
            timeout=RUN_SECONDS * 1000,
        )

    def cell(self, text: str) -> Locator:
        """The code cell whose source holds a text."""
        return self.page.locator(".jp-CodeCell").filter(
            has=self.page.locator(".jp-InputArea", has_text=text)
        ).first

    def replace(self, cell: Locator, source: str) -> None:
        """Types a source into a cell in place of what it held."""
        cell.locator(".cm-content").click()
        self.page.keyboard.press("Control+A")
        self.page.keyboard.insert_text(source)

    def run(self, cell: Locator) -> None:
        """Runs one cell with Ctrl+Enter."""
        cell.locator(".cm-content").click()
        self.page.keyboard.press("Control+Enter")
        self.wait_until_idle(after_start=True)

    def errors(self) -> list[str]:
        """What error outputs say."""
        return self.page.locator('[data-mime-type="application/vnd.jupyter.stderr"], '
                                 '[data-mime-type="application/vnd.jupyter.error"]').all_text_contents()

    def figures(self) -> Locator:
        """All pictures among the outputs."""
        return self.page.locator(".jp-OutputArea-output img")

    def _menu(self, menu: str, entry: str) -> None:
        self.page.get_by_role("menuitem", name=menu, exact=True).click()
        self.page.locator(".lm-Menu-itemLabel", has_text=re.compile(f"^{entry}$")).click()
