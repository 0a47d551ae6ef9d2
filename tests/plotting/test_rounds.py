"""The figure of a round of rock, paper, scissors tells who played what, and what the model made of it."""

from __future__ import annotations

import pytest

from helpers.plotting import PlottingError, game_round
from tests.plotting.drawing import check_readable, images, texts

NAMES = ("rock", "paper", "scissors")


def test_a_round_shows_both_pictures_and_the_models_probabilities() -> None:
    yours, theirs = images(2)
    figure = game_round(yours, [0.1, 0.7, 0.2], NAMES, "rock", theirs, "won", truth=1)
    left, middle, right = figure.figure.axes
    for axes, picture in ((left, yours), (right, theirs)):
        assert (axes.images[0].get_array() == picture[:, :, 0]).all()
    assert texts(middle) == ["10.0 %", "70.0 %  ✓ predicted, and true", "20.0 %"]
    assert figure.alt == (
        "A round of rock, paper, scissors. The player's picture shows paper. The model's probabilities: "
        "rock 10.0 %, paper 70.0 %, scissors 20.0 %. The model reads paper, the computer chose rock: you win."
    )
    check_readable(figure)


def test_a_misread_sign_is_told() -> None:
    yours, theirs = images(2)
    figure = game_round(yours, [0.1, 0.7, 0.2], NAMES, "scissors", theirs, "lost", truth=0)
    assert texts(figure.figure.axes[1]) == ["10.0 %  true", "70.0 %  ✗ predicted", "20.0 %"]
    assert "picture shows rock" in figure.alt
    assert figure.alt.endswith("The model reads paper, the computer chose scissors: the computer wins.")


def test_where_the_truth_is_unknown_nothing_is_said_about_it() -> None:
    yours, theirs = images(2)
    figure = game_round(yours, [1, 0, 0], NAMES, "rock", theirs, "drawn")
    assert "picture shows" not in figure.alt
    assert figure.alt.endswith("nobody wins.")


def test_what_are_no_probabilities_is_refused() -> None:
    yours, theirs = images(2)
    with pytest.raises(PlottingError, match="Probabilities are not negative"):
        game_round(yours, [3, -1, 0], NAMES, "rock", theirs, "drawn")
