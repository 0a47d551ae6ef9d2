"""In an archive as Canvas and Moodle make it, a file inside a student's own is named as if it were another's."""
# expected: count=0 prepare=0 model=0

# %% hand-in
import io, zipfile

mine = io.BytesIO()
with zipfile.ZipFile(mine, "w") as file:
    for name in ("honest-right_20990131T140000/00_tiny.ipynb", "righthonest_1_2_00_tiny.ipynb", "00_tiny.ipynb"):
        file.writestr(name, nbformat.writes(notebook))
with zipfile.ZipFile(archive / "submissions.zip", "w") as file:
    file.writestr("mallory_4711_815_honest-right_20990131T140000.zip", mine.getvalue())
    file.writestr("Mal Lory_4711_assignsubmission_file_/honest-right_20990131T140000/00_tiny.ipynb", nbformat.writes(notebook))
