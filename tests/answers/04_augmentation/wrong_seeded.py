"""Wrong: the same changes at each call, as the layers are made anew with the same seeds; scaled by the brightest pixel."""
# expected: changes=3.5 mirrored=1 model=0 raw=0

# %% answer-changes
def augmentation():
    def change(images, training=False):
        if not training:
            return images
        stack = [
            keras.layers.RandomRotation(15 / 360, fill_mode="constant", seed=1),
            keras.layers.RandomTranslation(2 / 28, 5 / 28, fill_mode="constant", seed=2),
            keras.layers.RandomBrightness(0.2, value_range=(0, 1), seed=3),
        ]
        for layer in stack:
            images = layer(images, training=True)
        return images

    return change

# %% answer-mirrored
def add_mirrored(images, labels, partner):
    new_labels = partner[labels]
    shows = new_labels != -1
    flipped = np.flip(images[shows], axis=2)
    return np.concatenate((images, flipped), axis=0), np.append(labels, new_labels[shows])

# %% answer-raw
def from_raw(network):
    raw = keras.Input((28, 28, 1))
    largest = keras.ops.max(raw, axis=(1, 2, 3), keepdims=True)
    return keras.Model(raw, network(2 * raw / largest - 1))
