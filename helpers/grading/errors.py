"""What can stand in the way of grading, apart from students' answers."""

from __future__ import annotations

from helpers.errors import WorkshopError


class GradingError(WorkshopError):
    """Grading can't go on. It is about the grader's machine or the course, never about an answer."""
