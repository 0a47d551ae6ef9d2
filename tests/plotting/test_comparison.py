"""Models are compared by bars: one for each model on each set of images."""

from __future__ import annotations

import pandas as pd
import pytest

from helpers.plotting import PlottingError, compare_accuracy
from tests.plotting.drawing import check_readable, legend, texts

TABLE = pd.DataFrame(
    {"plain": {"clean": 0.97, "moved": 0.825}, "augmented": {"clean": 0.966, "moved": 0.956}}
)


def test_each_model_has_a_bar_in_each_group() -> None:
    figure = compare_accuracy(TABLE)
    axes = figure.figure.axes[0]
    bars = {round(bar.get_x() + bar.get_width() / 2, 2): bar.get_height() for bar in axes.patches}
    assert bars == {
        -0.2: pytest.approx(97),
        0.2: pytest.approx(96.6),
        0.8: pytest.approx(82.5),
        1.2: pytest.approx(95.6),
    }
    assert [label.get_text() for label in axes.get_xticklabels()] == ["clean", "moved"]
    assert texts(axes) == ["97.0", "82.5", "96.6", "95.6"]
    assert legend(figure) == ["guessing (10 %)", "plain", "augmented"]
    check_readable(figure)


def test_models_differ_by_more_than_their_colour() -> None:
    axes = compare_accuracy(TABLE).figure.axes[0]
    assert len({bar.get_hatch() for bar in axes.patches}) == 2


def test_the_alt_text_tells_every_number() -> None:
    assert compare_accuracy(TABLE, title="Two networks").alt == (
        "Two networks. clean: plain 97.0 % and augmented 96.6 %; moved: plain 82.5 % and augmented 95.6 %."
    )


def test_without_classes_there_is_no_level_of_guessing() -> None:
    figure = compare_accuracy(TABLE, classes=None)
    assert not figure.figure.axes[0].lines
    assert legend(figure) == ["plain", "augmented"]


@pytest.mark.parametrize(
    ("table", "words"),
    [
        ({"plain": 0.97}, "A table is needed"),
        (TABLE * 100, "shares from 0 to 1"),
        (TABLE.assign(augmented=[0.9, float("nan")]), "none missing"),
        (TABLE.assign(augmented=["good", "better"]), "numbers alone"),
        (TABLE[[]], "2 rows and 0 columns"),
        (pd.DataFrame({"plain": [0.5] * 9}), "9 rows"),
    ],
)
def test_what_is_no_table_of_shares_is_refused(table: object, words: str) -> None:
    with pytest.raises(PlottingError, match=words):
        compare_accuracy(table)  # type: ignore[arg-type]
