"""Right: TensorFlow's own functions; tensors instead of arrays; a model that rescales to -1 … 1."""
# expected: prepare=2 count=1 model=5 shift=2

# %% answer-prepare
import tensorflow as tf


def prepare(images, labels):
    x = tf.cast(images, tf.float32)[..., tf.newaxis] / 255.0
    y = tf.one_hot(labels, depth=10)
    return x, y

# %% answer-count
def count_parameters(sizes):
    model = keras.Sequential([keras.Input((sizes[0],))] + [keras.layers.Dense(units) for units in sizes[1:]])
    return model.count_params()

# %% answer-model
import tensorflow as tf


def build_and_train(x, y):
    model = keras.Sequential(
        [
            keras.Input((28, 28, 1)),
            keras.layers.Rescaling(2.0, offset=-1.0),
            keras.layers.Flatten(),
            keras.layers.Dense(256),
            keras.layers.LeakyReLU(),
            keras.layers.Dropout(0.3),
            keras.layers.Dense(100, activation="relu"),
            keras.layers.Dense(10),
            keras.layers.Activation("softmax"),
        ]
    )
    model.compile("nadam", "sparse_categorical_crossentropy", metrics=["accuracy"])
    batches = tf.data.Dataset.from_tensor_slices((x, y)).shuffle(len(x)).batch(128)
    model.fit(batches, epochs=12, verbose=0)
    return model

# %% answer-shift
import tensorflow as tf


def shift_and_compare(model, images, labels, pixels):
    moved = tf.pad(images, [[0, 0], [0, 0], [pixels, 0], [0, 0]])[:, :, : images.shape[2]]
    predictions = tf.argmax(model(moved), axis=1)
    hits = lambda classes: tf.reduce_mean(tf.cast(tf.equal(classes, labels), tf.float32))
    drop = hits(tf.argmax(model(images), axis=1)) - hits(predictions)
    return predictions, drop
