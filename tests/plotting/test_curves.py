"""Line charts follow the numbers of a training, and tell where they began and ended."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from helpers.plotting import PlottingError, compare_curves, curves, learning_rates, shift_effect
from helpers.training import TrainingRun
from helpers.training.run import Row, tidy
from tests.plotting.drawing import check_readable, legend


def history(
    losses: list[float], validation: list[float] | None = None, metric: str = "accuracy"
) -> pd.DataFrame:
    rows: list[Row] = []
    for epoch, loss in enumerate(losses, start=1):
        rows += [(epoch, "training", "loss", loss), (epoch, "training", metric, 1 - loss)]
        if validation:
            rows += [(epoch, "validation", "loss", validation[epoch - 1])]
            rows += [(epoch, "validation", metric, 1 - validation[epoch - 1])]
    return tidy(rows)


def test_curves_follow_the_history() -> None:
    figure = curves(history([0.9, 0.5, 0.2], [0.8, 0.4, 0.6]))
    loss, accuracy = figure.figure.axes
    training, validation = loss.lines[:2]
    assert list(training.get_xdata()) == [1, 2, 3]
    assert list(training.get_ydata()) == [0.9, 0.5, 0.2]
    assert list(validation.get_ydata()) == [0.8, 0.4, 0.6]
    assert np.allclose(accuracy.lines[0].get_ydata(), [10, 50, 80])
    assert accuracy.get_ylabel() == "accuracy (%)"
    assert training.get_linestyle() != validation.get_linestyle()
    assert training.get_marker() != validation.get_marker()
    check_readable(figure)


def test_curves_tell_the_course_and_the_best_epoch() -> None:
    figure = curves(history([0.9, 0.5, 0.2], [0.8, 0.4, 0.6]), title="First try")
    assert figure.alt.startswith(
        "First try. Loss: from 0.900 to 0.200 on the training images, from 0.800 to 0.600"
    )
    assert figure.alt.endswith("The validation loss is lowest after epoch 2.")
    assert legend(figure) == ["training", "validation", "lowest validation loss (epoch 2)"]
    assert list(figure.figure.axes[0].lines[2].get_xdata()) == [2, 2]


def test_without_validation_there_is_one_line_and_no_best_epoch() -> None:
    figure = curves(history([0.9, 0.5]))
    assert legend(figure) == ["training"]
    assert "validation" not in figure.alt


def test_a_single_epoch_can_be_drawn() -> None:
    assert "Accuracy: 75.0 % on the training images" in curves(history([0.25])).alt


def test_curves_take_a_run_as_well_as_its_history() -> None:
    table = history([0.9, 0.5])
    assert curves(TrainingRun(table, 2, 1.0, 1.0)).png == curves(table).png


def test_a_running_training_keeps_room_for_its_planned_epochs() -> None:
    assert curves(history([0.9]), planned_epochs=20).figure.axes[0].get_xlim()[1] > 20


def test_a_learning_rate_is_not_drawn_as_if_it_were_a_success() -> None:
    table = pd.concat([history([0.9]), tidy([(1, "training", "learning_rate", 0.001)])])
    assert len(curves(table).figure.axes) == 2


def test_compared_runs_differ_by_colour_and_marker_and_are_named() -> None:
    runs = {"plain": history([0.9, 0.5], [0.9, 0.6]), "dropout": history([0.9, 0.6], [0.8, 0.5])}
    figure = compare_curves(runs)
    lines = figure.figure.axes[0].lines
    assert [line.get_label() for line in lines] == [
        "plain, training",
        "plain, validation",
        "dropout, training",
        "dropout, validation",
    ]
    assert lines[0].get_color() == lines[1].get_color() != lines[2].get_color()
    assert lines[0].get_marker() != lines[2].get_marker()
    assert lines[0].get_linestyle() != lines[1].get_linestyle()
    assert "plain: Loss: from 0.900 to 0.500" in figure.alt
    check_readable(figure)


def test_a_shift_is_drawn_against_the_level_of_guessing() -> None:
    figure = shift_effect([-1, 0, 1], [0.5, 0.98, 0.4])
    line, guessing = figure.figure.axes[0].lines
    assert list(line.get_xdata()) == [-1, 0, 1]
    assert np.allclose(line.get_ydata(), [50, 98, 40])
    assert list(guessing.get_ydata()) == [10, 10]
    assert figure.alt.endswith("Accuracy by shift in pixels: 50.0 % at -1, 98.0 % at 0, 40.0 % at 1.")
    check_readable(figure)


def test_shifts_of_several_models_are_named() -> None:
    figure = shift_effect(range(3), {"dense": [0.9, 0.5, 0.2], "cnn": [0.99, 0.9, 0.7]}, classes=None)
    assert legend(figure) == ["dense", "cnn"]
    assert "Accuracy of cnn by shift in pixels: 99.0 % at 0" in figure.alt


def test_many_shifts_are_told_by_their_ends_and_their_middle() -> None:
    alt = shift_effect(range(-7, 8), [0.5] * 15).alt
    assert alt.endswith("50.0 % at -7, 50.0 % at 0, 50.0 % at 7.")


def with_rates(validation: list[float], rates: list[float]) -> pd.DataFrame:
    rows = [(epoch, "training", "learning_rate", rate) for epoch, rate in enumerate(rates, start=1)]
    return pd.concat([history(validation, validation), tidy(rows)])


def test_the_learning_rate_is_drawn_below_the_loss_that_steers_it() -> None:
    figure = learning_rates(with_rates([0.9, 0.5, 0.6, 0.4], [0.01, 0.01, 0.01, 0.001]))
    above, below = figure.figure.axes
    losses, records, cut = above.lines
    assert list(losses.get_ydata()) == [0.9, 0.5, 0.6, 0.4]
    assert list(records.get_xdata()) == [1, 2, 4]  # where the loss was lower than ever before
    assert list(cut.get_xdata()) == [3.5, 3.5]
    assert list(below.lines[0].get_ydata()) == [0.01, 0.01, 0.01, 0.001]
    assert below.get_yscale() == "log"
    assert legend(figure) == [
        "validation loss",
        "lowest so far: a checkpoint is written",
        "learning rate reduced",
    ]
    assert figure.alt.endswith(
        "lowest (0.400) after epoch 4. Learning rate: 0.01 at first; reduced: 0.001 from epoch 4."
    )
    check_readable(figure)


def test_a_rate_that_stays_is_never_reduced() -> None:
    assert learning_rates(with_rates([0.9, 0.5], [0.01, 0.01])).alt.endswith("reduced: never.")


@pytest.mark.parametrize(
    ("draw", "message"),
    [
        (lambda: learning_rates(history([1, 2], [1, 2])), "ReduceLROnPlateau"),
        (lambda: curves([1, 2, 3]), r"run = training\.fit"),
        (lambda: curves(tidy([])), "nothing to draw"),
        (lambda: compare_curves({}), "one to 6"),
        (lambda: shift_effect([0, 1], [0.5]), "2 shifts, but 1 accuracies"),
        (lambda: shift_effect([0], [97.0]), "0.97 for 97 %"),
        (lambda: shift_effect([1, 0], [0.5, 0.5]), "ascending order"),
        (lambda: shift_effect([], []), "at least one shift"),
    ],
)
def test_what_cannot_be_drawn_is_named(draw: object, message: str) -> None:
    with pytest.raises(PlottingError, match=message):
        draw()  # type: ignore[operator]
