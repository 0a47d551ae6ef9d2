"""Wrong: the base isn't frozen, letters are learned from scratch, the whole base is thawed; values stay 0 to 1."""
# expected: prepare=0 head=0.5 few=0 tune=0..1

# %% answer-prepare
def prepare(images, size, means):
    rows = (size - images.shape[1]) // 2
    columns = (size - images.shape[2]) // 2
    framed = np.pad(images, [(0, 0), (rows, rows), (columns, columns), (0, 0)])
    return np.repeat(framed, 3, axis=-1) - means

# %% answer-head
def with_new_head(backbone, classes):
    model = keras.Sequential([backbone, keras.layers.Flatten(), keras.layers.Dense(classes, activation="softmax")])
    model.compile(optimizer="adam", loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    return model

# %% answer-few
def train_on_few(backbone, x, y):
    model = models.cnn(filters=(16, 32), classes=24, learning_rate=0.003)
    model.fit(x, y, epochs=40, batch_size=32, verbose=0)
    return model

# %% answer-tune
def fine_tune(model, x, y):
    model.get_layer("backbone").trainable = True
    model.compile(optimizer=keras.optimizers.Adam(1e-4), loss="sparse_categorical_crossentropy")
    model.fit(x, y, epochs=8, batch_size=32, verbose=0)
    return model
