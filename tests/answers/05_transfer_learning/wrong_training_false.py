"""Wrong: training=False instead of freezing; trained on the test set; not compiled again; the margin comes last."""
# expected: prepare=1.5 head=0.5 few=0.5 tune=0

# %% answer-prepare
def prepare(images, size, means):
    rows = (size - images.shape[1]) // 2
    columns = (size - images.shape[2]) // 2
    coloured = np.repeat(255 * images, 3, axis=-1) - means
    return np.pad(coloured, [(0, 0), (rows, rows), (columns, columns), (0, 0)])

# %% answer-head
def with_new_head(backbone, classes):
    image = keras.Input((28, 28, 1))
    a = keras.layers.Flatten()(backbone(image, training=False))
    model = keras.Model(image, keras.layers.Dense(classes, activation="softmax")(a))
    model.compile(optimizer="adam", loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    return model

# %% answer-few
def train_on_few(backbone, x, y):
    backbone.trainable = False
    model = keras.Sequential([backbone, keras.layers.Flatten(), keras.layers.Dense(24, activation="softmax")])
    model.compile(optimizer=keras.optimizers.Adam(0.002), loss="sparse_categorical_crossentropy")
    model.fit(x_test[:400], y_test[:400], epochs=15, batch_size=32, verbose=0)
    return model

# %% answer-tune
def fine_tune(model, x, y):
    base = model.get_layer("backbone")
    base.trainable = True
    for layer in base.layers:
        layer.trainable = layer.name == "convolution_4"
    model.fit(x, y, epochs=5, batch_size=32, verbose=0)
    return model
