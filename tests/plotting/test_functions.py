"""The functions drawn are the functions named."""

from __future__ import annotations

import numpy as np
import pytest

from helpers.plotting import PlottingError, activations, cross_entropy
from tests.plotting.drawing import check_readable


def test_relu_cuts_off_what_is_negative() -> None:
    figure = activations()
    plain, relu = figure.figure.axes[0].lines[:2]
    assert np.array_equal(relu.get_ydata(), np.maximum(plain.get_ydata(), 0))
    check_readable(figure)


def test_cross_entropy_falls_to_zero_for_a_sure_and_right_answer() -> None:
    figure = cross_entropy(classes=10)
    given, loss = figure.figure.axes[0].lines[0].get_data()
    assert np.allclose(loss, -np.log(given / 100))
    assert loss[-1] == 0
    check_readable(figure)


def test_an_even_guess_is_marked_and_told() -> None:
    figure = cross_entropy(classes=4)
    x, y = figure.figure.axes[0].lines[1].get_data()
    assert x == [25]
    assert np.allclose(y, np.log(4))
    assert "at 25 % and 1.39" in figure.alt


def test_one_class_leaves_nothing_to_guess() -> None:
    with pytest.raises(PlottingError, match="classes is 1"):
        cross_entropy(classes=1)
