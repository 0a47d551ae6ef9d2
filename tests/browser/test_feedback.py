"""A feedback page in a real Chromium: whatever a student put into it, nothing runs and nothing is fetched."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page

from helpers.grading.feedback import FeedbackExporter
from tests.grading import hostile

pytestmark = [pytest.mark.browser, pytest.mark.slow]

POLICY = re.compile(r"<meta [^>]*Content-Security-Policy[^>]*>")


def what_happened(page: Page, path: Path, *, clicks: bool = True) -> tuple[bool, list[str]]:
    """Opens a page and clicks on links; whether the script ran, and what the network was asked for."""
    fetched: list[str] = []
    page.on("request", lambda request: fetched.append(request.url))
    page.on("dialog", lambda dialog: dialog.dismiss())
    page.goto(path.as_uri(), wait_until="load")
    for link in page.locator("a", has_text="link").all() if clicks else ():
        link.click(no_wait_after=True)
    page.wait_for_timeout(300)
    ran = page.evaluate("document.documentElement.dataset.hacked === 'yes'")
    return ran, [url for url in fetched if not url.startswith(("file:", "data:"))]


@pytest.fixture(scope="module")
def feedback() -> str:
    page, _ = FeedbackExporter().from_notebook_node(hostile.notebook(), hostile.resources())
    return str(page)


def test_nothing_runs_and_nothing_is_fetched(page: Page, tmp_path: Path, feedback: str) -> None:
    path = tmp_path / "feedback.html"
    path.write_text(feedback, encoding="utf-8")
    assert what_happened(page, path) == (False, [])
    assert page.get_by_text("a harmless table").count() >= 1
    page.screenshot(path=tmp_path / "feedback.png", full_page=True)


def test_nor_in_a_browser_that_knows_no_policies(page: Page, tmp_path: Path, feedback: str) -> None:
    without, count = POLICY.subn("", feedback)
    assert count == 1
    path = tmp_path / "feedback.html"
    path.write_text(without, encoding="utf-8")
    assert what_happened(page, path) == (False, [])


@pytest.mark.parametrize("policy", [False, True])
def test_the_policy_alone_would_stop_them_too(
    page: Page, tmp_path: Path, feedback: str, policy: bool
) -> None:
    found = POLICY.search(feedback)
    assert found
    head = found[0] if policy else ""
    path = tmp_path / "raw.html"
    elements = [one for one in hostile.ELEMENTS if "refresh" not in one and "<style" not in one]
    path.write_text(f"<!DOCTYPE html><head>{head}</head><body>{''.join(elements)}", encoding="utf-8")
    assert what_happened(page, path, clicks=False)[0] is not policy
