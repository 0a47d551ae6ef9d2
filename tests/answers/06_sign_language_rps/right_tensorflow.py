"""Right: tensors instead of arrays, TensorFlow's own functions."""
# expected: read=3 outcome=2 model=4 letters=1

# %% answer-read
import tensorflow as tf


def read_signs(table, letters):
    chosen = table[[ALPHABET[label] in letters for label in table["label"]]]
    x = tf.reshape(tf.constant(chosen.iloc[:, 1:].to_numpy(), tf.float32) / 255.0, (-1, 28, 28, 1))
    return x, tf.constant([letters.find(ALPHABET[label]) for label in chosen["label"]])

# %% answer-outcome
import tensorflow as tf


def outcome(mine, theirs):
    difference = tf.math.floormod(mine - theirs, 3)
    return tf.where(difference == 2, -1, tf.cast(difference, tf.int32))

# %% answer-model
class Referee(keras.Model):
    def __init__(self):
        super().__init__()
        self.first = keras.layers.Conv2D(8, 3)
        self.second = keras.layers.Conv2D(12, 3)
        self.pool = keras.layers.MaxPooling2D()
        self.head = keras.layers.Dense(3)

    def call(self, images):
        a = self.pool(keras.ops.relu(self.first(images)))
        a = self.pool(keras.ops.relu(self.second(a)))
        return keras.ops.softmax(self.head(keras.ops.reshape(a, (-1, 5 * 5 * 12))))


def build_and_train(x, y):
    model = Referee()
    model.compile(optimizer=keras.optimizers.Adam(0.004), loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    model.fit(x, y, epochs=12, batch_size=32, verbose=0)
    return model

# %% answer-letters
def build_and_train_letters(x, y):
    image = keras.Input((28, 28, 1))
    a = image
    for filters in (16, 32):
        a = keras.layers.Conv2D(filters, 3, use_bias=False)(a)
        a = keras.layers.MaxPooling2D()(a)
        a = keras.layers.ReLU()(keras.layers.BatchNormalization(momentum=0.9)(a))
    a = keras.layers.Dropout(0.3)(keras.layers.Flatten()(a))
    model = keras.Model(image, keras.layers.Dense(24, activation="softmax")(a))
    model.compile(optimizer=keras.optimizers.Adam(0.003), loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    model.fit(x, y, epochs=6, batch_size=64, verbose=0)
    return model
