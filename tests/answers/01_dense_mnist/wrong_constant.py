"""Wrong: a network that takes everything for a 3."""
# expected: prepare=2 count=1 model=1 shift=2

# %% answer-prepare
def prepare(images, labels):
    x = images[..., np.newaxis].astype("float32") / 255
    y = np.eye(10, dtype="float32")[labels]
    return x, y

# %% answer-count
def count_parameters(sizes):
    total = 0
    for values, units in zip(sizes, sizes[1:]):
        total += values * units + units
    return total

# %% answer-model
def build_and_train(x, y):
    model = keras.Sequential([keras.Input((28, 28, 1)), keras.layers.Flatten(), keras.layers.Dense(10, activation="softmax")])
    weights, bias = model.layers[-1].get_weights()
    bias[3] = 20.0
    model.layers[-1].set_weights([0 * weights, bias])
    return model

# %% answer-shift
def shift_and_compare(model, images, labels, pixels):
    moved = np.zeros_like(images)
    moved[:, :, pixels:] = images[:, :, :-pixels]
    before = model.predict(images, verbose=0).argmax(axis=1)
    predictions = model.predict(moved, verbose=0).argmax(axis=1)
    return predictions, np.mean(before == labels) - np.mean(predictions == labels)
