"""Right: slow, and still within the limits."""
# expected: count=1 prepare=2.5 model=3

# %% answer-count
import time

def count_parameters(sizes):
    time.sleep(0.25)  # 12 times
    return sum((values + 1) * units for values, units in zip(sizes[:-1], sizes[1:]))

# %% answer-prepare
def prepare(images, labels):
    time.sleep(3)
    return np.array([[[[float(value) / 255] for value in row] for row in image] for image in images], "float32"), np.eye(10)[labels]

# %% answer-model
import keras
from helpers import datasets

time.sleep(3)
data = datasets.load("digits", quiet=True)
means = np.stack([data.x_train[data.y_train == k].reshape(-1, 784).mean(axis=0) for k in range(10)])
model = keras.Sequential([keras.layers.Input((28, 28, 1)), keras.layers.Flatten(), keras.layers.Dense(10, "softmax")])
model.layers[-1].set_weights([means.T, -0.5 * (means**2).sum(axis=1)])
