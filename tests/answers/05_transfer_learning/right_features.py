"""Right: slices; a head on the base's own output; features computed once; layers thawed by kind, SGD."""
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
    features = keras.layers.Flatten()(backbone.output)
    features = keras.layers.Dropout(0.3)(features)
    outputs = keras.layers.Dense(classes, activation="softmax")(features)
    model = keras.Model(backbone.input, outputs)
    backbone.trainable = False
    model.compile(optimizer=keras.optimizers.SGD(0.01), loss="sparse_categorical_crossentropy")
    return model

# %% answer-few
def train_on_few(backbone, x, y):
    features = backbone.predict(x, verbose=0).reshape(len(x), -1)
    head = keras.Sequential([keras.Input(features.shape[1:]), keras.layers.Dense(24, activation="softmax")])
    head.compile(optimizer=keras.optimizers.Adam(0.003), loss="sparse_categorical_crossentropy")
    head.fit(features, y, epochs=60, batch_size=32, verbose=0)
    image = keras.Input((28, 28, 1))
    return keras.Model(image, head(keras.layers.Flatten()(backbone(image))))

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
