"""An archive with links to folders and files outside, and a file that is to be written through one of them."""
# expected: count=0 prepare=0 model=0

# %% hand-in
import zipfile

with zipfile.ZipFile(archive / f"{student}_20250131T140000.zip", "w") as file:
    for name, target in (("out", str(course)), ("00_tiny.ipynb", TARGETS["files"][0]), ("other.ipynb", "/dev/zero")):
        entry = zipfile.ZipInfo(name)
        entry.create_system, entry.external_attr = 3, 0o120777 << 16
        file.writestr(entry, target)
    file.writestr("out/gradebook.db", "mine")
    file.writestr("inside/00_tiny.ipynb", nbformat.writes(notebook))
