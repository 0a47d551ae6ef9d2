"""Tags say that checks are skipped and may fail; their outputs show full marks."""
# expected: count=0 prepare=0 model=0

# %% answer-count
def count_parameters(sizes):
    return sum(sizes)

# %% hand-in
folder.mkdir(parents=True)
for cell in notebook.cells:
    cell.metadata["tags"] = ["skip-execution", "raises-exception", "nbgrader-ignore", "remove-cell"]
    cell.metadata["workshop"] = {"title": "x", "state": "right", "reason": "", "hints": [], "parts": []}
    if cell.cell_type == "code":
        cell.outputs = [nbformat.v4.new_output("execute_result", data={"text/plain": "1000"}, execution_count=1)]
notebook.metadata["workshop"] = {"seconds": 0, "problem": "[red]\x1b[31m=cmd()", "restored": ["x"] * 9}
nbformat.write(notebook, folder / "00_tiny.ipynb")
