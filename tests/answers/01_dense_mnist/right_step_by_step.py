"""Right: loops instead of array tricks, a functional model, np.pad."""
# expected: prepare=2 count=1 model=5 shift=2

# %% answer-prepare
def prepare(images, labels):
    n, height, width = images.shape
    x = np.zeros((n, height, width, 1), dtype=np.float32)
    y = np.zeros((n, 10), dtype=np.float32)
    for i in range(n):
        x[i, :, :, 0] = images[i] / 255.0
        y[i, labels[i]] = 1.0
    return x, y

# %% answer-count
def count_parameters(sizes):
    count = 0
    for layer in range(1, len(sizes)):
        weights = sizes[layer - 1] * sizes[layer]
        biases = sizes[layer]
        count = count + weights + biases
    return count

# %% answer-model
def build_and_train(x, y):
    inputs = keras.Input(shape=(28, 28, 1))
    hidden = keras.layers.Flatten()(inputs)
    hidden = keras.layers.Dense(224, activation="relu")(hidden)
    hidden = keras.layers.Dropout(0.25)(hidden)
    hidden = keras.layers.Dense(96, activation="relu")(hidden)
    outputs = keras.layers.Dense(10)(hidden)
    outputs = keras.layers.Softmax()(outputs)
    model = keras.Model(inputs, outputs)
    model.compile(
        optimizer=keras.optimizers.Adam(learning_rate=0.001),
        loss=keras.losses.SparseCategoricalCrossentropy(),
        metrics=["accuracy"],
    )
    model.fit(x, y, epochs=14, batch_size=100, verbose=0)
    return model

# %% answer-shift
def shift_and_compare(model, images, labels, pixels):
    width = images.shape[2]
    padded = np.pad(images, ((0, 0), (0, 0), (pixels, 0), (0, 0)))
    moved = padded[:, :, :width, :]
    predictions = np.argmax(model(moved), axis=-1)
    unmoved = np.argmax(model(images), axis=-1)
    right_before = 0
    right_after = 0
    for i in range(len(labels)):
        if unmoved[i] == labels[i]:
            right_before += 1
        if predictions[i] == labels[i]:
            right_after += 1
    drop = right_before / len(labels) - right_after / len(labels)
    return predictions, drop
