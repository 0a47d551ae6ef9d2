"""Wrong: the default fill_mode; images and labels are shuffled, each in an order of its own."""
# expected: changes=3.5 mirrored=0 model=0 raw=0

# %% answer-changes
def augmentation():
    return keras.Sequential(
        [
            keras.layers.RandomRotation(15 / 360),
            keras.layers.RandomTranslation(2 / 28, 5 / 28),
            keras.layers.RandomBrightness(0.2, value_range=(0, 1)),
        ]
    )

# %% answer-mirrored
def add_mirrored(images, labels, partner):
    shows = partner[labels] >= 0
    x = np.concatenate([images, images[shows][:, :, ::-1]])
    y = np.concatenate([labels, partner[labels[shows]]])
    np.random.shuffle(x)
    np.random.shuffle(y)
    return x, y

# %% answer-model
def build_and_train(x, y):
    layers = keras.layers
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
    model.fit(x[:1000], y[:1000], epochs=1, batch_size=64, verbose=0)

# %% answer-raw
def from_raw(network):
    return keras.Sequential([keras.Input((28, 28, 1)), keras.layers.Rescaling(-2 / 255, offset=1), network])
