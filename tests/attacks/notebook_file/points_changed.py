"""Points, names and versions of cells are others, and new graded cells are there."""
# expected: count=0 prepare=0 model=0

# %% answer-count
def count_parameters(sizes):
    return sum(sizes)

# %% hand-in
folder.mkdir(parents=True)
for cell in notebook.cells:
    role = cell.metadata.get("nbgrader")
    if role and role.get("grade"):
        role.update(points=10**9, grade_id=role["grade_id"] + "-mine")
for name in ("bonus", "=1+1", "../../x", "count", "\u202ecount", "x" * 5000):
    role = {"grade_id": name, "grade": True, "points": 1000, "solution": False, "locked": False, "schema_version": 3, "task": False}
    notebook.cells.append(nbformat.v4.new_code_cell("1000.0", metadata={"nbgrader": role}))
notebook.cells.append(nbformat.v4.new_markdown_cell("x", metadata={"nbgrader": [1, {"grade_id": None}]}))
nbformat.write(notebook, folder / "00_tiny.ipynb")
