"""Right: rescaled to -1 … 1, strides instead of pooling, early stopping and a falling learning rate."""
# expected: count=3 model=5 matrix=1 confused=1

# %% answer-count
def after_convolution(shape, layer):
    lost = 0 if layer["padding"] == "same" else layer["kernel_size"] - 1
    return shape[0] - lost, shape[1] - lost, layer["filters"]


def after(shape, layer):
    match layer:
        case {"kind": "Conv2D"}:
            return after_convolution(shape, layer)
        case {"kind": "MaxPooling2D", "pool_size": size}:
            return shape[0] // size, shape[1] // size, shape[2]
        case {"kind": "Flatten"}:
            return (int(np.prod(shape)),)
        case {"kind": "Dense", "units": units}:
            return (units,)
    return shape


def own_parameters(shape, layer):
    match layer:
        case {"kind": "Conv2D", "filters": filters, "kernel_size": size}:
            return size**2 * shape[-1] * filters + filters
        case {"kind": "Dense", "units": units}:
            return shape[-1] * units + units
        case {"kind": "BatchNormalization"}:
            return 4 * shape[-1]
    return 0


def count_parameters(shape, layers):
    if not layers:
        return 0
    first, rest = layers[0], layers[1:]
    return own_parameters(shape, first) + count_parameters(after(shape, first), rest)

# %% answer-model
def build_and_train(x, y):
    model = keras.Sequential(
        [
            keras.Input((28, 28, 1)),
            keras.layers.Rescaling(2.0, offset=-1.0),
            keras.layers.Conv2D(16, 5, strides=2),
            keras.layers.LeakyReLU(0.1),
            keras.layers.Conv2D(32, 3),
            keras.layers.LeakyReLU(0.1),
            keras.layers.MaxPooling2D(),
            keras.layers.Flatten(),
            keras.layers.Dropout(0.3),
            keras.layers.Dense(10, activation="softmax"),
        ]
    )
    model.compile(optimizer=keras.optimizers.Nadam(0.003), loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    callbacks = [
        keras.callbacks.ReduceLROnPlateau(patience=1, factor=0.4),
        keras.callbacks.EarlyStopping(patience=4, restore_best_weights=True),
    ]
    model.fit(x, y, validation_split=0.05, epochs=14, batch_size=64, callbacks=callbacks, verbose=0)
    return model

# %% answer-matrix
def confusion_matrix(labels, predictions, classes):
    matrix = np.zeros((classes, classes), dtype=int)
    for true, found in zip(labels, predictions):
        matrix[true, found] += 1
    return matrix

# %% answer-confused
def most_confused(matrix):
    mistakes = matrix - np.diag(np.diag(matrix))
    true, found = divmod(int(np.argmax(mistakes)), len(mistakes))
    return true, found
