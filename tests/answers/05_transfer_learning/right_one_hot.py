"""Right: keras.ops and tensors; frozen layer by layer, a normalised head; one-hot labels, smoothed; the head rests."""
# expected: prepare=2 head=2 few=4 tune=2

# %% answer-prepare
def prepare(images, size, means):
    rows, columns = (size - images.shape[1]) // 2, (size - images.shape[2]) // 2
    framed = keras.layers.ZeroPadding2D((rows, columns))(images.astype("float32"))
    coloured = keras.ops.repeat(framed, 3, axis=3)
    return coloured * 255 - means.astype("float32")

# %% answer-head
def with_new_head(backbone, classes):
    for layer in backbone.layers:
        layer.trainable = False
    image = keras.Input((28, 28, 1))
    a = keras.layers.Flatten()(backbone(image, training=False))
    a = keras.layers.Dense(32)(a)
    a = keras.layers.BatchNormalization()(a)
    a = keras.layers.ReLU()(a)
    model = keras.Model(image, keras.layers.Dense(classes, activation="softmax")(a))
    model.compile(loss=keras.losses.SparseCategoricalCrossentropy())
    return model

# %% answer-few
def train_on_few(backbone, x, y):
    backbone.trainable = False
    features = keras.layers.Dropout(0.3)(keras.layers.Flatten()(backbone.output))
    model = keras.Model(backbone.input, keras.layers.Dense(24, activation="softmax")(features))
    model.compile(
        optimizer=keras.optimizers.AdamW(0.003),
        loss=keras.losses.CategoricalCrossentropy(label_smoothing=0.05),
        metrics=["accuracy"],
    )
    model.fit(x, keras.utils.to_categorical(y, 24), epochs=30, batch_size=24, verbose=0)
    return model

# %% answer-tune
def fine_tune(model, x, y):
    base = model.get_layer("backbone")
    base.trainable = True
    for layer in base.layers:
        layer.trainable = layer.name == "convolution_4"
    model.layers[-1].trainable = False
    model.compile(
        optimizer=keras.optimizers.AdamW(2e-4), loss="categorical_crossentropy", metrics=["accuracy"]
    )
    model.fit(x, np.eye(24)[y], epochs=6, batch_size=32, verbose=0)
    return model
