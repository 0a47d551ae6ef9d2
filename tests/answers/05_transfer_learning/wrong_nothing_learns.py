"""Wrong: the head is frozen, too; training explodes; the given images are changed; the whole base is thawed."""
# expected: prepare=1.5 head=1.5 few=0 tune=0..1

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
    model = keras.Sequential([backbone, keras.layers.Flatten(), keras.layers.Dense(24, activation="softmax")])
    model.compile(optimizer=keras.optimizers.SGD(1e6), loss="sparse_categorical_crossentropy")
    model.fit(x, y, epochs=2, batch_size=32, verbose=0)
    return model

# %% answer-tune
def fine_tune(model, x, y):
    model.get_layer("backbone").trainable = True
    model.compile(optimizer=keras.optimizers.Adam(1e-4), loss="sparse_categorical_crossentropy")
    model.fit(x, y, epochs=8, batch_size=32, verbose=0)
    return model
