"""Wrong: images that are scaled already are divided by 255 once more."""
# expected: changes=1 mirrored=0 model=0 raw=0

# %% answer-changes
def augmentation():
    return keras.Sequential(
        [
            keras.layers.RandomRotation(15 / 360, fill_mode="constant"),
            keras.layers.RandomTranslation(2 / 28, 5 / 28, fill_mode="constant"),
            keras.layers.RandomBrightness(0.2, value_range=(0, 1)),
            keras.layers.Rescaling(1 / 255),
        ]
    )
