"""Who wins, and that the computer plays fair."""

from __future__ import annotations

import numpy as np
import pytest

from helpers.datasets import catalog
from helpers.game import SIGNS, GameError, Score
from helpers.game.rules import Match, outcome

BEATS = {"rock": "scissors", "paper": "rock", "scissors": "paper"}


def sure_of(sign: int) -> np.ndarray:
    """Probabilities of a model that is sure."""
    return np.eye(len(SIGNS))[sign]


@pytest.mark.parametrize("player", range(3))
@pytest.mark.parametrize("computer", range(3))
def test_each_sign_beats_one_and_loses_to_another(player: int, computer: int) -> None:
    if player == computer:
        assert outcome(player, computer) == "drawn"
    else:
        wins = BEATS[SIGNS[player]] == SIGNS[computer]
        assert outcome(player, computer) == ("won" if wins else "lost")


def test_the_signs_are_numbered_as_the_data_has_them() -> None:
    assert catalog.entry("rps").class_names == SIGNS


def test_the_score_counts_rounds_as_the_player_sees_them() -> None:
    match = Match(seed=3)
    for _ in range(60):
        match.begin()
        match.decide(sure_of(1), shown=2)
    outcomes = [played.outcome for played in match.rounds]
    assert match.score == Score(outcomes.count("won"), outcomes.count("lost"), outcomes.count("drawn"))
    assert all(played.read == "paper" and played.shown == "scissors" for played in match.rounds)
    assert all((played.outcome == "won") == (played.computer == "rock") for played in match.rounds)


def test_the_computer_chooses_evenly_whatever_the_player_shows() -> None:
    match = Match(seed=1)
    for number in range(3000):
        match.begin()
        match.decide(sure_of(number % 2))
    for sign in range(2):
        met = [played.computer for played in match.rounds[sign::2]]
        # Four standard deviations of 1,500 even choices are 73.
        assert all(abs(met.count(name) - 500) < 73 for name in SIGNS)


def test_the_choice_is_made_before_the_sign_is_seen_and_stands() -> None:
    for seed in range(20):
        ends = []
        for sign in (0, 1, 2):
            match = Match(seed)
            match.begin()
            match.begin()  # asking again doesn't change it
            ends.append(match.decide(sure_of(sign)).computer)
        assert len(set(ends)) == 1, "what was shown had a part in the choice"


def test_without_a_choice_nothing_is_decided() -> None:
    match = Match(seed=1)
    match.begin()
    match.decide(sure_of(0))
    with pytest.raises(GameError, match="No round has begun"):
        match.decide(sure_of(0))
    assert len(match.rounds) == 1


def test_the_same_seed_plays_the_same_match_and_none_plays_another() -> None:
    def choices(seed: int | None) -> list[str]:
        match = Match(seed)
        for _ in range(40):
            match.begin()
            match.decide(sure_of(0))
        return [played.computer for played in match.rounds]

    assert choices(5) == choices(5) != choices(6)
    assert choices(None) != choices(None)


@pytest.mark.parametrize("seed", [-1, "one", 0.5])
def test_a_seed_that_is_none_is_named(seed: object) -> None:
    with pytest.raises(GameError, match="seed is"):
        Match(seed)  # type: ignore[arg-type]
