"""The notebook has another name."""
# expected: count=0 prepare=0 model=0

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
nbformat.write(notebook, folder / "my_homework (final).ipynb")
