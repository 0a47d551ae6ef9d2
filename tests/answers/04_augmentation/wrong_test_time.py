"""Wrong: the network looks at crooked versions in use, too; nothing is ever switched off."""
# expected: changes=3.5 mirrored=0 model=0 raw=0

# %% answer-changes
def augmentation():
    stack = [
        keras.layers.RandomRotation(15 / 360, fill_mode="constant"),
        keras.layers.RandomTranslation(2 / 28, 5 / 28, fill_mode="constant"),
        keras.layers.RandomBrightness(0.2, value_range=(0, 1)),
    ]

    def change(images, training=None):
        for layer in stack:
            images = layer(images)
        return images

    return change

# %% answer-mirrored
def add_mirrored(images, labels, partner):
    shows = partner[labels] >= 0
    return np.concatenate([images, images[shows][:, :, ::-1]])

# %% answer-model
class Eight(keras.Model):
    def __init__(self, reader):
        super().__init__()
        self.reader = reader
        self.turn = keras.layers.RandomRotation(30 / 360, fill_mode="constant")

    def call(self, images):
        looks = [self.reader(self.turn(images, training=True)) for _ in range(8)]
        return keras.ops.mean(keras.ops.stack(looks), axis=0)


def build_and_train(x, y):
    reader = keras.Sequential(
        [
            keras.Input((28, 28, 1)),
            keras.layers.Conv2D(8, 3, strides=2, activation="relu"),
            keras.layers.Flatten(),
            keras.layers.Dense(10, activation="softmax"),
        ]
    )
    reader.compile(optimizer="adam", loss="sparse_categorical_crossentropy")
    reader.fit(x[:1000], y[:1000], epochs=1, verbose=0)
    return Eight(reader)

# %% answer-raw
def from_raw(network):
    return lambda raw: network(raw / 127.5 - 1)
