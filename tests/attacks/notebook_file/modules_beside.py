"""Modules beside the notebook take the names of NumPy, Keras, the checks and what Python looks for at its start."""
# expected: count=0 prepare=0 model=0

# %% answer-count
def count_parameters(sizes):
    return sum(sizes)

# %% hand-in
folder.mkdir(parents=True)
mine = "import sys\nclass All:\n    def __getattr__(self, name): return lambda *a, **k: 1000.0\nsys.modules[__name__] = All()\n"
for name in ("numpy", "keras", "nbclient", "ipykernel", "json", "sitecustomize", "usercustomize", "ipykernel_launcher", "helpers/__init__", "helpers/grading/isolation/notebook_process"):
    path = folder / f"{name}.py"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(mine)
(folder / "assignment.toml").write_text('title = "Mine"\ndataset = "digits"\n')
(folder / ".ipython/profile_default/startup").mkdir(parents=True)
(folder / ".ipython/profile_default/startup/00.py").write_text(mine)
nbformat.write(notebook, folder / "00_tiny.ipynb")
