"""Students whose names and numbers are formulas, markup and paths; in the gradebook, before anything is graded."""
# expected: count=0 prepare=0 model=0

# %% hand-in
from nbgrader.api import Gradebook

with Gradebook(f"sqlite:///{course}/gradebook.db") as gradebook:
    gradebook.add_student(student, first_name='=HYPERLINK("http://127.0.0.1")', last_name="<script>alert(1)</script>", email="@SUM(1)", lms_user_id="-1+1")
folder.mkdir(parents=True)
nbformat.write(notebook, folder / "00_tiny.ipynb")
