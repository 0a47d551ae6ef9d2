"""Wrong: degrees where Keras wants shares of a circle."""
# expected: changes=0 mirrored=0 model=0 raw=0

# %% answer-changes
def augmentation():
    return keras.Sequential(
        [
            keras.layers.RandomRotation(15, fill_mode="constant"),
            keras.layers.RandomTranslation(2 / 28, 5 / 28, fill_mode="constant"),
            keras.layers.RandomBrightness(0.2, value_range=(0, 1)),
        ]
    )

# %% answer-mirrored
def add_mirrored(images, labels, partner):
    shows = partner[labels] >= 0
    return images[shows][:, :, ::-1], partner[labels[shows]]

# %% answer-model
def build_and_train(x, y):
    model = keras.Sequential([keras.Input((28, 28, 1)), keras.layers.RandomRotation(30), keras.layers.Flatten()])
    model.compile(optimizer="adam", loss="sparse_categorical_crossentropy")
    model.fit(x, y, epochs=1, verbose=0)
    return model

# %% answer-raw
def from_raw(network):
    scale = [keras.layers.Rescaling(1 / 127.5, offset=-1) for _ in range(2)]
    return keras.Sequential([keras.Input((28, 28, 1)), *scale, network])
