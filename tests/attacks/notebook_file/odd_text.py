"""Cells with control characters, text from right to left, and no text at all."""
# expected: count=1 prepare=2.5 model=3

# %% answer-count
def count_parameters(sizes):
    return sum((values + 1) * units for values, units in zip(sizes[:-1], sizes[1:]))

# %% answer-prepare
def prepare(images, labels):
    return images[..., np.newaxis].astype("float32") / 255, np.eye(10)[labels]

# %% answer-model
import keras
from helpers import datasets

data = datasets.load("digits", quiet=True)
means = np.stack([data.x_train[data.y_train == k].reshape(-1, 784).mean(axis=0) for k in range(10)])
model = keras.Sequential([keras.layers.Input((28, 28, 1)), keras.layers.Flatten(), keras.layers.Dense(10, "softmax")])
model.layers[-1].set_weights([means.T, -0.5 * (means**2).sum(axis=1)])

# %% hand-in
folder.mkdir(parents=True)
import json
for text in ("\x1b[2J\x1b]0;mine\x07", "\u202e\u2066 sthgir", "\x00", "x" * 200_000, "<!-- ", "\u2028"):
    notebook.cells.append(nbformat.v4.new_markdown_cell(text))
    notebook.cells.append(nbformat.v4.new_code_cell("# " + text.replace("\x00", "")))
for cell in notebook.cells:
    cell["id"] = '"><img src=x onerror=alert(1)>'
(folder / "00_tiny.ipynb").write_text(json.dumps(notebook))
