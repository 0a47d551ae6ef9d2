"""Right: light by TensorFlow, clipped; tensors instead of arrays."""
# expected: changes=4 mirrored=1 model=4 raw=1

# %% answer-changes
import tensorflow as tf


def augmentation():
    geometry = [
        keras.layers.RandomRotation(15 / 360, fill_mode="constant"),
        keras.layers.RandomTranslation(2 / 28, 5 / 28, fill_mode="constant"),
    ]

    def change(images, training=False):
        if training:
            for layer in geometry:
                images = layer(images, training=True)
            light = tf.random.uniform((tf.shape(images)[0], 1, 1, 1), -0.2, 0.2)
            images = tf.clip_by_value(images + light, 0.0, 1.0)
        return images

    return change

# %% answer-mirrored
def add_mirrored(images, labels, partner):
    keep = keras.ops.convert_to_numpy(keras.ops.take(partner, labels)) >= 0
    flipped = keras.ops.flip(images[keep], axis=2)
    return keras.ops.concatenate([images, flipped]), keras.ops.concatenate([labels, partner[labels[keep]]])

# %% answer-model
class Reader(keras.Model):
    def __init__(self):
        super().__init__()
        self.move = keras.layers.RandomTranslation(0.15, 0.15, fill_mode="constant")
        self.turn = keras.layers.RandomRotation(0.09, fill_mode="constant")
        self.blocks = [self.block(filters) for filters in (12, 24, 32)]
        self.last = keras.layers.Dense(10, activation="softmax")

    def block(self, filters):
        return [
            keras.layers.Conv2D(filters, 3, padding="same", use_bias=False),
            keras.layers.MaxPooling2D(),
            keras.layers.BatchNormalization(momentum=0.9),
            keras.layers.Activation("relu"),
        ]

    def call(self, images, training=False):
        a = self.turn(self.move(images, training=training), training=training)
        for block in self.blocks:
            for layer in block:
                a = layer(a, training=training) if isinstance(layer, keras.layers.BatchNormalization) else layer(a)
        return self.last(keras.ops.reshape(a, (-1, 3 * 3 * 32)))


def build_and_train(x, y):
    model = Reader()
    for rate in (0.004, 0.001):
        model.compile(optimizer=keras.optimizers.Adam(rate), loss="sparse_categorical_crossentropy")
        model.fit(x, y, epochs=3, batch_size=64, verbose=0)
    return model

# %% answer-raw
def from_raw(network):
    raw = keras.Input((28, 28, 1))
    return keras.Model(raw, network(raw / 127.5 - 1))
