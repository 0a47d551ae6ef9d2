"""Wrong: brightness that leaves the range of pixels."""
# expected: changes=3.5 mirrored=0 model=0 raw=0

# %% answer-changes
def augmentation():
    geometry = keras.Sequential(
        [
            keras.layers.RandomRotation(15 / 360, fill_mode="constant"),
            keras.layers.RandomTranslation(2 / 28, 5 / 28, fill_mode="constant"),
        ]
    )

    def change(images, training=False):
        if not training:
            return images
        light = np.random.uniform(-0.2, 0.2, (len(images), 1, 1, 1)).astype("float32")
        return geometry(images, training=True) + light

    return change
