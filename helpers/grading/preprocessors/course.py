"""Finding the course that a preprocessor works in."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from nbgrader.coursedir import CourseDirectory


def course_directory(configurable: Any) -> Any:
    """The CourseDirectory of the nbgrader command that a preprocessor belongs to.

    Its parent is an exporter, whose parent is nbgrader's converter, which knows; a preprocessor without
    parents takes what the configuration says.
    """
    ancestor = configurable
    while ancestor is not None:
        found = getattr(ancestor, "coursedir", None)
        if found is not None:
            return found
        ancestor = getattr(ancestor, "parent", None)
    return CourseDirectory(config=configurable.config)


def source_folder(configurable: Any, assignment: str) -> Path:
    """The instructor's own folder of an assignment, which no submission can write to through nbgrader."""
    course = course_directory(configurable)
    return Path(os.path.normpath(course.format_path(course.source_directory, ".", assignment)))


def submitted_folder(configurable: Any, student: str, assignment: str) -> Path:
    """The folder of a submission as it was handed in."""
    course = course_directory(configurable)
    return Path(os.path.normpath(course.format_path(course.submitted_directory, student, assignment)))
