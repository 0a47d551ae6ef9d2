"""Bar charts have the bars that the numbers ask for, and say so in words."""

from __future__ import annotations

import numpy as np
import pytest

from helpers.plotting import PlottingError, class_balance, probabilities, softmax
from tests.plotting.drawing import DIGITS, check_readable, five, legend, texts


def bars(axes: object) -> list[float]:
    return [bar.get_height() for bar in axes.patches]  # type: ignore[attr-defined]


def test_balance_counts_the_images_of_each_class() -> None:
    figure = class_balance([0, 0, 0, 2, 2, 1], ["a", "b", "c"])
    axes = figure.figure.axes[0]
    assert bars(axes) == [3, 1, 2]
    assert axes.get_ylabel() == "number of images"
    assert axes.lines[0].get_ydata()[0] == 2
    assert figure.alt.endswith("6 images, fewest of class b (1), most of class a (3).")
    check_readable(figure)


def test_balance_of_several_splits_compares_shares() -> None:
    figure = class_balance({"training": [0, 0, 0, 1], "test": [0, 1]}, ["a", "b"])
    axes = figure.figure.axes[0]
    assert bars(axes) == [75, 25, 50, 50]
    assert "%" in axes.get_ylabel()
    assert "training (4 images)" in legend(figure)
    assert len({bar.get_hatch() for bar in axes.patches}) == 2
    assert "Test: 2 images, 1 in every class." in figure.alt
    check_readable(figure)


def test_softmax_shows_scores_and_what_becomes_of_them() -> None:
    figure = softmax([0, np.log(3), -2], ["a", "b", "c"])
    left, right = figure.figure.axes
    assert np.allclose(bars(left), [0, np.log(3), -2])
    assert sum(bars(right)) == pytest.approx(100)
    assert bars(right)[1] == pytest.approx(3 * bars(right)[0])
    assert "b gets 72.5 %" in figure.alt
    check_readable(figure)


def test_softmax_of_huge_scores_stays_finite() -> None:
    assert bars(softmax([1000, 0]).figure.axes[1]) == [100, 0]


def test_probabilities_say_which_class_was_predicted_and_which_is_true() -> None:
    p = np.full(10, 0.02)
    p[3], p[5] = 0.54, 0.30
    wrong = probabilities(p, DIGITS, truth=5)
    axes = wrong.figure.axes[0]
    assert texts(axes)[3] == "54.0 %  ✗ predicted"
    assert texts(axes)[5] == "30.0 %  true"
    assert axes.patches[3].get_hatch()
    assert "the longest: 3 with 54.0 %, 5 with 30.0 %" in wrong.alt
    assert wrong.alt.endswith("The true class is 5: wrong.")
    right = probabilities(p, DIGITS, truth=3)
    assert texts(right.figure.axes[0])[3] == "54.0 %  ✓ predicted, and true"
    assert right.alt.endswith("The true class is 3: right.")
    assert texts(probabilities(p, DIGITS).figure.axes[0])[3] == "54.0 %  predicted"
    check_readable(wrong)


def test_probabilities_can_stand_beside_their_image() -> None:
    figure = probabilities(np.eye(10)[4:5], DIGITS, image=five())
    assert np.array_equal(figure.figure.axes[0].images[0].get_array(), five()[..., 0])
    check_readable(figure)


@pytest.mark.parametrize(
    ("draw", "message"),
    [
        (lambda: class_balance([], DIGITS), "none of them empty"),
        (lambda: class_balance([0, 11], DIGITS), "from 0 to 9"),
        (lambda: softmax([1]), r"shape \(classes,\)"),
        (lambda: softmax([1, np.inf]), "finite"),
        (lambda: softmax([1, 2, 3], ["a"]), "3 values, but 1 class names"),
        (lambda: probabilities([2.0, 1.0], ["a", "b"]), r"plotting\.softmax"),
        (lambda: probabilities(np.eye(3), ["a", "b", "c"]), r"such as p\[0\]"),
        (lambda: probabilities([0.5, 0.5], ["a", "b"], truth=2), "from 0 to 1"),
    ],
)
def test_what_cannot_be_drawn_is_named(draw: object, message: str) -> None:
    with pytest.raises(PlottingError, match=message):
        draw()  # type: ignore[operator]
