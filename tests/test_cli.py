"""The command line: quick, calm about mistakes, and without what is not installed."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from helpers.cli import main
from tests.datasets.server import Behaviour, serving


def run(*arguments: str) -> int:
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    assert isinstance(ended.value.code, int)
    return ended.value.code


def test_help_lists_the_commands_in_less_than_half_a_second() -> None:
    seconds = []
    for _ in range(5):
        start = time.perf_counter()
        done = subprocess.run([sys.executable, "-m", "helpers.cli", "--help"], capture_output=True, text=True)
        seconds.append(time.perf_counter() - start)
        assert done.returncode == 0
        assert "data" in done.stdout
    assert min(seconds) < 0.5


def test_help_imports_nothing_heavy() -> None:
    code = (
        "import sys, helpers.cli; helpers.cli.build_app(); "
        "print([name for name in ('numpy', 'pandas', 'tensorflow', 'rich', 'requests', 'IPython') "
        "if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_a_users_mistake_is_red_on_stderr_without_a_traceback(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WORKSHOP_DATA", "nonsense")
    done = subprocess.run(
        [sys.executable, "-m", "helpers.cli", "data", "status"], capture_output=True, text=True
    )
    assert done.returncode == 1
    assert done.stdout == ""
    assert 'WORKSHOP_DATA is "nonsense"' in done.stderr
    assert "Traceback" not in done.stderr


INTERRUPTED = """
import dataclasses, signal, sys
signal.signal(signal.SIGINT, signal.default_int_handler)  # a background job may have it ignored
from helpers.datasets import catalog
remote = catalog.RemoteFile("mnist.npz", sys.argv[1] + "/mnist.npz", 10_000_000, "0" * 64)
digits = catalog.ENTRIES["digits"]
source = dataclasses.replace(digits.source, remote=(remote,))
catalog.ENTRIES = {"digits": dataclasses.replace(digits, source=source)}
from helpers.cli import main
from tests.datasets.server import Behaviour, serving
main(["data", "fetch", "digits"])
"""


def test_ctrl_c_ends_calmly_and_keeps_what_has_arrived(tmp_path: Path) -> None:
    environment = {name: text for name, text in os.environ.items() if not name.lower().endswith("_proxy")}
    part = tmp_path / "partial" / "mnist.npz.part"
    with serving(Behaviour({"/mnist.npz": bytes(10_000_000)}, bytes_per_s=500_000)) as address:
        process = subprocess.Popen(
            [sys.executable, "-c", INTERRUPTED, address],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env={**environment, "WORKSHOP_DATA_DIR": str(tmp_path)},
        )
        while process.poll() is None and not (part.exists() and part.stat().st_size > 50_000):
            time.sleep(0.01)
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=20)
    assert process.returncode == 130
    assert out == ""
    assert err == ""
    assert part.stat().st_size > 50_000


def test_what_the_bundle_for_students_lacks_is_no_command_and_no_error(tmp_path: Path) -> None:
    ours = Path(__file__).resolve().parents[1] / "helpers"
    theirs = shutil.ignore_patterns("authoring", "grading", "__pycache__")
    shutil.copytree(ours, tmp_path / "helpers", ignore=theirs)
    done = subprocess.run(
        [sys.executable, "-m", "helpers.cli", "--help"], capture_output=True, text=True, cwd=tmp_path
    )
    assert done.returncode == 0, done.stderr
    commands = [line.split()[0] for line in done.stdout.split("Commands:")[1].splitlines() if line.strip()]
    assert set(commands) == {"lab", "data", "doctor"}


def test_fetch_wants_to_know_what(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("data", "fetch") == 1
    assert "digits, fashion, signs, rps" in capsys.readouterr().err
    assert run("data", "fetch", "cifar") == 1
    assert 'no data set "cifar"' in capsys.readouterr().err


def test_an_unknown_command_is_a_usage_error(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("dta") == 2
    assert "No such command" in capsys.readouterr().err


def test_status_shows_every_data_set(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("WORKSHOP_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("COLUMNS", "200")
    monkeypatch.delenv("WORKSHOP_DATA", raising=False)
    assert run("data", "status") == 0
    shown = " ".join(capsys.readouterr().out.split())
    for expected in ("digits", "bundled", "12,000", "fashion", "workshop data fetch", "signs", "rps"):
        assert expected in shown
