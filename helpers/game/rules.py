"""The rules of the game: who wins, and a computer that chooses before it looks."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from helpers.game.errors import GameError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

SIGNS = ("rock", "paper", "scissors")
"""In the order of `datasets.load("rps").class_names`. Each beats the one before it; rock beats scissors."""

OUTCOMES = ("drawn", "won", "lost")


def outcome(player: int, computer: int) -> str:
    """ "won", "lost" or "drawn", as the player sees it; both are indices into SIGNS."""
    return OUTCOMES[(player - computer) % len(SIGNS)]


@dataclass(frozen=True)
class Round:
    """One round that was played.

    Attributes:
        read: what the model took the player's sign for; the round goes by that.
        computer: what the computer had chosen.
        outcome: "won", "lost" or "drawn", as the player sees it.
        probabilities: the model's, in the order of SIGNS.
        shown: the label of a test image; None before the camera, where nobody knows but the player.
    """

    read: str
    computer: str
    outcome: str
    probabilities: tuple[float, ...]
    shown: str | None = None


@dataclass(frozen=True)
class Score:
    """How many rounds the player has won, lost and drawn."""

    won: int = 0
    lost: int = 0
    drawn: int = 0


class Match:
    """Rounds against a computer whose every choice is drawn before the player's sign is looked at.

    Args:
        seed: the same seed makes the same choices; None makes new ones each time.
    """

    def __init__(self, seed: int | None = None) -> None:
        import numpy as np

        try:
            self._chance: np.random.Generator = np.random.default_rng(seed)
        except (TypeError, ValueError):
            raise GameError(f"seed is {seed!r}; it can be a whole number from 0, or None.") from None
        self._choice: int | None = None
        self.rounds: tuple[Round, ...] = ()

    @property
    def score(self) -> Score:
        """The rounds so far, counted."""
        return Score(**Counter(played.outcome for played in self.rounds))

    def begin(self) -> None:
        """The computer chooses, evenly. Its choice stands until the round is decided."""
        if self._choice is None:
            self._choice = int(self._chance.integers(len(SIGNS)))

    def decide(self, probabilities: NDArray[np.floating], shown: int | None = None) -> Round:
        """Ends the round that has begun.

        Args:
            probabilities: the model's for the player's sign (3,).
            shown: the sign's true index, where it is known.

        Raises:
            GameError: no round has begun.
        """
        if self._choice is None:
            raise GameError("No round has begun: the computer chooses first, then the player shows a sign.")
        read, computer = int(probabilities.argmax()), self._choice
        self._choice = None
        played = Round(
            read=SIGNS[read],
            computer=SIGNS[computer],
            outcome=outcome(read, computer),
            probabilities=tuple(float(share) for share in probabilities),
            shown=None if shown is None else SIGNS[shown],
        )
        self.rounds += (played,)
        return played
