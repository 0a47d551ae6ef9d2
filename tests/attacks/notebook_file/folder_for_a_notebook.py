"""A folder has the notebook's name."""
# expected: count=0 prepare=0 model=0

# %% hand-in
folder.mkdir(parents=True)
(folder / "00_tiny.ipynb").mkdir()
nbformat.write(notebook, folder / "00_tiny.ipynb" / "00_tiny.ipynb")
