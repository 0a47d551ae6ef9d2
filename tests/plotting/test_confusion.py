"""The confusion matrix and the report of each class show the counts that they are given."""

from __future__ import annotations

import numpy as np
import pytest

from helpers.evaluation import class_report as report_of
from helpers.plotting import PlottingError, class_report, confusion_matrix
from tests.plotting.drawing import DIGITS, check_readable, legend, texts

NAMES = ["ant", "bee", "cat"]
TRUTH = [0, 0, 0, 0, 1, 1, 2, 2]
SAID = [0, 0, 0, 1, 1, 1, 0, 1]


def test_every_cell_that_is_not_empty_has_its_count() -> None:
    figure = confusion_matrix(TRUTH, SAID, NAMES)
    axes, bar = figure.figure.axes
    cells = {tuple(map(int, text.get_position())): text.get_text() for text in axes.texts}
    assert cells == {(0, 0): "3", (1, 0): "1", (1, 1): "2", (0, 2): "1", (1, 2): "1"}  # (column, row)
    assert (axes.get_xlabel(), axes.get_ylabel()) == ("predicted class", "true class")
    assert "mistakes" in bar.get_ylabel()
    check_readable(figure)


def test_the_colour_is_the_share_of_the_row_and_spares_the_diagonal() -> None:
    drawn = confusion_matrix(TRUTH, SAID, NAMES).figure.axes[0].images[0].get_array()
    assert np.ma.getmaskarray(drawn).diagonal().all()
    assert drawn[0, 1] == pytest.approx(25)
    assert drawn[2, 0] == drawn[2, 1] == pytest.approx(50)


def test_the_words_name_the_largest_mistakes() -> None:
    alt = confusion_matrix(TRUTH, SAID, NAMES).alt
    assert "8 images, 62.5 % right" in alt
    assert "ant for bee (1 times), cat for ant (1 times) and cat for bee (1 times)" in alt
    assert confusion_matrix([0, 1], [0, 1], NAMES).alt.endswith("No mistakes.")


def test_a_matrix_of_many_classes_is_small_enough_to_store() -> None:
    random = np.random.default_rng(0)
    letters = list("ABCDEFGHIKLMNOPQRSTUVWXY")
    check_readable(confusion_matrix(random.integers(0, 24, 900), random.integers(0, 24, 900), letters))


def test_the_report_draws_each_measure_of_each_class() -> None:
    figure = class_report(report_of([0, 0, 1, 1], [0, 0, 1, 0], DIGITS[:2]))
    (axes,) = figure.figure.axes
    precision, recall, f1 = axes.lines
    classes = [label.get_text() for label in axes.get_yticklabels()]
    assert classes == ["1", "0"]  # the lowest F1 first, at the bottom
    assert np.allclose(precision.get_xdata(), [100, 200 / 3])
    assert np.allclose(recall.get_xdata(), [50, 100])
    assert np.allclose(f1.get_xdata(), [200 / 3, 80])
    assert len({line.get_marker() for line in axes.lines}) == 3
    assert legend(figure) == ["precision", "recall", "F1"]
    assert "0 66.7 % and 100.0 %" in figure.alt
    check_readable(figure)


def test_a_class_that_was_never_predicted_has_no_precision() -> None:
    figure = class_report(report_of([0, 1], [0, 0], ["a", "b"]))
    assert "b undefined and 0.0 %" in figure.alt
    check_readable(figure)


def test_what_cannot_be_drawn_is_named() -> None:
    with pytest.raises(PlottingError, match="no predictions"):
        confusion_matrix(np.zeros(0, int), np.zeros(0, int), NAMES)
    with pytest.raises(PlottingError, match=r"evaluation\.class_report"):
        class_report("report")  # type: ignore[arg-type]


def test_long_names_are_turned_and_short_ones_are_not() -> None:
    long, short = (confusion_matrix(TRUTH, SAID, names).figure.axes[0] for names in (NAMES, list("abc")))
    assert {label.get_rotation() for label in long.get_xticklabels()} == {45}
    assert {label.get_rotation() for label in short.get_xticklabels()} == {0}
    assert texts(long) == texts(short)
