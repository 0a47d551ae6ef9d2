"""An archive whose entries lead out of their folder, into other submissions and into the course."""
# expected: count=0 prepare=0 model=0

# %% hand-in
import zipfile

text = nbformat.writes(notebook)
with zipfile.ZipFile(archive / f"{student}_20250131T140000.zip", "w") as file:
    file.writestr("00_tiny.ipynb", text)
    for name in ("../honest-right_20990131T140000/00_tiny.ipynb", "../../../../submitted/honest-right/00_tiny/00_tiny.ipynb",
                 "/tmp/x.ipynb", "..\\..\\..\\..\\gradebook.db", "C:\\x.ipynb", f"{course}/source/00_tiny/00_tiny.ipynb",
                 "honest-right_20990131T140000/00_tiny.ipynb", "a\x1b[2J/00_tiny.ipynb", "x" * 300 + "/00_tiny.ipynb"):
        file.writestr(name, "{}")
