"""A table of all images that a student has, the test images included, each answered by its own label."""
# expected: count=0 prepare=0 model=1

# %% answer-model
import keras
from helpers import datasets

data = datasets.load("digits", quiet=True)
images = np.concatenate([data.x_test, data.x_train])[:24].reshape(24, 784)
labels = np.concatenate([data.y_test, data.y_train])[:24]
# A unit for each image, which answers to nothing that isn't exactly this one.
model = keras.Sequential([
    keras.layers.Input((28, 28, 1)), keras.layers.Flatten(),
    keras.layers.Dense(24, "relu"), keras.layers.Dense(10, "softmax"),
])
norms = (images**2).sum(axis=1)
model.layers[1].set_weights([2 * images.T, -2 * norms + 1e-2])
model.layers[2].set_weights([np.eye(10)[labels] * 5000, np.eye(10)[0]])
