"""nbgrader's settings for this course: found by `nbgrader …` and by formgrader when they run in this folder.

What is special here: submissions are graded by evidence (docs/grading.md), so three steps of nbgrader's
autograder are the workshop's own. All else is nbgrader's usual way.
"""

import os
import sys

c = get_config()  # noqa: F821 (nbgrader provides it)

# A new gradebook is made with the program alembic, which nbgrader looks for on the path; it is beside Python.
os.environ["PATH"] = os.path.dirname(sys.executable) + os.pathsep + os.environ.get("PATH", os.defpath)

# The name of the course in the gradebook. nbgrader's default is none, which a database server refuses.
c.CourseDirectory.course_id = "default_course"

# Students' notebooks: an answer that isn't there yet does nothing, so that Run All goes through.
c.ClearSolutions.code_stub = {"python": "# YOUR CODE HERE\n..."}

# Validate runs a notebook as it is, training included; nbgrader's own limit is 30 s a cell. (When grading,
# the limits are those of the assignment's assignment.toml.)
c.Execute.timeout = 120
# Its limit for the last output to arrive once a cell has ended is 4 s, which a busy computer exceeds.
c.Execute.iopub_timeout = 60

# Grading by evidence.
c.Autograde.sanitize_preprocessors = [
    "helpers.grading.preprocessors.RestoreCells",
    "nbgrader.preprocessors.OverwriteKernelspec",
    "nbgrader.preprocessors.CheckCellMetadata",
]
c.Autograde.autograde_preprocessors = [
    "helpers.grading.preprocessors.ExecuteForEvidence",
    "nbgrader.preprocessors.LimitOutput",
    "helpers.grading.preprocessors.VerifyEvidence",
    "nbgrader.preprocessors.SaveAutoGrades",
    "nbgrader.preprocessors.AssignLatePenalties",
    "nbgrader.preprocessors.CheckCellMetadata",
]

# What students get back.
c.GenerateFeedback.exporter_class = "helpers.grading.feedback.FeedbackExporter"

# What leaves the course: CSV in which no cell is a formula. For Canvas and Moodle see docs/grading.md.
c.ExportApp.plugin_class = "helpers.grading.exporting.CsvExport"

# What comes in: archives, unpacked safely; names as Canvas and Moodle make them, and the workshop's own.
c.ZipCollectApp.extractor_plugin = "helpers.grading.collecting.SafeExtractor"
c.ZipCollectApp.collector_plugin = "helpers.grading.collecting.PlatformCollector"

# Archives as students hand them in: NAME_20250131T140000.zip, with the notebook in it.
c.FileNameCollectorPlugin.named_regexp = (
    r".*[/\\](?P<student_id>[A-Za-z0-9.-]+)_(?P<timestamp>\d{8}T\d{6})[/\\](?P<file_id>[^/\\]+)$"
)

# What is no part of an assignment or a submission.
c.CourseDirectory.ignore = [".ipynb_checkpoints", "__pycache__", "*.pyc", "feedback", ".*"]
