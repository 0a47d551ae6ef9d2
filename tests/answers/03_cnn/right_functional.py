"""Right: a functional model with batch normalisation, fed by tf.data; np.add.at."""
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
    import tensorflow as tf

    image = keras.Input((28, 28, 1))
    a = image
    for filters in (16, 32):
        a = keras.layers.Conv2D(filters, 3, use_bias=False)(a)
        a = keras.layers.BatchNormalization(momentum=0.9)(a)
        a = keras.layers.ReLU()(a)
        a = keras.layers.MaxPooling2D()(a)
    a = keras.layers.Dropout(0.2)(keras.layers.Flatten()(a))
    model = keras.Model(image, keras.layers.Dense(10, activation="softmax")(a))
    model.compile(optimizer=keras.optimizers.Adam(0.003), loss="sparse_categorical_crossentropy")
    batches = tf.data.Dataset.from_tensor_slices((x, y)).shuffle(len(x), seed=3).batch(64).prefetch(1)
    model.fit(batches, epochs=7, verbose=0)
    return model

# %% answer-matrix
def confusion_matrix(labels, predictions, classes):
    matrix = np.zeros((classes, classes))
    np.add.at(matrix, (labels, predictions), 1)
    return matrix

# %% answer-confused
def most_confused(matrix):
    mistakes = matrix - np.diag(np.diag(matrix))
    true, found = divmod(int(np.argmax(mistakes)), len(mistakes))
    return true, found
