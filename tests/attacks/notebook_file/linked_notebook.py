"""The notebook is a link to the solution."""
# expected: count=0 prepare=0 model=0

# %% hand-in
folder.mkdir(parents=True)
(folder / "00_tiny.ipynb").symlink_to(TARGETS["files"][0])
