"""Right: classes of its own with random layers inside, whole pixels, seeds; a loop over the images."""
# expected: changes=4 mirrored=1 model=4 raw=1

# %% answer-changes
class Scanner(keras.Model):
    def __init__(self):
        super().__init__()
        self.slip = keras.layers.RandomTranslation(0.0714, 0.1785, "constant", interpolation="nearest", seed=4)
        self.tilt = keras.layers.RandomRotation(np.radians(15) / (2 * np.pi), "constant", seed=5)
        self.lamp = keras.layers.RandomBrightness(0.2, value_range=[0, 1], seed=6)

    def call(self, images, training=False):
        for layer in (self.slip, self.tilt, self.lamp):
            images = layer(images, training=training)
        return images


def augmentation():
    return Scanner()

# %% answer-mirrored
def add_mirrored(images, labels, partner):
    all_images, all_labels = list(images), list(labels)
    for image, label in zip(images, labels):
        if partner[label] == -1:
            continue
        all_images.append(image[:, ::-1])
        all_labels.append(partner[label])
    return np.stack(all_images), np.array(all_labels)

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
class Whole(keras.Model):
    def __init__(self, network):
        super().__init__()
        self.network = network

    def call(self, raw, training=False):
        return self.network(2 * keras.ops.cast(raw, "float32") / 255 - 1, training=training)


def from_raw(network):
    return Whole(network)
