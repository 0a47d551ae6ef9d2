"""What every notebook does first: start TensorFlow quietly, seed random numbers, set the style of figures."""

from __future__ import annotations

import functools
import gc
import os
import random
import sys
import tempfile
import typing
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module

from helpers.environment.graphics import working_backend
from helpers.errors import WorkshopError

HIGHEST_SEED = 2**32 - 1  # NumPy's limit
STDERR = 2  # the file descriptor

_imported_quietly = False


class EnvironmentProblem(WorkshopError):
    """The set-up, or a setting of it, is not what the workshop needs."""


def quiet_tensorflow() -> str:
    """Import TensorFlow without the messages that it writes while it starts.

    TF_CPP_MIN_LOG_LEVEL hides most of them. The one about oneDNN would go with TF_ENABLE_ONEDNN_OPTS=0, but
    so would the fast routines that it speaks of, and convolutions would take half as long again.

    Returns:
        An empty string, or one sentence if something else had imported TensorFlow and it may have spoken.

    Raises:
        EnvironmentProblem: if TensorFlow does not start. What it wrote is shown then.
    """
    global _imported_quietly
    os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
    if sys.modules.get("tensorflow"):
        if _imported_quietly:
            return ""
        return "TensorFlow was imported earlier; whatever it wrote then is harmless."
    with _held_back_stderr(), uncollected(), _annotations_compiled_once():
        try:
            import tensorflow  # noqa: F401
        except Exception as error:  # a missing library, a build for another processor, …
            reason = (str(error).strip() or type(error).__name__).splitlines()[0]
            raise EnvironmentProblem(
                f"TensorFlow does not start: {reason.rstrip('.')}. "
                "Run `make lab` again. If that does not help, show this message to your instructor."
            ) from error
    _imported_quietly = True
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
            f"The seed {seed!r} cannot be used. Choose a whole number from 0 to {HIGHEST_SEED}, such as 1."
        )
    quiet_tensorflow()
    if "keras" not in sys.modules:  # else the models that are there now would never be collected
        with uncollected():
            import_module("keras")
    import keras
    import numpy as np

    random.seed(seed)
    np.random.seed(seed)
    keras.utils.set_random_seed(seed)


def prepare(seed: int = 1) -> None:
    """Make a notebook ready: quiet TensorFlow, seeded random numbers, figures that everybody can read.

    Prints a line only where something is not as it should be, such as a graphics backend that does not work.
    """
    for note in (quiet_tensorflow(), working_backend()):
        if note:
            print(note)
    set_seed(seed)
    import matplotlib

    from helpers.plotting.style import STYLE

    matplotlib.rcParams.update(STYLE)


@contextmanager
def uncollected() -> Iterator[None]:
    """For imports: what they make stays, so Python need not look for garbage among it, now or later.

    Looking takes nearly half of the time in which TensorFlow and Keras are imported, and a third of a second
    later on whenever Python looks through everything.
    """
    usual = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        if usual:
            gc.enable()


@contextmanager
def _annotations_compiled_once() -> Iterator[None]:
    """For TensorFlow's import: it names the types of its functions in strings, and typing compiles each.

    They are 18,000, of which no more than 189 differ; that takes a tenth of a second.
    """
    typing.compile = functools.cache(compile)  # type: ignore[attr-defined]
    try:
        yield
    finally:
        del typing.compile  # type: ignore[attr-defined]


@contextmanager
def _held_back_stderr() -> Iterator[None]:
    """Hold back what even compiled code writes to stderr, and show it only if there is an error."""
    with tempfile.TemporaryFile() as held:
        usual = os.dup(STDERR)
        os.dup2(held.fileno(), STDERR)
        try:
            yield
        except Exception:
            held.seek(0)
            os.write(usual, held.read())
            raise
        finally:
            os.dup2(usual, STDERR)
            os.close(usual)
