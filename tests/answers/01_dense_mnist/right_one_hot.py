"""Right: one-hot labels with the loss that goes with them, to_categorical, np.roll and then black."""
# expected: prepare=2 count=1 model=5 shift=2

# %% answer-prepare
def prepare(images, labels):
    x = np.expand_dims(images, -1).astype(np.float32)
    x = x / 255.0
    y = keras.utils.to_categorical(labels, num_classes=10)
    return x, y

# %% answer-count
def count_parameters(sizes):
    return sum(a * b for a, b in zip(sizes[:-1], sizes[1:])) + sum(sizes[1:])

# %% answer-model
def build_and_train(x, y):
    one_hot = keras.utils.to_categorical(y, 10)
    model = keras.Sequential(
        [
            keras.layers.Input(shape=(28, 28, 1)),
            keras.layers.Flatten(),
            keras.layers.Dense(256, activation="gelu"),
            keras.layers.Dropout(0.3),
            keras.layers.Dense(100, activation="gelu"),
            keras.layers.Dense(10, activation="softmax"),
        ]
    )
    model.compile(loss="categorical_crossentropy", optimizer="adam", metrics=["accuracy"])
    model.fit(x, one_hot, batch_size=128, epochs=12, verbose=0)
    return model

# %% answer-shift
def shift_and_compare(model, images, labels, pixels):
    moved = np.roll(images, pixels, axis=2)
    moved[:, :, :pixels] = 0
    classes = model.predict(moved, verbose=0).argmax(1)
    hits = [sum(guess == labels) / labels.size for guess in (model.predict(images, verbose=0).argmax(1), classes)]
    return classes, hits[0] - hits[1]
