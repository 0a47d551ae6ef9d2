"""Right: prints warnings and errors on stderr in answers and checks, from Python, a logger and a subprocess."""
# expected: count=1 prepare=2.5 model=3

# %% answer-count
import logging, os, subprocess, sys, warnings

warnings.simplefilter("always")

def count_parameters(sizes):
    warnings.warn("counting", DeprecationWarning)
    logging.getLogger("mine").error("not an error at all")
    print("Traceback (most recent call last):", file=sys.stderr)
    os.write(2, b"to the descriptor itself\n")
    return int(sum((values + 1) * units for values, units in zip(sizes[:-1], sizes[1:])))

# %% answer-prepare
def prepare(images, labels):
    subprocess.run(["sh", "-c", "echo 0.0; echo failed >&2"])
    np.float32(1) / np.float32(0)
    return images[..., np.newaxis].astype("float32") / 255, np.eye(10)[labels]

# %% answer-model
import keras
from helpers import datasets

data = datasets.load("digits")
means = np.stack([data.x_train[data.y_train == k].reshape(-1, 784).mean(axis=0) for k in range(10)])
model = keras.Sequential([keras.layers.Flatten(input_shape=(28, 28, 1)), keras.layers.Dense(10, "softmax")])
model.layers[-1].set_weights([means.T, -0.5 * (means**2).sum(axis=1)])
warnings.warn("the model is ready")
