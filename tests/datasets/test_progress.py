"""A bar where somebody is looking, silence where nobody is."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

SHOW = """
from helpers.datasets.progress import showing
with showing("Fetching MNIST") as (report, quiet):
    for done in range(0, 11):
        report("mnist.npz", done * 1_000_000, 10_000_000)
print("quiet" if quiet else "shown")
"""


def test_without_a_terminal_nothing_is_shown() -> None:
    done = subprocess.run([sys.executable, "-c", SHOW], capture_output=True, text=True, check=True)
    assert done.stdout == "quiet\n"
    assert done.stderr == ""


@pytest.mark.skipif(sys.platform == "win32", reason="POSIX terminals")
def test_a_terminal_shows_a_bar() -> None:
    controller, terminal = os.openpty()
    environment = {**os.environ, "TERM": "xterm", "COLUMNS": "120"}
    process = subprocess.Popen(
        [sys.executable, "-c", SHOW], stdout=subprocess.PIPE, stderr=terminal, env=environment, text=True
    )
    os.close(terminal)
    shown = b""
    try:
        while piece := os.read(controller, 4096):
            shown += piece
    except OSError:  # the terminal's other end is closed: the program has ended
        pass
    finally:
        os.close(controller)
    out, _ = process.communicate(timeout=20)
    assert out == "shown\n"
    text = shown.decode()
    assert "Fetching MNIST (Ctrl-C stops" in text
    assert "mnist.npz" in text
    assert "10.0/10.0 MB" in text
