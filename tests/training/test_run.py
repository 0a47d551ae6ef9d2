"""A training run answers what was measured, when it was best and how it ended."""

from __future__ import annotations

import dataclasses

import pytest

from helpers.training import TrainingError, TrainingRun
from helpers.training.run import Row, in_words, tidy

ROWS: list[Row] = [
    (1, "training", "accuracy", 0.5),
    (1, "training", "loss", 0.9),
    (1, "validation", "accuracy", 0.6),
    (1, "validation", "loss", 0.7),
    (2, "training", "accuracy", 0.8),
    (2, "training", "loss", 0.4),
    (2, "validation", "accuracy", 0.65),
    (2, "validation", "loss", 0.8),
]


def run(rows: list[Row] = ROWS, epochs: int = 2, interrupted: bool = False) -> TrainingRun:
    return TrainingRun(tidy(rows), epochs, seconds=12.3, cpu_seconds=20.0, interrupted=interrupted)


def test_the_best_epoch_has_the_lowest_validation_loss() -> None:
    assert run().best_epoch == 1


def test_without_validation_the_training_loss_decides() -> None:
    assert run([row for row in ROWS if row[1] == "training"]).best_epoch == 2


def test_an_epoch_whose_loss_is_not_a_number_is_not_the_best() -> None:
    assert run([*ROWS, (3, "validation", "loss", float("nan"))]).best_epoch == 1


def test_the_table_has_a_row_for_each_epoch() -> None:
    table = run().table()
    assert list(table.index) == [1, 2]
    assert list(table.columns) == [
        "training accuracy",
        "training loss",
        "validation accuracy",
        "validation loss",
    ]
    assert table.loc[2, "validation loss"] == 0.8


def test_the_last_measure_can_be_asked_for() -> None:
    assert run().last() == 0.65
    assert run().last("loss", "training") == 0.4
    with pytest.raises(
        TrainingError, match=r"No validation precision was measured\. There is: training accuracy"
    ):
        run().last("precision")


def test_it_says_how_it_ended() -> None:
    assert run().ending == "2 epochs in 12 s"
    assert run(epochs=9).ending == "stopped early after 2 epochs of 9, in 12 s"
    assert run(epochs=9, interrupted=True).ending == "stopped by you in epoch 2 of 9"
    assert (run().stopped_early, run(epochs=9).stopped_early, run(interrupted=True).stopped_early) == (
        False,
        True,
        True,
    )
    assert repr(run()) == (
        "Training: 2 epochs in 12 s; training accuracy 0.8000; training loss 0.4000; "
        "validation accuracy 0.6500; validation loss 0.8000"
    )


def test_a_run_without_any_epoch_is_calm() -> None:
    empty = run([], interrupted=True)
    assert empty.epochs_done == 0
    assert repr(empty) == "Training: stopped by you in epoch 1 of 2"
    with pytest.raises(TrainingError, match="Train for at least one epoch"):
        _ = empty.best_epoch


def test_a_run_cannot_be_changed_afterwards() -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        run().seconds = 1.0  # type: ignore[misc]


@pytest.mark.parametrize(
    ("seconds", "words"), [(0.2, "0 s"), (-1, "0 s"), (89.4, "89 s"), (90, "2 min"), (601, "10 min")]
)
def test_durations_are_told_to_the_precision_that_matters(seconds: float, words: str) -> None:
    assert in_words(seconds) == words
