"""The game's Python side: it checks what the browser sends, asks the model, and keeps the score.

Its looks are in game.js. Frames travel as messages with bytes, never as traits: what a trait holds could be
stored in the notebook.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import traitlets

from helpers.errors import WorkshopError
from helpers.game import saved
from helpers.game.deck import Deck
from helpers.game.reader import Reader
from helpers.game.requests import Pace, Request, name_of, read_request
from helpers.game.rules import SIGNS, Match, Round, Score
from helpers.plotting import Figure, game_round
from helpers.widgets import WidgetWithStillForm

if TYPE_CHECKING:
    from helpers.datasets import Dataset

Answer = tuple[dict[str, Any], list[bytes]]


class RockPaperScissors(WidgetWithStillForm):
    """Rock, paper, scissors: the player shows a sign, the model reads it, the computer plays against it.

    Attributes:
        signs: their names, in the model's order.
        standing: the score, the rounds and the saved frames, counted; for the browser to show.
    """

    _esm = Path(__file__).with_name("game.js")
    _css = Path(__file__).with_name("game.css")

    invitation = "Run this cell to play."

    signs = traitlets.List(list(SIGNS)).tag(sync=True)
    standing = traitlets.Dict().tag(sync=True)

    def __init__(self, model: Any, data: Dataset | None = None, seed: int | None = None) -> None:
        self._reader = Reader(model)
        self._match = Match(seed)
        self._deck = Deck(data, seed)
        self._seed = seed
        self._pace = Pace()
        self._answers: dict[str, Callable[[Request], Answer]] = {
            "hello": self._hello,
            "look": self._look,
            "begin": self._begin,
            "show": self._show,
            "draw": self._draw,
            "save": self._save,
            "undo": self._undo,
            "delete": self._delete,
        }
        super().__init__(standing=self._standing())
        self.on_msg(self._receive)

    @property
    def score(self) -> Score:
        """The rounds so far, as the player sees them."""
        return self._match.score

    @property
    def rounds(self) -> tuple[Round, ...]:
        """All rounds that were played, the first one first."""
        return self._match.rounds

    def figure(self) -> Figure:
        """A round with the first test image, played apart from the score."""
        match, deck = Match(self._seed), self._deck.from_the_start()
        match.begin()
        frame, truth = deck.draw(None)
        probabilities = self._reader.read(frame)
        played = match.decide(probabilities, truth)
        computer = SIGNS.index(played.computer)
        return game_round(
            frame / 255,
            probabilities,
            SIGNS,
            played.computer,
            deck.example(computer) / 255,
            played.outcome,
            truth,
        )

    # ----------------------------------------------------------------------------------------- the browser

    def _receive(self, _: Any, content: Any, buffers: list[Any]) -> None:
        """Answers one message of the browser; what is wrong with it is said there, not raised here."""
        name = name_of(content)
        try:
            self._pace.check()
            request = read_request(content, buffers)
            answer, pictures = self._answers[request.kind](request)
        except WorkshopError as error:
            answer, pictures = {"problem": str(error)}, []
        if name is not None:
            self.send({**answer, "name": name}, buffers=pictures)

    def _hello(self, _: Request) -> Answer:
        examples = [self._deck.example(sign).tobytes() for sign in range(len(SIGNS))]
        self.standing = self._standing()
        return {"brightness": self._deck.brightness}, examples

    def _look(self, request: Request) -> Answer:
        assert request.frame is not None
        return {"probabilities": self._reader.read(request.frame).tolist()}, []

    def _begin(self, _: Request) -> Answer:
        self._match.begin()
        return {}, []

    def _show(self, request: Request) -> Answer:
        assert request.frame is not None
        return self._decide(request.frame, None), []

    def _draw(self, request: Request) -> Answer:
        frame, truth = self._deck.draw(request.sign)
        return self._decide(frame, truth), [frame.tobytes()]

    def _decide(self, frame: Any, truth: int | None) -> dict[str, Any]:
        played = self._match.decide(self._reader.read(frame), truth)
        self.standing = self._standing()
        return {
            "probabilities": list(played.probabilities),
            "read": SIGNS.index(played.read),
            "computer": SIGNS.index(played.computer),
            "outcome": played.outcome,
            "shown": truth,
        }

    def _save(self, request: Request) -> Answer:
        assert request.frame is not None
        assert request.sign is not None
        saved.save(request.frame, request.sign)
        self.standing = self._standing()
        return {}, []

    def _undo(self, _: Request) -> Answer:
        sign = saved.undo()
        self.standing = self._standing()
        return {"undone": sign}, []

    def _delete(self, _: Request) -> Answer:
        deleted = saved.delete_my_signs()
        self.standing = self._standing()
        return {"deleted": deleted}, []

    def _standing(self) -> dict[str, Any]:
        score, known = self.score, [played for played in self.rounds if played.shown is not None]
        return {
            "won": score.won,
            "lost": score.lost,
            "drawn": score.drawn,
            "readable": len(known),
            "readRight": sum(played.read == played.shown for played in known),
            "saved": list(saved.counts().values()),
        }


def play(model: Any, data: Dataset | None = None, seed: int | None = None) -> RockPaperScissors:
    """Rock, paper, scissors with a model as the eye; as the last line of a cell it shows itself.

    The player shows signs to the webcam, or plays test images. The computer chooses at the beginning of each
    round, before anybody looks at the player's sign.

    Args:
        model: a Keras model for images (n, 28, 28, 1) in [0, 1] with probabilities (n, 3) for rock, paper and
            scissors. Trained on while the game is open, it goes on with what it has learned.
        data: where test images come from; `datasets.load("rps")` if not given.
        seed: the same seed makes the same choices of the computer and the same order of test images.

    Raises:
        GameError: the model doesn't take such images or doesn't give such probabilities, or the data has
            other classes.
    """
    return RockPaperScissors(model, data, seed)
