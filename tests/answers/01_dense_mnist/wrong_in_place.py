"""Wrong: the given images are moved themselves, so before and after are the same."""
# expected: prepare=2 count=1 model=5 shift=0..1

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
    model.add(keras.layers.Dense(256, activation="relu"))
    model.add(keras.layers.Dropout(0.3))
    model.add(keras.layers.Dense(128, activation="relu"))
    model.add(keras.layers.Dense(10, activation="softmax"))
    model.compile(optimizer="adam", loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    model.fit(x, y, epochs=12, batch_size=128, verbose=0)
    return model

# %% answer-shift
def shift_and_compare(model, images, labels, pixels):
    moved = images
    moved[:, :, pixels:] = images[:, :, :-pixels].copy()
    before = model.predict(images, verbose=0).argmax(axis=1)
    predictions = model.predict(moved, verbose=0).argmax(axis=1)
    return predictions, np.mean(before == labels) - np.mean(predictions == labels)
