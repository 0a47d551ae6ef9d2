"""Wrong: brightness for pixels up to 255; labels are sorted, apart from their images."""
# expected: changes=3 mirrored=0.5 model=0 raw=0

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

# %% answer-raw
def from_raw(network):
    return keras.Sequential([keras.Input((28, 28, 1)), keras.layers.Rescaling(1 / 127.5, offset=-127.5), network])
