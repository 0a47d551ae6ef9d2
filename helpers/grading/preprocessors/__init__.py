"""Steps that nbgrader's autograder takes instead of its own; nbgrader_config.py puts them in their places."""

from helpers.grading.preprocessors.execute_for_evidence import ExecuteForEvidence
from helpers.grading.preprocessors.restore_cells import RestoreCells
from helpers.grading.preprocessors.verify_evidence import VerifyEvidence

__all__ = ["ExecuteForEvidence", "RestoreCells", "VerifyEvidence"]
