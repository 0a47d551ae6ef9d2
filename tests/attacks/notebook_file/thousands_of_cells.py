"""A notebook of ten thousand cells, each of which runs."""
# expected: count=0 prepare=0 model=0

# %% hand-in
folder.mkdir(parents=True)
notebook.cells += [nbformat.v4.new_code_cell("print(1)") for _ in range(10_000)]
nbformat.write(notebook, folder / "00_tiny.ipynb")
