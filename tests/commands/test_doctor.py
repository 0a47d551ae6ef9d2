"""`workshop doctor` looks at everything and says what to mend."""

from __future__ import annotations

from pathlib import Path

import pytest

from helpers.commands.doctor import look_at_data, look_at_kernel


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("WORKSHOP_DATA_DIR", str(tmp_path))
    monkeypatch.delenv("WORKSHOP_DATA", raising=False)
    return tmp_path


def test_damaged_data_is_a_problem_with_its_file_and_a_remedy(folder: Path) -> None:
    (folder / "mnist.npz").write_bytes(b"PK nothing")
    finding = look_at_data()
    assert finding.state == "problem"
    assert "digits damaged" in finding.found
    assert "mnist.npz" in finding.advice
    assert "workshop data fetch digits --force" in finding.advice


def test_sets_without_any_images_are_a_warning(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WORKSHOP_DATA", "full")
    finding = look_at_data()
    assert finding.state == "warning"
    assert "workshop data fetch digits fashion signs rps" in finding.advice


def test_a_kernel_is_found_or_missed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert look_at_kernel().state == "ok"
    kernel = tmp_path / "kernels" / "python3"
    kernel.mkdir(parents=True)
    (kernel / "kernel.json").write_text('{"argv": ["/gone/python", "-m", "x"], "display_name": "Gone"}')
    monkeypatch.setenv("JUPYTER_PATH", str(tmp_path))
    monkeypatch.setenv("JUPYTER_DATA_DIR", str(tmp_path / "none"))
    finding = look_at_kernel()
    assert finding.state == "problem"
    assert "/gone/python, which is not there" in finding.found
