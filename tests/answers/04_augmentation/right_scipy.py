"""Right: SciPy changes image by image; two layers of Rescaling."""
# expected: changes=4 mirrored=1 model=4 raw=1

# %% answer-changes
from scipy import ndimage

drawn = np.random.default_rng(0)


def crooked_image(image):
    turned = ndimage.rotate(image, drawn.uniform(-15, 15), axes=(0, 1), reshape=False, order=1)
    moved = ndimage.shift(turned, (drawn.uniform(-2, 2), drawn.uniform(-5, 5), 0), order=1)
    return np.clip(moved + drawn.uniform(-0.2, 0.2), 0, 1)


def augmentation():
    def change(images, training=True):
        if not training:
            return images
        return np.array([crooked_image(image) for image in images], dtype="float32")

    return change

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
def build_and_train(x, y):
    import tensorflow as tf

    turn = keras.layers.RandomRotation(30 / 360, fill_mode="constant")
    move = keras.layers.RandomTranslation(4 / 28, 4 / 28, fill_mode="constant")

    def change(images, labels):
        return move(turn(images, training=True), training=True), labels

    belt = tf.data.Dataset.from_tensor_slices((x, y)).shuffle(len(x), seed=2).batch(64).map(change).prefetch(2)
    image = keras.Input((28, 28, 1))
    a = image
    for filters in (12, 24, 36):
        a = keras.layers.Conv2D(filters, 3, padding="same", use_bias=False)(a)
        a = keras.layers.MaxPooling2D()(a)
        a = keras.layers.BatchNormalization(momentum=0.9)(a)
        a = keras.layers.ReLU()(a)
    outputs = keras.layers.Dense(10, activation="softmax")(keras.layers.Flatten()(a))
    model = keras.Model(image, outputs)
    epochs = 5
    rate = keras.optimizers.schedules.CosineDecay(0.004, decay_steps=epochs * len(x) // 64)
    model.compile(optimizer=keras.optimizers.Adam(rate), loss="sparse_categorical_crossentropy")
    model.fit(belt, epochs=epochs, shuffle=False, verbose=0)
    return model

# %% answer-raw
def from_raw(network):
    raw = keras.Input(shape=(28, 28, 1), name="raw")
    unit = keras.layers.Rescaling(1 / 255)(raw)
    symmetric = keras.layers.Rescaling(2, offset=-1)(unit)
    return keras.Model(inputs=raw, outputs=network(symmetric), name="whole")
