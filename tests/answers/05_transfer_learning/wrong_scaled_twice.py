"""Wrong: scaled to nothing before the base; resized instead of framed; not compiled; the base is built anew."""
# expected: prepare=1 head=0 few=0..3.9 tune=0

# %% answer-prepare
def prepare(images, size, means):
    large = np.array(keras.ops.image.resize(images, (size, size)))
    return np.repeat(255 * large, 3, axis=-1) - means

# %% answer-head
def with_new_head(backbone, classes):
    backbone.trainable = False
    return keras.Sequential([backbone, keras.layers.Flatten(), keras.layers.Dense(classes, activation="softmax")])

# %% answer-few
def train_on_few(backbone, x, y):
    backbone.trainable = False
    model = keras.Sequential(
        [
            keras.layers.Rescaling(1 / 255),
            backbone,
            keras.layers.Flatten(),
            keras.layers.Dense(24, activation="softmax"),
        ]
    )
    model.compile(optimizer=keras.optimizers.Adam(0.002), loss="sparse_categorical_crossentropy")
    model.fit(x, y, epochs=30, batch_size=32, verbose=0)
    return model

# %% answer-tune
def fine_tune(model, x, y):
    base = models.load_backbone(pretrained=False)
    tuned = keras.Sequential([base, keras.layers.Flatten(), keras.layers.Dense(24, activation="softmax")])
    tuned.compile(optimizer=keras.optimizers.Adam(1e-4), loss="sparse_categorical_crossentropy")
    tuned.fit(x, y, epochs=3, batch_size=32, verbose=0)
    return tuned
