"""Repeated trainings are shown as means with error bars, and no run is hidden."""

from __future__ import annotations

import pandas as pd
import pytest

from helpers.plotting import PlottingError, accuracy_by_labels
from tests.plotting.drawing import check_readable, legend

RUNS = pd.DataFrame(
    [
        ("from scratch", 5, 1, 0.60),
        ("from scratch", 5, 2, 0.70),
        ("from scratch", 50, 1, 0.96),
        ("from scratch", 50, 2, 0.98),
        ("frozen", 5, 1, 0.85),
        ("frozen", 5, 2, 0.87),
        ("frozen", 50, 1, 0.95),
        ("frozen", 50, 2, 0.95),
    ],
    columns=["method", "labels", "seed", "accuracy"],
)


def test_a_marker_is_a_mean_and_its_bar_one_standard_deviation() -> None:
    figure = accuracy_by_labels(RUNS)
    axes = figure.figure.axes[0]
    drawn = {container.get_label(): container for container in axes.containers}
    assert list(drawn) == ["from scratch", "frozen"]
    line, _, (bars,) = drawn["from scratch"].lines
    assert line.get_ydata() == pytest.approx([65, 97])
    low, high = bars.get_segments()[0][:, 1]
    assert (low, high) == (pytest.approx(65 - 7.071, abs=0.01), pytest.approx(65 + 7.071, abs=0.01))
    assert [label.get_text() for label in axes.get_xticklabels()] == ["5", "50"]
    check_readable(figure)


def test_every_run_has_its_dot() -> None:
    axes = accuracy_by_labels(RUNS).figure.axes[0]
    dots = [share for line in axes.lines if line.get_marker() == "." for share in line.get_ydata()]
    assert sorted(dots) == pytest.approx(sorted(100 * RUNS["accuracy"]))


def test_methods_differ_by_more_than_their_colour() -> None:
    axes = accuracy_by_labels(RUNS).figure.axes[0]
    lines = [container.lines[0] for container in axes.containers]
    assert len({line.get_marker() for line in lines}) == len({line.get_linestyle() for line in lines}) == 2


def test_the_alt_text_tells_every_mean_its_deviation_and_the_number_of_runs() -> None:
    assert accuracy_by_labels(RUNS, title="Signs").alt == (
        "Signs. With 5 labels a class: from scratch 65.0 ± 7.1 % (2 runs) and frozen 86.0 ± 1.4 % (2 runs). "
        "With 50 labels a class: from scratch 97.0 ± 1.4 % (2 runs) and frozen 95.0 ± 0.0 % (2 runs)."
    )


def test_a_single_run_has_no_deviation() -> None:
    figure = accuracy_by_labels(RUNS[RUNS["seed"] == 1])
    assert "±" not in figure.alt
    assert "frozen 85.0 % (1 run)" in figure.alt


def test_guessing_is_shown_where_the_number_of_classes_is_known() -> None:
    assert "guessing (4 %)" in legend(accuracy_by_labels(RUNS, classes=25))
    assert legend(accuracy_by_labels(RUNS)) == ["from scratch", "frozen"]


@pytest.mark.parametrize(
    ("table", "words"),
    [
        ([0.9, 0.8], "missing here: method, labels, seed and accuracy"),
        (RUNS.drop(columns="seed"), "missing here: seed"),
        (RUNS.assign(accuracy=90.0), "shares from 0 to 1"),
        (RUNS.assign(accuracy=float("nan")), "none missing"),
        (RUNS[:0], "0 methods"),
        (RUNS.assign(method=[f"m{n}" for n in range(8)]), "8 methods"),
        (RUNS[:-2], "no run of 'frozen' with 50 labels"),
    ],
)
def test_what_is_no_table_of_runs_is_refused(table: object, words: str) -> None:
    with pytest.raises(PlottingError, match=words):
        accuracy_by_labels(table)  # type: ignore[arg-type]
