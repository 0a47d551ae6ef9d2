"""An archive of a few kilobytes that unpacks to a gigabyte, with archives in it, and a notebook last."""
# expected: count=0 prepare=0 model=0

# %% hand-in
import io, zipfile

inner = io.BytesIO()
with zipfile.ZipFile(inner, "w", zipfile.ZIP_DEFLATED) as file:
    file.writestr("zeros", bytes(100 * 2**20))
with zipfile.ZipFile(archive / f"{student}_20250131T140000.zip", "w", zipfile.ZIP_DEFLATED) as file:
    for number in range(5):
        file.writestr(f"{number}.zip", inner.getvalue())
    file.writestr("zeros.ipynb", bytes(500 * 2**20))
    file.writestr("00_tiny.ipynb", nbformat.writes(notebook))
