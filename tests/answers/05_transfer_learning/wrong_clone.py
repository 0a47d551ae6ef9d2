"""Wrong: a clone, whose weights are random, is frozen instead of the base; letters from scratch; the last block's normalisation learns; means the other way round."""
# expected: prepare=1.5 head=0.5 few=0 tune=1..1.5

# %% answer-prepare
def prepare(images, size, means):
    rows = (size - images.shape[1]) // 2
    columns = (size - images.shape[2]) // 2
    framed = np.pad(images, [(0, 0), (rows, rows), (columns, columns), (0, 0)])
    return np.repeat(255 * framed, 3, axis=-1) - means[::-1]

# %% answer-head
def with_new_head(backbone, classes):
    base = keras.models.clone_model(backbone)
    base.trainable = False
    model = keras.Sequential([base, keras.layers.Flatten(), keras.layers.Dense(classes, activation="softmax")])
    model.compile(optimizer="adam", loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    return model

# %% answer-few
def train_on_few(backbone, x, y):
    model = models.cnn(filters=(16, 32), classes=24, learning_rate=0.003)
    model.fit(x, y, epochs=40, batch_size=32, verbose=0)
    return model

# %% answer-tune
def fine_tune(model, x, y):
    base = model.get_layer("backbone")
    base.trainable = True
    for layer in base.layers:
        layer.trainable = layer.name in ("convolution_4", "normalise_4")
    model.compile(optimizer=keras.optimizers.Adam(1e-4), loss="sparse_categorical_crossentropy")
    model.fit(x, y, epochs=8, batch_size=32, verbose=0)
    return model
