"""Half a character, which no file can hold: it gets as far as the grader's own files."""
# expected: count=0 prepare=0 model=0

# %% hand-in
import json

folder.mkdir(parents=True)
notebook.cells.append(nbformat.v4.new_code_cell("# HALF"))
(folder / "00_tiny.ipynb").write_text(json.dumps(notebook).replace("HALF", "\\ud800"))
