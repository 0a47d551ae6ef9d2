"""Wrong: normalisation isn't frozen; 25 outputs for 24 letters; steps that are too large; the margin on one side."""
# expected: prepare=1 head=0.5 few=0 tune=1..1.9

# %% answer-prepare
def prepare(images, size, means):
    result = np.zeros((len(images), size, size, 3))
    result[:, : images.shape[1], : images.shape[2]] = 255 * images
    return result - means

# %% answer-head
def with_new_head(backbone, classes):
    for layer in backbone.layers:
        if isinstance(layer, keras.layers.Conv2D):
            layer.trainable = False
    model = keras.Sequential([backbone, keras.layers.Flatten(), keras.layers.Dense(classes, activation="softmax")])
    model.compile(optimizer="adam", loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    return model

# %% answer-few
def train_on_few(backbone, x, y):
    backbone.trainable = False
    model = keras.Sequential([backbone, keras.layers.Flatten(), keras.layers.Dense(25, activation="softmax")])
    model.compile(optimizer=keras.optimizers.Adam(0.002), loss="sparse_categorical_crossentropy")
    model.fit(x, y + 1, epochs=2, batch_size=32, verbose=0)
    return model

# %% answer-tune
def fine_tune(model, x, y):
    base = model.get_layer("backbone")
    base.trainable = True
    for layer in base.layers:
        layer.trainable = layer.name == "convolution_4"
    model.compile(optimizer=keras.optimizers.Adam(0.1), loss="sparse_categorical_crossentropy")
    model.fit(x, y, epochs=5, batch_size=32, verbose=0)
    return model
