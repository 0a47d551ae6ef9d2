"""A pipe in the place of the time at which it was handed in."""
# expected: count=0 prepare=0 model=0

# %% hand-in
folder.mkdir(parents=True)
import os
os.mkfifo(folder / "timestamp.txt")
nbformat.write(notebook, folder / "00_tiny.ipynb")
