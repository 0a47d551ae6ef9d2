"""Where figures can appear: in a notebook or not, and with which of Matplotlib's backends."""

from __future__ import annotations

import os
import sys
from importlib.util import find_spec

INLINE = "module://matplotlib_inline.backend_inline"


def in_notebook() -> bool:
    """Whether this process is a notebook's kernel."""
    ipython = sys.modules.get("IPython")
    shell = ipython.get_ipython() if ipython else None
    return hasattr(shell, "kernel")


def working_backend() -> str:
    """Give Matplotlib a backend that works here, whatever MPLBACKEND asks for.

    Falls back to pictures in the notebook ("inline") or, outside notebooks, to drawing without a window
    ("agg"). Figures that exist already are kept.

    Returns:
        An empty string, or one sentence that says what was replaced and why.
    """
    wanted = os.environ.pop("MPLBACKEND", "")  # a name that Matplotlib doesn't know would break its import
    if not wanted:
        return ""
    from matplotlib import pyplot

    try:
        pyplot.switch_backend(wanted)
    except (
        Exception
    ) as error:  # each backend fails in its own way: a wrong name, no display, a missing library
        fallback = INLINE if in_notebook() and find_spec("matplotlib_inline") else "agg"
        pyplot.switch_backend(fallback)
        os.environ["MPLBACKEND"] = fallback
        where = "appear in the notebook" if fallback == INLINE else "are drawn without a window"
        return (
            f"Matplotlib cannot use {wanted!r}, which the environment variable MPLBACKEND names "
            f"({_reason(error)}). Figures {where} instead. Unset MPLBACKEND to be rid of this message."
        )
    os.environ["MPLBACKEND"] = wanted
    return ""


def _reason(error: Exception) -> str:
    """The first part of the error, without the list of all names that would have been possible."""
    return str(error).splitlines()[0].split("; supported values")[0].rstrip(".")
