"""A time of handing in that is none."""
# expected: count=0 prepare=0 model=0

# %% hand-in
folder.mkdir(parents=True)
(folder / "timestamp.txt").write_text("next week [red]")
nbformat.write(notebook, folder / "00_tiny.ipynb")
