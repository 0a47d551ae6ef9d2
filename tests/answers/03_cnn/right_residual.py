"""Right: shortcuts around a plain and a separable convolution, strides; plain lists."""
# expected: count=3 model=5 matrix=1 confused=1

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

# %% answer-model
def build_and_train(x, y):
    image = keras.Input((28, 28, 1))
    a = keras.layers.Conv2D(24, 5, strides=2, padding="same", activation="relu")(image)
    a = keras.layers.MaxPooling2D()(a)
    a = a + keras.layers.Conv2D(24, 3, padding="same", activation="relu")(a)
    a = keras.layers.Add()([a, keras.layers.SeparableConv2D(24, 3, padding="same", activation="relu")(a)])
    a = keras.layers.Dropout(0.3)(keras.layers.Flatten()(a))
    model = keras.Model(image, keras.layers.Dense(10, activation="softmax")(a))
    model.compile(optimizer=keras.optimizers.Adam(0.002), loss="sparse_categorical_crossentropy")
    model.fit(x, y, epochs=10, batch_size=64, verbose=0)
    return model

# %% answer-matrix
def confusion_matrix(labels, predictions, classes):
    pairs = list(zip(labels.tolist(), predictions.tolist()))
    return [[pairs.count((row, column)) for column in range(classes)] for row in range(classes)]

# %% answer-confused
def most_confused(matrix):
    places = [(i, j) for i in range(len(matrix)) for j in range(len(matrix)) if i != j]
    return max(places, key=lambda place: matrix[place])
