"""What can be wrong with data: the file, the folder, the network."""

from __future__ import annotations

from pathlib import Path

from helpers.errors import WorkshopError


class DataError(WorkshopError):
    """A data set, its files or its folder cannot be used as they are."""


class DamagedFileError(DataError):
    """A file is there but is not what its name says. The message names the place and what was expected."""

    def __init__(self, path: Path, problem: str) -> None:
        self.path = path
        self.problem = problem
        super().__init__(
            f"{path.name}{'' if problem.startswith(',') else ': '}{problem}\n(the file is {path})"
        )


class UnwritableError(DataError):
    """The data folder takes no files: not writable, full, or not a folder at all."""

    def __init__(self, path: Path, error: OSError) -> None:
        self.reason = error.strerror or str(error)
        super().__init__(
            f"Cannot write {path}: {self.reason}. "
            "Make room or set WORKSHOP_DATA_DIR to a folder that can be written to, then try again."
        )
