"""Wrong: what fit gives back is returned; convolutions never make the image smaller; a pair counts once."""
# expected: count=2 model=0 matrix=0 confused=1

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
        elif kind == "MaxPooling2D":
            height //= layer["pool_size"]
            width //= layer["pool_size"]
        elif kind == "BatchNormalization":
            total += 4 * channels
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
            keras.layers.Conv2D(16, 3, activation="relu"),
            keras.layers.MaxPooling2D(),
            keras.layers.Conv2D(32, 3, activation="relu"),
            keras.layers.MaxPooling2D(),
            keras.layers.Flatten(),
            keras.layers.Dropout(0.2),
            keras.layers.Dense(10, activation="softmax"),
        ]
    )
    model.compile(optimizer="adam", loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    return model.fit(x[:300], y[:300], epochs=1, verbose=0)

# %% answer-matrix
def confusion_matrix(labels, predictions, classes):
    matrix = np.zeros((classes, classes), dtype=int)
    matrix[labels, predictions] += 1
    return matrix

# %% answer-confused
def most_confused(matrix):
    mistakes = matrix.copy()
    np.fill_diagonal(mistakes, -1)
    return np.unravel_index(mistakes.argmax(), mistakes.shape)
