"""Who is to be graded and isn't yet, written down before anything changes and crossed off when it is done.

nbgrader passes over a submission whose autograded folder is there, even where it was killed halfway through.
Whoever is still written down here has such a folder, perhaps; it is removed, and the submission graded anew.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterable

from helpers.grading.course import Course
from helpers.grading.handed_in import NoTime, handed_in


class Pending:
    """The list for one assignment: an empty file for each student."""

    def __init__(self, course: Course, assignment: str) -> None:
        self._course = course
        self._assignment = assignment
        self._folder = course.own_folder / "pending" / assignment

    def add(self, students: Iterable[str]) -> None:
        """Writes students down."""
        self._folder.mkdir(parents=True, exist_ok=True)
        for student in students:
            (self._folder / student).touch()

    def cross_off(self, student: str) -> None:
        """Removes a student from the list."""
        with contextlib.suppress(FileNotFoundError):
            (self._folder / student).unlink()

    def students(self) -> set[str]:
        """Those on the list."""
        return {path.name for path in self._folder.glob("*")} if self._folder.is_dir() else set()

    def due(self, student: str) -> bool:
        """Whether nbgrader would grade this student's submission now, or was stopped while it did."""
        if student in self.students():
            return True
        graded = self._course.path("autograded", student, self._assignment)
        if not graded.exists():
            return True
        try:
            new = handed_in(self._course.path("submitted", student, self._assignment))
            old = handed_in(graded)
        except NoTime:  # which is told when it is prepared
            return True
        return new is not None and old is not None and new > old

    def make_room(self, student: str) -> None:
        """Removes what an earlier grading left of a student who is on the list."""
        from nbgrader.utils import rmtree

        if student not in self.students():
            raise ValueError(f"{student} isn't on the list")
        graded = self._course.path("autograded", student, self._assignment)
        if graded.exists():
            rmtree(str(graded))
