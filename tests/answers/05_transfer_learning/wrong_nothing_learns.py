"""Wrong: the head is frozen, too, or never trained; the given images are changed; the first layers are thawed."""
# expected: prepare=1.5 head=1.5 few=0.5 tune=0..1.5

# %% answer-prepare
def prepare(images, size, means):
    rows = (size - images.shape[1]) // 2
    columns = (size - images.shape[2]) // 2
    images *= 255
    framed = np.pad(images, [(0, 0), (rows, rows), (columns, columns), (0, 0)])
    return np.repeat(framed, 3, axis=-1) - means

# %% answer-head
def with_new_head(backbone, classes):
    model = keras.Sequential([backbone, keras.layers.Flatten(), keras.layers.Dense(classes, activation="softmax")])
    model.trainable = False
    model.compile(optimizer="adam", loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    return model

# %% answer-few
def train_on_few(backbone, x, y):
    backbone.trainable = False
    model = keras.Sequential([backbone, keras.layers.Flatten(), keras.layers.Dense(24, activation="softmax")])
    model.compile(optimizer="adam", loss="sparse_categorical_crossentropy")
    return model

# %% answer-tune
def fine_tune(model, x, y):
    base = model.get_layer("backbone")
    base.trainable = True
    for layer in base.layers:
        layer.trainable = layer.name in ("convolution_1", "convolution_2")
    model.compile(optimizer=keras.optimizers.Adam(1e-4), loss="sparse_categorical_crossentropy")
    model.fit(x, y, epochs=8, batch_size=32, verbose=0)
    return model
