"""When a submission was handed in: the time in a file beside it, which a student may have written."""

from __future__ import annotations

import os
from datetime import datetime
from pathlib import Path

from helpers.grading.errors import GradingError
from helpers.grading.files import read_plain_file

TIMESTAMP = "timestamp.txt"
"""The file's name, which is nbgrader's."""

_LIMIT = 200


class NoTime(GradingError):
    """The file is there, and no time is in it. nbgrader gives up the whole class there."""


def handed_in(folder: Path) -> datetime | None:
    """The time at which the submission in a folder was handed in, in UTC; None where nothing says it.

    Raises NoTime.
    """
    from nbgrader.utils import parse_utc

    path = folder / TIMESTAMP
    if not os.path.lexists(path):
        return None
    content = read_plain_file(path, _LIMIT)
    try:
        if content is None:
            raise ValueError("not a plain file of a line")
        text = content.decode().strip()
        moment: datetime | None = parse_utc(text) if text else None
    except (ValueError, OverflowError) as error:
        raise NoTime(
            f"{TIMESTAMP} doesn't hold a time, e.g. 2025-01-31 14:00:00 UTC. Correct it, or delete it."
        ) from error
    return moment
