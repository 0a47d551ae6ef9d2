"""Right: signs moved a little while the head learns; float32; layers thawed by name."""
# expected: prepare=2 head=2 few=4 tune=2

# %% answer-prepare
def prepare(images, size, means):
    n, height, width, _ = images.shape
    top, left = (size - height) // 2, (size - width) // 2
    result = np.zeros((n, size, size, 3), dtype="float32")
    result[:, top : top + height, left : left + width, :] = images * 255.0
    for channel in range(3):
        result[..., channel] -= means[channel]
    return result

# %% answer-head
def with_new_head(backbone, classes):
    backbone.trainable = False
    model = keras.Sequential([backbone, keras.layers.GlobalAveragePooling2D()])
    model.add(keras.layers.Dense(classes, activation="softmax"))
    model.compile(optimizer="adam", loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    return model

# %% answer-few
def train_on_few(backbone, x, y):
    backbone.trainable = False
    model = keras.Sequential(
        [
            keras.Input((28, 28, 1)),
            keras.layers.RandomTranslation(0.04, 0.04, fill_mode="nearest"),
            backbone,
            keras.layers.Flatten(),
            keras.layers.Dense(24, activation="softmax"),
        ]
    )
    model.compile(optimizer=keras.optimizers.Adam(0.002), loss="sparse_categorical_crossentropy")
    model.fit(x, y, epochs=40, batch_size=32, verbose=0)
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
