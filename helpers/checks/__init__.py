"""Checks of students' answers: three verdicts, hints in steps, and evidence for the grader."""

from helpers.checks.exercise import Assignment

__all__ = ["Assignment"]
