"""Wrong: crops and enlarges, so that digits are cut off."""
# expected: changes=1.5..2.75 mirrored=0 model=0 raw=0

# %% answer-changes
def augmentation():
    return keras.Sequential(
        [
            keras.layers.RandomRotation(15 / 360, fill_mode="constant"),
            keras.layers.RandomCrop(20, 20),
            keras.layers.Resizing(28, 28),
            keras.layers.RandomBrightness(0.2, value_range=(0, 1)),
        ]
    )
