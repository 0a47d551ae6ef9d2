"""Right: batch normalisation and dropout in a functional model, a falling learning rate."""
# expected: prepare=2 count=1 model=5 shift=2

# %% answer-prepare
def prepare(images, labels):
    x = np.divide(images, 255, dtype=np.float32).reshape(images.shape + (1,))
    y = (np.arange(10) == np.asarray(labels)[:, None]).astype(np.uint8)
    return x, y

# %% answer-count
def count_parameters(sizes):
    sizes = np.array(sizes)
    return np.dot(sizes[:-1] + 1, sizes[1:])

# %% answer-model
def build_and_train(x, y):
    image = keras.Input((28, 28, 1))
    z = keras.layers.Flatten()(image)
    for units in (256, 128):
        z = keras.layers.Dense(units, use_bias=False)(z)
        z = keras.layers.BatchNormalization()(z)
        z = keras.layers.ReLU()(z)
        z = keras.layers.Dropout(0.3)(z)
    digit = keras.layers.Dense(10, activation="softmax")(z)
    net = keras.Model(inputs=image, outputs=digit)
    steps = 12 * -(-len(x) // 128)
    rate = keras.optimizers.schedules.CosineDecay(0.002, steps)
    net.compile(keras.optimizers.Adam(rate), "sparse_categorical_crossentropy", metrics=["accuracy"])
    net.fit(x, y, epochs=12, batch_size=128, verbose=0)
    return net

# %% answer-shift
def shift_and_compare(model, images, labels, pixels):
    moved = np.zeros_like(images)
    moved[:, :, pixels:] = images[:, :, :-pixels]
    before = model.predict(images, verbose=0).argmax(axis=1)
    predictions = model.predict(moved, verbose=0).argmax(axis=1)
    return predictions, np.mean(before == labels) - np.mean(predictions == labels)
