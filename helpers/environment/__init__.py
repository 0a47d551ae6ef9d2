"""What surrounds a notebook: a quiet TensorFlow, seeds, graphics that work, and a check of the set-up.

    from helpers import environment

    environment.prepare(seed=1)      # the first cell of every lesson
    environment.check()              # does everything work on this computer?

`python -m helpers.environment` runs the same check in a terminal and ends with 1 if something is missing.
"""

from helpers.environment.checking import Finding, Report, check, versions
from helpers.environment.graphics import in_notebook, working_backend
from helpers.environment.preparing import EnvironmentProblem, prepare, quiet_tensorflow, set_seed

__all__ = [
    "EnvironmentProblem",
    "Finding",
    "Report",
    "check",
    "in_notebook",
    "prepare",
    "quiet_tensorflow",
    "set_seed",
    "versions",
    "working_backend",
]
