"""A file beside the notebook is a link to a device that never ends."""
# expected: count=0 prepare=0 model=0

# %% hand-in
folder.mkdir(parents=True)
(folder / "notes.txt").symlink_to("/dev/zero")
nbformat.write(notebook, folder / "00_tiny.ipynb")
