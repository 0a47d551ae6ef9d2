"""Wrong: a list of layers, which cannot be called; everything else is still to do."""
# expected: changes=0 mirrored=0 model=0 raw=0

# %% answer-changes
def augmentation():
    return [
        keras.layers.RandomRotation(15 / 360, fill_mode="constant"),
        keras.layers.RandomTranslation(2 / 28, 5 / 28, fill_mode="constant"),
        keras.layers.RandomBrightness(0.2, value_range=(0, 1)),
    ]
