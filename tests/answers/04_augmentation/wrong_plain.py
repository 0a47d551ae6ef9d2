"""Wrong: no augmentation at all in training; turns by half circles, height and width swapped."""
# expected: changes=2.5 mirrored=0.5 model=1.2..1.9 raw=0

# %% answer-changes
def augmentation():
    return keras.Sequential(
        [
            keras.layers.RandomRotation(15 / 180, fill_mode="constant"),
            keras.layers.RandomTranslation(5 / 28, 2 / 28, fill_mode="constant"),
            keras.layers.RandomBrightness(0.2, value_range=(0, 1)),
        ]
    )

# %% answer-mirrored
def add_mirrored(images, labels, partner):
    shows = partner[labels] >= 0
    return np.concatenate([images, images[shows][:, ::-1]]), np.concatenate([labels, partner[labels[shows]]])

# %% answer-model
def build_and_train(x, y):
    layers = keras.layers
    stack = [
        keras.Input((28, 28, 1)),
    ]
    for filters in (12, 24, 32):
        stack += [
            layers.Conv2D(filters, 3, padding="same", use_bias=False),
            layers.MaxPooling2D(),
            layers.BatchNormalization(momentum=0.9),
            layers.ReLU(),
        ]
    model = keras.Sequential([*stack, layers.Flatten(), layers.Dense(10, activation="softmax")])
    model.compile(optimizer=keras.optimizers.Adam(0.005), loss="sparse_categorical_crossentropy")
    model.fit(x, y, epochs=4, batch_size=128, verbose=0)
    return model

# %% answer-raw
def from_raw(network):
    return keras.Sequential([keras.Input((28, 28, 1)), network])
