"""A kernel of the student's own, in a language that nobody knows."""
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
notebook.metadata["kernelspec"] = {"name": "mine", "display_name": "Mine", "language": "bash", "argv": ["touch", TARGETS["folders"][0]]}
notebook.metadata["language_info"] = {"name": '"><script>alert(1)</script>', "pygments_lexer": "brainfuck", "codemirror_mode": {"name": "x"}}
notebook.metadata["jupytext"] = {"cell_metadata_filter": "-all"}
nbformat.write(notebook, folder / "00_tiny.ipynb")
