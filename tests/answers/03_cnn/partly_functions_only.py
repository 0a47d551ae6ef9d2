"""Partly: everything but the network."""
# expected: count=3 model=0 matrix=1 confused=1

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
            total += 4 * channels
        elif kind == "Flatten":
            channels *= height * width
        else:
            total += (channels + 1) * layer["units"]
            channels = layer["units"]
    return total

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
