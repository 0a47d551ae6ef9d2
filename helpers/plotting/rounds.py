"""One round of rock, paper, scissors: what was shown, what the model reads, what the computer chose."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from helpers.plotting.arrays import as_image, as_names, as_row
from helpers.plotting.bars import check_probabilities, draw_probabilities
from helpers.plotting.figure import Figure, canvas
from helpers.plotting.pixels import show_image
from helpers.plotting.style import percent

VERDICTS = {"won": "you win", "lost": "the computer wins", "drawn": "nobody wins"}


def game_round(
    image: Any,
    probabilities: Any,
    class_names: Sequence[str],
    computer: str,
    computer_image: Any,
    outcome: str,
    truth: int | None = None,
) -> Figure:
    """A round as it was played.

    Args:
        image: the player's, (height, width) or (height, width, 1).
        probabilities: the model's for it, (classes,).
        class_names: a name for each class.
        computer: the name of the computer's choice.
        computer_image: a picture of that.
        outcome: "won", "lost" or "drawn", as the player sees it.
        truth: the class that the image truly has, if known.
    """
    shares = as_row(probabilities, "probabilities")
    names = as_names(class_names, len(shares))
    check_probabilities(shares)
    read = names[int(shares.argmax())]
    title = f"The model reads {read}, the computer chose {computer}: {VERDICTS[outcome]}"
    with canvas(9.2, 3.0, 1, 3, width_ratios=(1, 1.7, 1)) as (figure, (left, middle, right)):
        for axes, picture, caption in ((left, image, "You"), (right, computer_image, "The computer")):
            show_image(axes, as_image(picture), caption)
            axes.set_axis_off()
        draw_probabilities(middle, shares, names, truth)
        middle.set_title("What the model makes of your sign")
        figure.suptitle(title)
    shares_told = ", ".join(f"{name} {percent(share)}" for name, share in zip(names, shares, strict=True))
    shown = "" if truth is None else f"The player's picture shows {names[truth]}. "
    alt = f"A round of rock, paper, scissors. {shown}The model's probabilities: {shares_told}. {title}."
    return Figure(figure, alt)
