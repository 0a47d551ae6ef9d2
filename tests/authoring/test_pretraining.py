"""`workshop backbone` trains the base on invented signs, and writes what the backbone then loads."""

from __future__ import annotations

import tomllib
from pathlib import Path

import numpy as np
import pytest

from helpers import models
from helpers.authoring import pretraining
from helpers.authoring.errors import BuildError
from helpers.cli import main
from helpers.models import backbone


@pytest.mark.slow
def test_what_it_writes_is_what_the_backbone_loads(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["backbone", "--rounds", "2", "--images", "256", "--folder", str(tmp_path)])
    assert not ended.value.code
    told = capsys.readouterr().out
    assert "round 2 of 2: loss" in told
    assert "of new invented signs named rightly" in told
    monkeypatch.setattr(backbone, "WEIGHTS", tmp_path / backbone.WEIGHTS.name)
    monkeypatch.setattr(backbone, "CARD", tmp_path / backbone.CARD.name)
    written, newborn = models.load_backbone(), models.load_backbone(pretrained=False)
    variance = written.get_layer("normalise_1").moving_variance.numpy()
    assert not np.allclose(variance, newborn.get_layer("normalise_1").moving_variance.numpy(), atol=0.01)


def test_the_same_weights_give_the_same_file(tmp_path: Path) -> None:
    pretrained = pretraining.Pretrained(models.backbone_weights(), accuracy=0.5, cpu_seconds=1)
    contents = []
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        size = pretraining.write_weights(pretrained, pretraining.Recipe(), tmp_path / name)
        contents.append((tmp_path / name / backbone.WEIGHTS.name).read_bytes())
        assert size == len(contents[-1])
    assert contents[0] == contents[1] == backbone.WEIGHTS.read_bytes()


def test_weights_too_large_for_the_repository_are_refused(tmp_path: Path) -> None:
    random = np.random.default_rng(1)
    large = {"a/kernel": random.normal(size=600_000).astype(np.float32)}
    with pytest.raises(BuildError, match="at most 1,000,000 are committed"):
        pretraining.write_weights(pretraining.Pretrained(large, 0.5, 1), pretraining.Recipe(), tmp_path)
    assert not list(tmp_path.iterdir())


def test_the_command_makes_what_is_committed() -> None:
    card = tomllib.loads(backbone.CARD.read_text(encoding="utf-8"))
    assert card["recipe"] == vars(pretraining.Recipe())
