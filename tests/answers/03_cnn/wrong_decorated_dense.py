"""Wrong: a dense network behind a convolution of one filter; two numbers a channel for normalisation."""
# expected: count=1.5 model=1..4.9 matrix=1 confused=1

# %% answer-count
def count_parameters(shape, layers):
    height, width, channels = shape
    total = 0
    for layer in layers:
        kind = layer["kind"]
        if kind == "Conv2D":
            size = layer["kernel_size"]
            total += (size * size * channels + 1) * layer["filters"]
            channels = layer["filters"]
            if layer["padding"] == "valid":
                height -= size - 1
                width -= size - 1
        elif kind == "MaxPooling2D":
            height //= layer["pool_size"]
            width //= layer["pool_size"]
        elif kind == "BatchNormalization":
            total += 2 * channels
        elif kind == "Flatten":
            channels *= height * width
        else:
            total += (channels + 1) * layer["units"]
            channels = layer["units"]
    return total

# %% answer-model
def build_and_train(x, y):
    model = keras.Sequential(
        [
            keras.Input((28, 28, 1)),
            keras.layers.Conv2D(1, 3, padding="same", activation="relu"),
            keras.layers.Flatten(),
            keras.layers.Dense(24, activation="relu"),
            keras.layers.Dense(10, activation="softmax"),
        ]
    )
    model.compile(optimizer=keras.optimizers.Adam(0.002), loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    model.fit(x[:12000], y[:12000], epochs=12, batch_size=64, verbose=0)
    return model

# %% answer-matrix
def confusion_matrix(labels, predictions, classes):
    matrix = np.zeros((classes, classes), dtype=int)
    for true, found in zip(labels, predictions):
        matrix[true, found] += 1
    return matrix

# %% answer-confused
def most_confused(matrix):
    mistakes = matrix.copy()
    np.fill_diagonal(mistakes, -1)
    return np.unravel_index(mistakes.argmax(), mistakes.shape)
