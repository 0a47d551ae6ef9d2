"""Brackets within brackets, a hundred thousand times; and a thousand times in what is a notebook else."""
# expected: count=0 prepare=0 model=0

# %% hand-in
folder.mkdir(parents=True)
(folder / "00_tiny.ipynb").write_text("[" * 100_000)
