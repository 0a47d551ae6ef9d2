"""Right: broadcasting; frozen after compile, but before any training; letters in two stages."""
# expected: prepare=2 head=2 few=4 tune=2

# %% answer-prepare
def prepare(images, size, means):
    rows, columns = (size - np.array(images.shape[1:3])) // 2
    framed = np.pad(images[..., 0], ((0, 0), (rows, rows), (columns, columns)))
    return np.multiply.outer(framed, [255.0, 255.0, 255.0]) - means

# %% answer-head
def with_new_head(backbone, classes):
    model = keras.Sequential([keras.Input((28, 28, 1)), backbone, keras.layers.Flatten()])
    model.add(keras.layers.Dense(classes, "softmax"))
    model.compile(optimizer="adam", loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    backbone.trainable = False
    return model

# %% answer-few
def train_on_few(backbone, x, y):
    backbone.trainable = False
    model = keras.Sequential([backbone, keras.layers.Flatten(), keras.layers.Dense(24, activation="softmax")])
    model.compile(optimizer=keras.optimizers.Adam(0.002), loss="sparse_categorical_crossentropy")
    model.fit(x, y, epochs=20, batch_size=32, verbose=0)
    backbone.trainable = True
    for layer in backbone.layers:
        if isinstance(layer, keras.layers.BatchNormalization):
            layer.trainable = False
    model.compile(optimizer=keras.optimizers.Adam(1e-4), loss="sparse_categorical_crossentropy")
    model.fit(x, y, epochs=8, batch_size=32, verbose=0)
    return model

# %% answer-tune
def fine_tune(model, x, y):
    base = [layer for layer in model.layers if isinstance(layer, keras.Model)][0]
    convolutions = [layer for layer in base.layers if isinstance(layer, keras.layers.Conv2D)]
    base.trainable = True
    for layer in base.layers:
        layer.trainable = layer is convolutions[-1]
    loss = keras.losses.SparseCategoricalCrossentropy()
    model.compile(optimizer=keras.optimizers.SGD(0.003, momentum=0.9), loss=loss, metrics=["accuracy"])
    model.fit(x, y, epochs=12, batch_size=16, verbose=0)
    return model
