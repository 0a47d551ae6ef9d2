"""Partly: a hidden layer of 20 units gets some of the points for accuracy."""
# expected: prepare=2 count=1 model=1.1..4.9 shift=2

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
    model = keras.Sequential()
    model.add(keras.Input((28, 28, 1)))
    model.add(keras.layers.Flatten())
    model.add(keras.layers.Dense(20, activation="relu"))
    model.add(keras.layers.Dense(10, activation="softmax"))
    model.compile(optimizer="adam", loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    model.fit(x, y, epochs=10, batch_size=128, verbose=0)
    return model

# %% answer-shift
def shift_and_compare(model, images, labels, pixels):
    moved = np.zeros_like(images)
    moved[:, :, pixels:] = images[:, :, :-pixels]
    before = model.predict(images, verbose=0).argmax(axis=1)
    predictions = model.predict(moved, verbose=0).argmax(axis=1)
    return predictions, np.mean(before == labels) - np.mean(predictions == labels)
