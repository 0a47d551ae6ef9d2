"""Confusion counts and the report of each class agree with counting by hand."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpers.evaluation import EvaluationError, class_report, confusion_counts


def test_counts_have_true_classes_in_rows_and_predictions_in_columns() -> None:
    counts = confusion_counts([0, 0, 2], [0, 1, 1], 3)
    assert counts.tolist() == [[1, 1, 0], [0, 0, 0], [0, 1, 0]]


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3)), max_size=60))
def test_every_image_is_counted_once_where_it_belongs(pairs: list[tuple[int, int]]) -> None:
    truth, said = [a for a, _ in pairs], [b for _, b in pairs]
    counts = confusion_counts(np.array(truth, int), np.array(said, int), 4)
    for row in range(4):
        for column in range(4):
            assert counts[row, column] == pairs.count((row, column))


def test_the_report_has_a_row_for_each_class_with_measures_worked_out_by_hand() -> None:
    report = class_report([0, 0, 0, 1, 1, 2], [0, 0, 1, 1, 0, 2], ["ant", "bee", "cat"])
    assert list(report.columns) == ["class", "precision", "recall", "f1", "support"]
    assert report["class"].tolist() == ["ant", "bee", "cat"]
    assert np.allclose(report["precision"], [2 / 3, 1 / 2, 1])
    assert np.allclose(report["recall"], [2 / 3, 1 / 2, 1])
    assert np.allclose(report["f1"], [2 / 3, 1 / 2, 1])
    assert report["support"].tolist() == [3, 2, 1]


def test_f1_is_the_harmonic_mean_of_precision_and_recall() -> None:
    random = np.random.default_rng(0)
    report = class_report(random.integers(0, 5, 400), random.integers(0, 5, 400), list("abcde"))
    harmonic = 2 / (1 / report["precision"] + 1 / report["recall"])
    assert np.allclose(report["f1"], harmonic)


def test_what_would_be_divided_by_zero_is_not_a_number() -> None:
    report = class_report([0, 0], [0, 1], ["ant", "bee", "cat"])
    assert np.isnan(report["precision"][2])
    assert np.isnan(report["recall"][1])
    assert report["precision"][1] == 0
    assert np.isnan(report["f1"][2])
    assert report["f1"][1] == 0


@pytest.mark.parametrize(
    ("truth", "predicted", "message"),
    [
        ([0, 1], [0], "2 true labels, but 1 predictions"),
        ([0, 3], [0, 1], "3 classes have the indices 0 to 2"),
        ([0, 1], [[0.1, 0.9], [0.8, 0.2]], r"argmax\(axis=1\)"),
        ([0, 1], [0.5, 1.0], r"argmax\(axis=1\)"),
        (["a"], [0], "class indices"),
    ],
)
def test_labels_that_are_no_classes_are_named(truth: object, predicted: object, message: str) -> None:
    with pytest.raises(EvaluationError, match=message):
        confusion_counts(truth, predicted, 3)
