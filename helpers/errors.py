"""The one base of errors that are meant to be read by people who use the workshop."""

from __future__ import annotations


class WorkshopError(Exception):
    """Something the user can mend. The message says what was wrong, where, and what to do next.

    Notebooks show the message alone, without a traceback; the command line prints it and exits with 1.
    """

    def _render_traceback_(self) -> list[str]:
        """What IPython shows in place of a traceback."""
        return [f"{type(self).__name__}: {self}"]
