"""Wrong: white comes in at the edges; every image is mirrored, whatever it shows."""
# expected: changes=3.5 mirrored=0 model=0 raw=0

# %% answer-changes
def augmentation():
    return keras.Sequential(
        [
            keras.layers.RandomRotation(15 / 360, fill_mode="constant", fill_value=1.0),
            keras.layers.RandomTranslation(2 / 28, 5 / 28, fill_mode="constant", fill_value=1.0),
            keras.layers.RandomBrightness(0.2, value_range=(0, 1)),
        ]
    )

# %% answer-mirrored
def add_mirrored(images, labels, partner):
    return np.concatenate([images, images[:, :, ::-1]]), np.concatenate([labels, partner[labels]])

# %% answer-model
def build_and_train(x, y):
    model = keras.Sequential(
        [
            keras.Input((28, 28, 1)),
            keras.layers.RandomTranslation(4 / 28, 4 / 28, fill_mode="constant"),
            keras.layers.Flatten(),
            keras.layers.Dense(128, activation="relu"),
            keras.layers.Dense(10, activation="softmax"),
        ]
    )
    model.compile(optimizer="adam", loss="sparse_categorical_crossentropy")
    model.fit(x[:1000], y[:1000], epochs=1, verbose=0)
    return model

# %% answer-raw
def from_raw(network):
    return keras.Sequential([keras.Input((28, 28, 1)), keras.layers.Rescaling(1 / 255, offset=-1), network])
