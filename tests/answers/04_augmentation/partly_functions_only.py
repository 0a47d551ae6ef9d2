"""Partly: everything but the network."""
# expected: changes=4 mirrored=1 model=0 raw=1

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
    all_images, all_labels = list(images), list(labels)
    for image, label in zip(images, labels):
        if partner[label] == -1:
            continue
        all_images.append(image[:, ::-1])
        all_labels.append(partner[label])
    return np.stack(all_images), np.array(all_labels)

# %% answer-raw
def from_raw(network):
    raw = keras.Input(shape=(28, 28, 1), name="raw")
    unit = keras.layers.Rescaling(1 / 255)(raw)
    symmetric = keras.layers.Rescaling(2, offset=-1)(unit)
    return keras.Model(inputs=raw, outputs=network(symmetric), name="whole")
