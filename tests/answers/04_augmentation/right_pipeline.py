"""Right: a Pipeline layer with named arguments; random layers in the call of an own class; Normalization."""
# expected: changes=4 mirrored=1 model=4 raw=1

# %% answer-changes
def augmentation():
    from keras.layers import Pipeline, RandomBrightness, RandomRotation, RandomTranslation

    degrees, height, width = 15, 28, 28
    return Pipeline(
        [
            RandomTranslation(height_factor=2 / height, width_factor=5 / width, fill_mode="constant"),
            RandomBrightness(factor=0.2, value_range=(0, 1)),
            RandomRotation(factor=degrees / 360, fill_mode="constant"),
        ]
    )

# %% answer-mirrored
def add_mirrored(images, labels, partner):
    new_labels = partner[labels]
    shows = new_labels != -1
    flipped = np.flip(images[shows], axis=2)
    return np.concatenate((images, flipped), axis=0), np.append(labels, new_labels[shows])

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
    scale = keras.layers.Normalization(mean=127.5, variance=127.5**2)
    return keras.Sequential([keras.Input((28, 28, 1)), scale, network])
