"""Rock, paper, scissors against the computer, with the student's own model as the eye.

    from helpers import game

    game.play(model)           # by webcam, or with test images
    x, y = game.my_signs()     # what was saved there, to train on
    game.delete_my_signs()

Frames of the camera go from the browser to the student's own kernel and nowhere else; none is kept unless the
student saves it. Where nobody sits in front of the notebook, `play` shows a figure of one round.
"""

from helpers.game.errors import GameError
from helpers.game.rules import SIGNS, Round, Score
from helpers.game.saved import delete_my_signs, my_signs
from helpers.game.widget import RockPaperScissors, play

__all__ = [
    "SIGNS",
    "GameError",
    "RockPaperScissors",
    "Round",
    "Score",
    "delete_my_signs",
    "my_signs",
    "play",
]
