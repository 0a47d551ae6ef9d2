"""Right: augmentation in a tf.data pipeline; moved before turned; np.append."""
# expected: changes=4 mirrored=1 model=4 raw=1

# %% answer-changes
def augmentation():
    return keras.Sequential(
        [
            keras.layers.RandomTranslation(2 / 28, 5 / 28, fill_mode="constant"),
            keras.layers.RandomRotation(15 / 360, fill_mode="constant"),
            keras.layers.RandomBrightness(0.2, value_range=(0, 1)),
        ]
    )

# %% answer-mirrored
def add_mirrored(images, labels, partner):
    new_labels = partner[labels]
    shows = new_labels != -1
    flipped = np.flip(images[shows], axis=2)
    return np.concatenate((images, flipped), axis=0), np.append(labels, new_labels[shows])

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
    return keras.Sequential([keras.Input((28, 28, 1)), keras.layers.Rescaling(1 / 127.5, -1), network])
