"""What can go wrong in the game."""

from __future__ import annotations

from helpers.errors import WorkshopError


class GameError(WorkshopError):
    """The game can't go on with what it was given."""
