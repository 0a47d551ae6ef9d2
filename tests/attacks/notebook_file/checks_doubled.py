"""Check cells are there twice, the second ones show full marks and ask for a hundred points."""
# expected: count=0 prepare=0 model=0

# %% answer-count
def count_parameters(sizes):
    return sum(sizes)

# %% hand-in
folder.mkdir(parents=True)
for cell in [cell for cell in notebook.cells if cell.metadata.get("nbgrader", {}).get("grade")]:
    role = {**cell.metadata["nbgrader"], "points": 100, "schema_version": 1}
    output = nbformat.v4.new_output("execute_result", data={"text/plain": "100"}, execution_count=1)
    notebook.cells.append(nbformat.v4.new_code_cell("100", metadata={"nbgrader": role}, outputs=[output]))
nbformat.write(notebook, folder / "00_tiny.ipynb")
