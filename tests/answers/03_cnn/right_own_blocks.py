"""Right: blocks of a class of its own, registered, with the same names inside; Keras does the counting."""
# expected: count=3 model=5 matrix=1 confused=1

# %% answer-count
def count_parameters(shape, layers):
    stack = []
    for layer in layers:
        options = {key: value for key, value in layer.items() if key != "kind"}
        stack.append(getattr(keras.layers, layer["kind"])(**options))
    return keras.Sequential([keras.Input(shape), *stack]).count_params()

# %% answer-model
@keras.saving.register_keras_serializable("mine")
class Block(keras.layers.Layer):
    """Convolution, normalisation, relu, pooling."""

    def __init__(self, filters, **options):
        super().__init__(**options)
        self.filters = filters
        self.conv = keras.layers.Conv2D(filters, 3, use_bias=False, name="conv")
        self.normalise = keras.layers.BatchNormalization(momentum=0.9, name="normalise")
        self.pool = keras.layers.MaxPooling2D(name="pool")

    def call(self, a, training=None):
        return self.pool(keras.activations.relu(self.normalise(self.conv(a), training=training)))

    def get_config(self):
        return {**super().get_config(), "filters": self.filters}


def build_and_train(x, y):
    model = keras.Sequential([keras.Input((28, 28, 1)), Block(16), Block(32)])
    model.add(keras.layers.Flatten())
    model.add(keras.layers.Dropout(0.2))
    model.add(keras.layers.Dense(10, activation="softmax"))
    model.compile(optimizer=keras.optimizers.Adam(0.003), loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    model.fit(x, y, epochs=7, batch_size=64, verbose=0)
    return model

# %% answer-matrix
def confusion_matrix(labels, predictions, classes):
    return np.eye(classes)[labels].T @ np.eye(classes)[predictions]

# %% answer-confused
def most_confused(matrix):
    mistakes = np.where(np.eye(len(matrix), dtype=bool), 0, matrix)
    return np.argwhere(mistakes == mistakes.max())[0]
