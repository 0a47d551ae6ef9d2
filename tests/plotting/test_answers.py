"""Figures of right and wrong answers show what was counted, and say it in words."""

from __future__ import annotations

import numpy as np
import pytest

from helpers.plotting import PlottingError, confused_pairs, right_and_wrong
from helpers.plotting.answers import most_confused
from tests.plotting.drawing import check_readable, images, legend, texts

NAMES = ["M", "N", "S"]
TRUTH = np.array([0, 0, 0, 0, 1, 1, 1, 2, 2])
SAID = np.array([0, 1, 1, 2, 1, 1, 0, 2, 2])


def test_each_class_has_its_right_its_missed_and_its_false_ones() -> None:
    figure = right_and_wrong(TRUTH, SAID, NAMES)
    axes = figure.figure.axes[0]
    heights = np.reshape([bar.get_height() for bar in axes.patches], (3, 3))
    assert heights.tolist() == [[1, 2, 2], [3, 1, 0], [-1, -2, -1]]
    assert texts(axes) == ["3", "1", "1", "2", "1"]
    assert len(legend(figure)) == 3
    assert "9 images of 3 classes, 55.6 % right." in figure.alt
    assert "Most often missed: M (3 times) and N (1 time)." in figure.alt
    assert "Most often named wrongly: N (2 times), M (1 time) and S (1 time)." in figure.alt
    check_readable(figure)


def test_where_all_is_right_no_mistakes_are_told() -> None:
    figure = right_and_wrong(TRUTH, TRUTH, NAMES)
    assert figure.alt.endswith("100.0 % right.")
    assert texts(figure.figure.axes[0]) == []


def test_pairs_are_ordered_by_how_often_they_happen() -> None:
    assert most_confused(TRUTH, SAID, 3) == [(0, 1, 2), (0, 2, 1), (1, 0, 1)]
    assert most_confused(TRUTH, TRUTH, 3) == []


def test_a_pair_shows_both_classes_and_the_mistakes_between() -> None:
    x = images(9)
    figure = confused_pairs(x, TRUTH, SAID, NAMES, pairs=2, per_pair=2)
    first, between, second = figure.figure.axes
    assert np.array_equal(first.images[0].get_array(), x[0, ..., 0])
    assert np.array_equal(between.images[0].get_array(), x[1, ..., 0])
    assert np.array_equal(between.images[1].get_array(), x[2, ..., 0])
    assert np.array_equal(second.images[0].get_array(), x[4, ..., 0])
    assert first.images[1].get_array().mask.all()  # there is only one M that was read rightly
    assert [label.get_text() for label in first.get_yticklabels()] == [
        "M taken for N\n(2 times)",
        "M taken for S\n(1 time)",
    ]
    assert figure.alt.endswith("M taken for N (2 times) and M taken for S (1 time).")
    check_readable(figure)


@pytest.mark.parametrize(
    ("draw", "message"),
    [
        (lambda: right_and_wrong([], [], NAMES), "nothing to count"),
        (lambda: confused_pairs(images(9), TRUTH, TRUTH, NAMES), "no pair to show"),
        (lambda: confused_pairs(images(9), TRUTH, SAID, NAMES, pairs=0), "choose 1 to 6"),
        (lambda: confused_pairs(images(8), TRUTH, SAID, NAMES), "8 images, but 9 true labels"),
    ],
)
def test_what_cannot_be_drawn_is_named(draw: object, message: str) -> None:
    with pytest.raises(PlottingError, match=message):
        draw()  # type: ignore[operator]
