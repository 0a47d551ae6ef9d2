"""Right: a model of a class of its own, with operations of keras.ops; np.bincount."""
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
class Sorter(keras.Model):
    def __init__(self):
        super().__init__()
        self.first = keras.layers.Conv2D(16, 3, activation="relu")
        self.second = keras.layers.Conv2D(32, 3)
        self.pool = keras.layers.MaxPooling2D()
        self.drop = keras.layers.Dropout(0.2)
        self.head = keras.layers.Dense(10)

    def call(self, images, training=False):
        a = self.pool(self.first(images))
        a = self.pool(keras.ops.relu(self.second(a)))
        a = keras.ops.reshape(a, (-1, a.shape[1] * a.shape[2] * a.shape[3]))
        return keras.ops.softmax(self.head(self.drop(a, training=training)))


def build_and_train(x, y):
    model = Sorter()
    model.compile(optimizer=keras.optimizers.Adam(0.003), loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    model.fit(x, y, epochs=9, batch_size=128, verbose=0)
    return model

# %% answer-matrix
def confusion_matrix(labels, predictions, classes):
    return np.bincount(classes * labels + predictions, minlength=classes**2).reshape(classes, classes)

# %% answer-confused
def most_confused(matrix):
    worst = (0, 1)
    for true in range(len(matrix)):
        for found in range(len(matrix)):
            if true != found and matrix[true][found] > matrix[worst[0]][worst[1]]:
                worst = (true, found)
    return worst
