"""How real bundled images are can be measured only against the real ones."""

from __future__ import annotations

from pathlib import Path

import pytest

from helpers.datasets.bundled.realism import Realism, measure, summary
from helpers.datasets.errors import DataError


def test_without_the_full_data_set_there_is_nothing_to_measure_on(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("WORKSHOP_DATA_DIR", str(tmp_path))
    with pytest.raises(DataError, match="rps"):
        measure("rps")


def test_a_measurement_reads_as_a_line() -> None:
    assert summary([Realism("rps", 0.999, 0.9, 0.9512)]) == (
        "rps: bundled → real 99.9%, real → bundled 90.0%, bundled → bundled 95.1%"
    )


def test_of_several_measurements_the_mean_and_the_span_are_told() -> None:
    assert summary([Realism("rps", 0.99, 0.85, 1), Realism("rps", 0.99, 0.95, 1)]) == (
        "rps: bundled → real 99.0% (99.0% to 99.0%), real → bundled 90.0% (85.0% to 95.0%), "
        "bundled → bundled 100.0% (100.0% to 100.0%)"
    )
