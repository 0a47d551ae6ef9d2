"""The grader's secret: made once, kept private, and never the same seed for two purposes."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from helpers.grading.errors import GradingError
from helpers.grading.secret import Secret, load_secret, secret_path


def test_it_is_made_on_first_use_for_its_owner_alone() -> None:
    secret = load_secret()
    assert len(secret.key) == 32
    assert stat.S_IMODE(secret_path().stat().st_mode) == 0o600
    assert [path.name for path in secret_path().parent.iterdir()] == [secret_path().name]


def test_it_stays_the_same() -> None:
    assert load_secret() == load_secret()


def test_two_graders_have_different_ones(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    mine = load_secret()
    monkeypatch.setenv("WORKSHOP_SECRET_FILE", str(tmp_path / "another"))
    assert load_secret() != mine


def test_without_the_variable_it_lies_in_the_users_settings(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.delenv("WORKSHOP_SECRET_FILE")
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "settings"))
    assert tmp_path in secret_path().parents


def test_a_secret_that_others_may_read_is_refused_with_the_remedy() -> None:
    load_secret()
    os.chmod(secret_path(), 0o644)
    with pytest.raises(GradingError, match=r"Others may read .* \(its mode is 644\).*chmod 600"):
        load_secret()


@pytest.mark.parametrize("content", ["", "\n", "12345678", "not hexadecimal", "ä" * 64])
def test_a_file_that_holds_no_secret_is_refused(content: str) -> None:
    path = secret_path()
    path.parent.mkdir(parents=True)
    path.write_text(content, encoding="utf-8")
    path.chmod(0o600)
    with pytest.raises(GradingError, match="64 hexadecimal digits are expected"):
        load_secret()


def test_a_place_that_cant_be_used_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("WORKSHOP_SECRET_FILE", str(tmp_path / "file" / "secret"))
    with pytest.raises(GradingError, match=r"file/secret can't be used .*WORKSHOP_SECRET_FILE"):
        load_secret()


def test_each_purpose_has_its_own_seed(secret: Secret) -> None:
    seeds = {
        secret.seed("01", "model", "challenge"),
        secret.seed("01", "prepare", "challenge"),
        secret.seed("02", "model", "challenge"),
        secret.seed("01", "modelchallenge"),
        secret.seed("01model", "challenge"),
        Secret(bytes(32)).seed("01", "model", "challenge"),
    }
    assert len(seeds) == 6


def test_a_seed_is_the_same_tomorrow(secret: Secret) -> None:
    assert secret.seed("a") == secret.seed("a") < 2**128


def test_it_isnt_shown(secret: Secret) -> None:
    assert repr(secret) == "Secret()"
