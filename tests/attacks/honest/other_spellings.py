"""Right: a lambda, lists and whole numbers where arrays are usual, a model class of one's own, other names."""
# expected: count=1 prepare=2.5 model=3

# %% answer-count
count_parameters = lambda layer_sizes: np.int64(np.dot(np.add(layer_sizes[:-1], 1), layer_sizes[1:]))

# %% answer-prepare
import keras

def prepare(pictures, classes):
    scaled = np.expand_dims(np.multiply(pictures, 1 / 255, dtype=np.float32), -1)
    return [scaled, keras.utils.to_categorical(classes, num_classes=10).astype(bool)]

# %% answer-model
from helpers import datasets

class Nearest(keras.Model):
    def __init__(self, means):
        super().__init__()
        self.flatten, self.scores = keras.layers.Flatten(), keras.layers.Dense(10)
        self.scores.build((None, 784))
        self.scores.set_weights([means.T, -0.5 * (means**2).sum(axis=1)])

    def call(self, x):
        return keras.ops.softmax(self.scores(self.flatten(x)))

digits = datasets.load("digits", quiet=True)
model = Nearest(np.stack([digits.x_train[digits.y_train == k].reshape(-1, 784).mean(axis=0) for k in range(10)]))
