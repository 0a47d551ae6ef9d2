"""release/NN_topic/: what students get, made by nbgrader's own GenerateAssignment in a course of its own.

The instructor's gradebook isn't touched: nbgrader works in a temporary folder, without a database.
"""

from __future__ import annotations

import logging
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from helpers.authoring.errors import BuildError
from helpers.authoring.notebooks import marked, text_of
from helpers.authoring.source import Source

STUB = "# YOUR CODE HERE\n..."
"""What stands in place of a solution. It runs without an error, so that Run All goes through."""


def release_configuration() -> Any:
    """nbgrader's settings that decide what a release looks like; nbgrader_config.py uses the same."""
    from traitlets.config import Config

    configuration = Config()
    configuration.ClearSolutions.code_stub = {"python": STUB}
    return configuration


def released(source: Source) -> dict[str, bytes]:
    """The files of the student version, by name relative to the assignment's folder.

    Raises BuildError with nbgrader's own words where it refuses.
    """
    import nbformat

    with tempfile.TemporaryDirectory() as folder:
        course = Path(folder)
        _copy(source, course / "source" / source.name)
        _generate(course, source.name)
        made = course / "release" / source.name
        notebook = nbformat.read(made / source.notebook_name, as_version=4)
        files = {name: (made / name).read_bytes() for name in source.companions}
    files[source.notebook_name] = text_of(marked(notebook, source)).encode()
    return files


def _copy(source: Source, folder: Path) -> None:
    for name, content in source.companions.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    folder.joinpath(source.notebook_name).write_text(text_of(source.notebook), encoding="utf-8")


def _generate(course: Path, name: str) -> None:
    from nbgrader.converters import GenerateAssignment, NbGraderException
    from nbgrader.coursedir import CourseDirectory

    configuration = release_configuration()
    configuration.CourseDirectory.root = str(course)
    configuration.CourseDirectory.assignment_id = name
    configuration.GenerateAssignment.no_database = True
    configuration.SaveCells.enabled = False
    with _errors_logged() as said:
        converter = GenerateAssignment(coursedir=CourseDirectory(config=configuration), config=configuration)
        try:
            converter.start()
        except NbGraderException as error:
            raise BuildError(f"nbgrader can't release {name}: {' '.join(said) or error}") from error


@contextmanager
def _errors_logged() -> Iterator[list[str]]:
    """Collects what nbgrader logs as errors, and keeps its log off the screen."""
    from traitlets.log import get_logger

    said: list[str] = []

    class Collector(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            # The last line of a traceback says what happened; the lines before are nbgrader's insides.
            said.append((record.getMessage().strip().splitlines() or [""])[-1])

    log = get_logger()
    collector = Collector(logging.ERROR)
    propagated, log.propagate = log.propagate, False
    log.addHandler(collector)
    try:
        yield said
    finally:
        log.removeHandler(collector)
        log.propagate = propagated
