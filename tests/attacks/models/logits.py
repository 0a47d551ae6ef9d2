"""Scores instead of probabilities: half of the task, and worth half of it."""
# expected: count=0 prepare=0 model=2

# %% answer-model
import keras
from helpers import datasets

data = datasets.load("digits", quiet=True)
means = np.stack([data.x_train[data.y_train == k].reshape(-1, 784).mean(axis=0) for k in range(10)])
model = keras.Sequential([keras.layers.Input((28, 28, 1)), keras.layers.Flatten(), keras.layers.Dense(10)])
model.layers[-1].set_weights([means.T, -0.5 * (means**2).sum(axis=1)])
