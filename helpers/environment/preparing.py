"""What every notebook does first: quieten TensorFlow, seed random numbers, set the style of figures."""

from __future__ import annotations

import os
import random
import sys

from helpers.environment.graphics import working_backend
from helpers.errors import WorkshopError

HIGHEST_SEED = 2**32 - 1  # NumPy's limit


class EnvironmentProblem(WorkshopError):
    """The set-up, or a setting of it, is not what the workshop needs."""


def quiet_tensorflow() -> str:
    """Keep TensorFlow's start-up messages out of the notebook.

    Works through environment variables that TensorFlow reads while it is imported, so call it first.

    Returns:
        An empty string, or one sentence if TensorFlow was imported already and may have spoken.
    """
    os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
    os.environ["TF_ENABLE_ONEDNN_OPTS"] = "0"
    if "tensorflow" in sys.modules:
        return (
            "TensorFlow was imported earlier, so a few of its messages may have appeared. They are harmless."
        )
    return ""


def set_seed(seed: int) -> None:
    """Start the random numbers of Python, NumPy and Keras from `seed`.

    What this promises: on one computer, with the same package versions, the same cells run in the same order
    draw the same random numbers, so samples and starting weights repeat exactly.
    What it cannot promise: training that agrees to the last digit on every computer. Sums spread over several
    cores, other processors and other versions round differently, and training magnifies such differences:
    expect accuracies to move by a few tenths of a per cent.

    Args:
        seed: a whole number from 0 to 4,294,967,295 (2³² − 1).

    Raises:
        EnvironmentProblem: if the seed is anything else.
    """
    if isinstance(seed, bool) or not isinstance(seed, int) or not 0 <= seed <= HIGHEST_SEED:
        raise EnvironmentProblem(
            f"The seed {seed!r} cannot be used. Choose a whole number from 0 to {HIGHEST_SEED}, for "
            "example 1."
        )
    quiet_tensorflow()
    import keras
    import numpy as np

    random.seed(seed)
    np.random.seed(seed)
    keras.utils.set_random_seed(seed)


def prepare(seed: int = 1) -> None:
    """Make a notebook ready: quiet TensorFlow, seeded random numbers, figures that everybody can read.

    Prints a line only where something is not as expected, such as a graphics backend that does not work.
    """
    for note in (quiet_tensorflow(), working_backend()):
        if note:
            print(note)
    set_seed(seed)
    import matplotlib

    from helpers.plotting.style import STYLE

    matplotlib.rcParams.update(STYLE)
