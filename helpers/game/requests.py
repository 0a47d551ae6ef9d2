"""What the browser may ask for. Anything else is refused before anybody looks at it closer."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from helpers.game.errors import GameError
from helpers.game.reader import SIDE
from helpers.game.rules import SIGNS

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

WITH_FRAME = ("look", "show", "save")
WITH_SIGN = ("draw", "save")
KINDS = ("hello", "look", "begin", "show", "draw", "save", "undo", "delete")
LONGEST_NAME = 40


@dataclass(frozen=True, eq=False)
class Request:
    """One wish of the browser.

    Attributes:
        kind: one of KINDS.
        name: the browser's name for it; the answer carries it, too.
        sign: an index into SIGNS; None where any will do or none is needed.
        frame: grey levels, uint8 (28, 28); None where none is needed.
    """

    kind: str
    name: str
    sign: int | None = None
    frame: NDArray[np.uint8] | None = None


def name_of(content: Any) -> str | None:
    """By what name an answer can be given, if the message has one."""
    name = content.get("name") if isinstance(content, dict) else None
    return name if isinstance(name, str) and 0 < len(name) <= LONGEST_NAME else None


def read_request(content: Any, buffers: Sequence[Any] | None) -> Request:
    """The request that a message holds.

    Args:
        content: {"kind": …, "name": …, "sign": …}.
        buffers: for those with a frame one buffer of 784 grey levels, row by row.

    Raises:
        GameError: it holds none, or more or less than belongs to one.
    """
    name = name_of(content)
    if name is None or content.get("kind") not in KINDS:
        raise GameError("The browser asked for something that the game doesn't know. Run the cell again.")
    kind = content["kind"]
    return Request(kind, name, _sign(content.get("sign"), kind), _frame(buffers or (), kind))


def _sign(value: Any, kind: str) -> int | None:
    if kind not in WITH_SIGN or (kind == "draw" and value is None):
        return None
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value < len(SIGNS):
        raise GameError(f"There is no sign {value!r:.40}; there are 0, 1 and 2: {', '.join(SIGNS)}.")
    return value


def _frame(buffers: Sequence[Any], kind: str) -> NDArray[np.uint8] | None:
    import numpy as np

    sizes = [memoryview(buffer).nbytes for buffer in buffers]
    if sizes != [SIDE * SIDE] * (kind in WITH_FRAME):
        raise GameError(
            f"A frame is {SIDE} × {SIDE} grey levels; the browser sent {sizes or 'none'} bytes with “{kind}”."
        )
    if not sizes:
        return None
    frame: NDArray[np.uint8] = np.frombuffer(buffers[0], dtype=np.uint8).reshape(SIDE, SIDE).copy()
    return frame


class Pace:
    """Lets so many requests through in a second and so many at once: a wild browser can't bury the kernel."""

    def __init__(
        self, per_second: float = 20, at_once: float = 40, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._per_second, self._at_once, self._clock = per_second, at_once, clock
        self._left, self._before = at_once, clock()

    def check(self) -> None:
        """Counts one request.

        Raises:
            GameError: it is one too many.
        """
        now = self._clock()
        self._left = min(self._at_once, self._left + (now - self._before) * self._per_second)
        self._before = now
        if self._left < 1:
            raise GameError("Too many requests at once; wait a second.")
        self._left -= 1
