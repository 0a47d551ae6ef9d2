"""A real JupyterLab and a real Chromium, for tests that do what a student or an instructor does."""

from __future__ import annotations

import contextlib
import json
import os
import secrets
import shutil
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from helpers.commands.lab import SETTINGS
from helpers.commands.saving import HOOK
from tests.ports import free_port

ROOT = Path(__file__).resolve().parents[2]
ARTEFACTS = ROOT / "artefacts"
CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
# Chromium's own calls home are switched off: the tests need nothing but this machine.
CHROMIUM_FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
START_SECONDS = 60


@dataclass(frozen=True)
class Laboratory:
    """A running JupyterLab."""

    address: str
    token: str
    log: Path

    def url(self, path: str) -> str:
        """The address of a page of this server, with its token."""
        return f"{self.address}/{path}?token={self.token}&reset"

    def kernel_states(self) -> list[str]:
        """What each running kernel is doing: "starting", "idle", "busy"."""
        try:
            return [kernel["execution_state"] for kernel in self._kernels()]
        except urllib.error.HTTPError as error:
            if error.code != 500:
                raise
            return ["starting"]  # the server can't list a kernel in the moment in which it is being made

    def end_kernels(self) -> None:
        """Ends all of them, as Kernel > Shut Down All Kernels does."""
        for kernel in self._kernels():
            self._ask(f"api/kernels/{kernel['id']}", "DELETE").close()

    def _kernels(self) -> list[dict[str, Any]]:
        with self._ask("api/kernels") as answer:
            found: list[dict[str, Any]] = json.load(answer)
            return found

    def _ask(self, path: str, method: str = "GET") -> Any:
        request = urllib.request.Request(f"{self.address}/{path}?token={self.token}", method=method)
        return urllib.request.urlopen(request, timeout=60)


def chromium() -> str:
    """Where Chromium is; without one, browser tests are skipped, except on the CI, where they fail."""
    for name in CHROMIUM_NAMES:
        if found := shutil.which(name):
            return found
    if os.environ.get("CI"):
        pytest.fail("The browser tests need Chromium: install it (Debian: apt-get install chromium).")
    pytest.skip("no Chromium here (Debian: apt-get install chromium)")


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    executable = chromium()
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=executable, args=CHROMIUM_FLAGS)
        yield running
        running.close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    # Tall enough that JupyterLab renders every cell: it leaves out what is out of sight.
    context = browser.new_context(viewport={"width": 1300, "height": 2400})
    opened = context.new_page()
    opened.set_default_timeout(60_000)
    yield opened
    context.close()


@pytest.fixture
def screenshot(request: pytest.FixtureRequest) -> Callable[[Page, str], Path]:
    """Keeps a picture of a page under artefacts/, to be looked at."""

    def take(page: Page, name: str) -> Path:
        ARTEFACTS.mkdir(exist_ok=True)
        path = ARTEFACTS / f"{request.node.name}-{name}.png"
        page.screenshot(path=path)
        return path

    return take


@pytest.fixture(scope="module")
def laboratory(desk: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Laboratory]:
    """JupyterLab for all tests of a module, in the folder that the module's own fixture `desk` makes."""
    with serving(desk, tmp_path_factory.mktemp("jupyterlab")) as running:
        yield running


@pytest.fixture
def own_kernel(laboratory: Laboratory) -> Iterator[None]:
    """No test finds a kernel that an earlier one has left."""
    yield
    laboratory.end_kernels()


@contextlib.contextmanager
def serving(folder: Path, scratch: Path) -> Iterator[Laboratory]:
    """JupyterLab in a folder, for as long as the block lasts; what it writes for itself goes to `scratch`."""
    port, token = free_port(), secrets.token_hex(16)
    laboratory = Laboratory(f"http://127.0.0.1:{port}", token, scratch / "jupyterlab.log")
    environment = os.environ | {
        "JUPYTERLAB_SETTINGS_DIR": str(scratch / "settings"),
        "JUPYTERLAB_WORKSPACES_DIR": str(scratch / "workspaces"),
        "JUPYTER_RUNTIME_DIR": str(scratch / "runtime"),
        "IPYTHONDIR": str(scratch / "ipython"),
        "WORKSHOP_DATA": "bundled",
    }
    flags = ["--no-browser", "--ip=127.0.0.1", f"--port={port}", f"--IdentityProvider.token={token}"]
    flags += [f"--LabApp.app_settings_dir={SETTINGS}", HOOK]
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        flags.append("--allow-root")
    with laboratory.log.open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "jupyterlab", *flags],
            cwd=folder,
            env=environment,
            stdout=log,
            stderr=subprocess.STDOUT,
        )
        try:
            _wait_until_it_answers(laboratory, process)
            yield laboratory
        finally:
            process.terminate()
            process.wait(timeout=30)


def _wait_until_it_answers(laboratory: Laboratory, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        with contextlib.suppress(OSError):
            urllib.request.urlopen(f"{laboratory.address}/api?token={laboratory.token}", timeout=5).close()
            return
        time.sleep(0.2)
    raise AssertionError(f"JupyterLab did not answer:\n{laboratory.log.read_text(errors='replace')[-2000:]}")
