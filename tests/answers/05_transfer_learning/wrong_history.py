"""Wrong: what fit gives back, a tensor, an error; all images taken for squares."""
# expected: prepare=1.5 head=0 few=0 tune=0

# %% answer-prepare
def prepare(images, size, means):
    margin = (size - images.shape[1]) // 2
    framed = np.pad(images, [(0, 0), (margin, margin), (margin, margin), (0, 0)])
    return np.repeat(255 * framed, 3, axis=-1) - means

# %% answer-head
def with_new_head(backbone, classes):
    backbone.trainable = False
    features = keras.layers.Flatten()(backbone.output)
    return keras.layers.Dense(classes, activation="softmax")(features)

# %% answer-few
def train_on_few(backbone, x, y):
    backbone.trainable = False
    model = keras.Sequential([backbone, keras.layers.Flatten(), keras.layers.Dense(24, activation="softmax")])
    model.compile(optimizer="adam", loss="sparse_categorical_crossentropy")
    return model.fit(x, y, epochs=1, verbose=0)

# %% answer-tune
def fine_tune(model, x, y):
    model.get_layer("convolution_4").trainable = True
    model.compile(optimizer=keras.optimizers.Adam(1e-4), loss="sparse_categorical_crossentropy")
    model.fit(x, y, epochs=5, batch_size=32, verbose=0)
    return model
