"""Wrong: scores instead of probabilities; one channel of three; the base stays frozen."""
# expected: prepare=0 head=1.5 few=3.5 tune=0

# %% answer-prepare
def prepare(images, size, means):
    rows = (size - images.shape[1]) // 2
    columns = (size - images.shape[2]) // 2
    result = np.zeros((len(images), size, size, 3))
    result[..., :1] = 255 * np.pad(images, [(0, 0), (rows, rows), (columns, columns), (0, 0)])
    return result - means

# %% answer-head
def with_new_head(backbone, classes):
    backbone.trainable = False
    model = keras.Sequential([backbone, keras.layers.Flatten(), keras.layers.Dense(classes)])
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile(optimizer="adam", loss=loss, metrics=["accuracy"])
    return model

# %% answer-few
def train_on_few(backbone, x, y):
    backbone.trainable = False
    model = keras.Sequential([backbone, keras.layers.Flatten(), keras.layers.Dense(24)])
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile(optimizer=keras.optimizers.Adam(0.002), loss=loss)
    model.fit(x, y, epochs=30, batch_size=32, verbose=0)
    return model

# %% answer-tune
def fine_tune(model, x, y):
    model.compile(optimizer=keras.optimizers.Adam(1e-4), loss="sparse_categorical_crossentropy")
    model.fit(x, y, epochs=3, batch_size=32, verbose=0)
    return model
