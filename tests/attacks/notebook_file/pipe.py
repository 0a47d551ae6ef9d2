"""A pipe lies beside the notebook, at which a reader would wait for ever."""
# expected: count=0 prepare=0 model=0

# %% hand-in
folder.mkdir(parents=True)
import os
os.mkfifo(folder / "notes.txt")
nbformat.write(notebook, folder / "00_tiny.ipynb")
