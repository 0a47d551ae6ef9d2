"""Wrong: the statistics of normalisation drift while its weights rest; hardly trained."""
# expected: prepare=2 head=0.5 few=0..3.9 tune=2

# %% answer-prepare
def prepare(images, size, means):
    rows = (size - images.shape[1]) // 2
    columns = (size - images.shape[2]) // 2
    framed = np.pad(images, [(0, 0), (rows, rows), (columns, columns), (0, 0)])
    return np.concatenate([255 * framed] * 3, axis=-1) - means

# %% answer-head
def with_new_head(backbone, classes):
    for layer in backbone.layers:
        for variable in layer.trainable_variables:
            variable.trainable = False
    model = keras.Sequential([backbone, keras.layers.Flatten(), keras.layers.Dense(classes, activation="softmax")])
    model.compile(optimizer="adam", loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    return model

# %% answer-few
def train_on_few(backbone, x, y):
    backbone.trainable = False
    model = keras.Sequential([backbone, keras.layers.Flatten(), keras.layers.Dense(24, activation="softmax")])
    model.compile(optimizer="adam", loss="sparse_categorical_crossentropy")
    model.fit(x, y, epochs=2, batch_size=32, verbose=0)
    return model

# %% answer-tune
def fine_tune(model, x, y):
    base = model.get_layer("backbone")
    base.trainable = True
    for layer in base.layers:
        layer.trainable = False
    base.get_layer("convolution_4").trainable = True
    model.compile(optimizer=keras.optimizers.Adam(1e-4), loss="sparse_categorical_crossentropy")
    model.fit(x, y, epochs=8, batch_size=32, verbose=0)
    return model
