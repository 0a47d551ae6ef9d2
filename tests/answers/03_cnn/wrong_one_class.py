"""Wrong: a network that takes everything for a coat; an error in the count; shares instead of counts."""
# expected: count=1.5 model=1 matrix=0 confused=0

# %% answer-count
def count_parameters(shape, layers):
    height, width, channels = shape
    total = 0
    for layer in layers:
        match layer["kind"]:
            case "Conv2D":
                total += (layer["kernel_size"] ** 2 * channels + 1) * layer["filters"]
                channels = layer["filters"]
                height -= (layer["padding"] == "valid") * (layer["kernel_size"] - 1)
                width -= (layer["padding"] == "valid") * (layer["kernel_size"] - 1)
            case "MaxPooling2D":
                height, width = height // layer["pool_size"], width // layer["pool_size"]
            case "Flatten":
                channels *= height * width
            case _:
                total += (channels + 1) * layer["units"]
                channels = layer["units"]
    return total

# %% answer-model
def build_and_train(x, y):
    model = keras.Sequential(
        [
            keras.Input((28, 28, 1)),
            keras.layers.Conv2D(4, 3, strides=2),
            keras.layers.GlobalAveragePooling2D(),
            keras.layers.Dense(10, activation="softmax"),
        ]
    )
    weights, bias = model.layers[-1].get_weights()
    bias[4] = 20.0
    model.layers[-1].set_weights([0 * weights, bias])
    return model

# %% answer-matrix
def confusion_matrix(labels, predictions, classes):
    matrix = np.zeros((classes, classes))
    np.add.at(matrix, (labels, predictions), 1)
    return matrix / len(labels)

# %% answer-confused
def most_confused(matrix):
    shares = matrix / matrix.sum(axis=1, keepdims=True)
    np.fill_diagonal(shares, 0)
    return np.unravel_index(shares.argmax(), shares.shape)
