"""Checks are turned into text and raw cells, and answers into graded ones."""
# expected: count=0 prepare=0 model=0

# %% answer-count
def count_parameters(sizes):
    return sum(sizes)

# %% hand-in
folder.mkdir(parents=True)
def named(name):
    return next(cell for cell in notebook.cells if cell.metadata.get("nbgrader", {}).get("grade_id") == name)

named("count").cell_type = "raw"
named("prepare").cell_type = "markdown"
for name in ("answer-count", "answer-prepare", "answer-model", "title"):
    named(name).metadata["nbgrader"].update(grade=True, points=50, task=True, locked=False)
for cell in notebook.cells:
    if cell.cell_type != "code":
        cell.pop("outputs", None), cell.pop("execution_count", None)
nbformat.write(notebook, folder / "00_tiny.ipynb")
