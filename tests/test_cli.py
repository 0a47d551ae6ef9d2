"""The command line: quick, calm about mistakes, and without what is not installed."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

import pytest

from helpers.cli import main


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
