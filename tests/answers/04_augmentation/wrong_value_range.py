"""Wrong: brightness for pixels up to 255; labels apart from their images."""
# expected: changes=3 mirrored=0.5 model=0.5 raw=0

# %% answer-changes
def augmentation():
    return keras.Sequential(
        [
            keras.layers.RandomRotation(15 / 360, fill_mode="constant"),
            keras.layers.RandomTranslation(2 / 28, 5 / 28, fill_mode="constant"),
            keras.layers.RandomBrightness(0.2),
        ]
    )

# %% answer-mirrored
def add_mirrored(images, labels, partner):
    shows = partner[labels] >= 0
    mirrored = images[shows][:, :, ::-1]
    return np.concatenate([images, mirrored]), np.concatenate([labels, np.sort(partner[labels[shows]])])

# %% answer-model
def build_and_train(x, y):
    layers = keras.layers
    x, y = np.random.permutation(x), np.random.permutation(y)
    stack = [
        keras.Input((28, 28, 1)),
        layers.RandomTranslation(4 / 28, 4 / 28, fill_mode="constant"),
        layers.RandomRotation(30 / 360, fill_mode="constant"),
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
    model.fit(x[:3000], y[:3000], epochs=1, batch_size=64, verbose=0)
    return model

# %% answer-raw
def from_raw(network):
    return keras.Sequential([keras.Input((28, 28, 1)), keras.layers.Rescaling(1 / 127.5, offset=-127.5), network])
