"""`workshop lab` decides quickly about the network, gets what can be had, and opens JupyterLab."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

import pytest

from helpers.commands.lab import ROOT, START_PAGE
from helpers.datasets.network import answers
from tests.datasets.server import Behaviour, serving

ENVIRONMENT = {name: value for name, value in os.environ.items() if not name.lower().endswith("_proxy")}


@pytest.fixture(autouse=True)
def _no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in os.environ:
        if name.lower().endswith("_proxy"):
            monkeypatch.delenv(name)


def test_a_server_that_answers_anything_answers() -> None:
    with serving(Behaviour({})) as address:
        assert answers(address, within_s=5)


def test_silence_and_refusal_are_known_in_time() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]
        started = time.perf_counter()
        assert not answers(f"http://127.0.0.1:{port}", within_s=0.3)
        assert time.perf_counter() - started < 1
    assert not answers(f"http://127.0.0.1:{port}", within_s=5)


@pytest.mark.skipif(sys.platform != "linux", reason="takes the network away as Linux does")
def test_without_a_network_one_calm_line_is_all(tmp_path: Path) -> None:
    code = "from helpers.commands.lab import fetch_what_is_missing as fetch; fetch()"
    environment = {**ENVIRONMENT, "WORKSHOP_DATA_DIR": str(tmp_path), "WORKSHOP_DATA": "auto"}
    command = ["unshare", "-rn", sys.executable, "-c", code]
    started = time.perf_counter()
    done = subprocess.run(command, capture_output=True, text=True, env=environment)
    if "unshare" in done.stderr:
        pytest.skip("no namespaces here")
    assert time.perf_counter() - started < 5
    assert done.returncode == 0
    assert done.stderr == ""
    (line,) = done.stdout.splitlines()
    assert "no network" in line
    assert list(tmp_path.iterdir()) == []


SLOW_FETCH = """
import dataclasses, signal, sys
signal.signal(signal.SIGINT, signal.default_int_handler)  # a background job may have it ignored
from helpers.commands import lab
from helpers.datasets import catalog, network
address = sys.argv[1]
remote = catalog.RemoteFile("mnist.npz", address + "/mnist.npz", 10_000_000, "0" * 64)
digits = dataclasses.replace(catalog.MNIST, remote=(remote,))
catalog.SOURCES = (digits,)
network.answers = lambda *_, **__: True
lab.draw_what_is_missing = lambda: None
lab.run_jupyterlab = lambda arguments: print("JupyterLab with", arguments)
from helpers.cli import main
main(["lab", "--no-browser"])
"""


def test_ctrl_c_skips_the_download_and_goes_on_to_jupyterlab(tmp_path: Path) -> None:
    behaviour = Behaviour({"/mnist.npz": bytes(10_000_000)}, bytes_per_s=500_000)
    with serving(behaviour) as address:
        process = subprocess.Popen(
            [sys.executable, "-c", SLOW_FETCH, address],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env={**ENVIRONMENT, "WORKSHOP_DATA_DIR": str(tmp_path), "WORKSHOP_DATA": "auto"},
        )
        part = tmp_path / "partial" / "mnist.npz.part"
        while process.poll() is None and not (part.exists() and part.stat().st_size > 50_000):
            time.sleep(0.01)
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=20)
    assert process.returncode == 0, err
    assert "Skipped" in out
    assert out.splitlines()[-1] == "JupyterLab with ['--no-browser']"
    assert part.stat().st_size > 50_000


@pytest.mark.slow
def test_jupyterlab_opens_on_the_start_page_and_shows_the_whole_workshop(tmp_path: Path) -> None:
    environment = {
        **ENVIRONMENT,
        "WORKSHOP_DATA": "full",  # nothing to draw first
        "JUPYTER_RUNTIME_DIR": str(tmp_path / "runtime"),
        "JUPYTER_CONFIG_DIR": str(tmp_path / "config"),
    }
    options = ["--no-fetch", "--no-browser", "--port=0", "--allow-root", "--IdentityProvider.token=t"]
    process = subprocess.Popen(
        [sys.executable, "-m", "helpers.cli", "lab", *options],
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        server = started_server(tmp_path / "runtime", process)
        assert Path(server["root_dir"]) == ROOT
        with opened(f"{server['url']}?token=t") as page:
            assert page.url.split("?")[0].endswith(f"/lab/tree/{START_PAGE}")
            assert page.status == 200
    finally:
        process.terminate()
        process.wait(20)


def opened(address: str) -> Any:
    """The page, from a server that writes its address down shortly before it answers there."""
    deadline = time.monotonic() + 60
    while True:
        try:
            return urllib.request.urlopen(address)
        except urllib.error.URLError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.1)


def started_server(runtime: Path, process: subprocess.Popen[bytes]) -> dict[str, str]:
    """What the server that `process` becomes has written down about itself."""
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        assert process.poll() is None, "JupyterLab ended"
        for path in runtime.glob("jpserver-*.json"):
            if not path.name.endswith("-open.html") and path.stat().st_size:
                found: dict[str, str] = json.loads(path.read_text())
                return found
        time.sleep(0.1)
    raise AssertionError("JupyterLab did not start in a minute")
