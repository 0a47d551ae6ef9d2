"""Wrong: the layers of the lesson, with other amounts than asked for, and no light."""
# expected: changes=1.5 mirrored=0 model=0 raw=0

# %% answer-changes
def augmentation():
    return keras.Sequential(
        [
            keras.layers.RandomRotation(20 / 360, fill_mode="constant"),
            keras.layers.RandomTranslation(4 / 28, 4 / 28, fill_mode="constant"),
            keras.layers.RandomZoom((-0.2, 0.25), fill_mode="constant"),
        ]
    )
