"""Right: loops, plain lists, callbacks; rescaled to -1 … 1."""
# expected: read=3 outcome=2 model=4 letters=1

# %% answer-read
def read_signs(table, letters):
    pictures, classes = [], []
    for row in table.to_numpy():
        letter = ALPHABET[row[0]]
        if letter in letters:
            pictures.append(row[1:].reshape(28, 28, 1))
            classes.append(letters.index(letter))
    return np.array(pictures, dtype="float32") / 255.0, classes

# %% answer-outcome
def outcome(mine, theirs):
    results = []
    for a, b in zip(mine, theirs):
        if a == b:
            results.append(0)
        elif (a, b) in [(0, 2), (1, 0), (2, 1)]:
            results.append(1)
        else:
            results.append(-1)
    return results

# %% answer-model
def build_and_train(x, y):
    model = keras.Sequential([keras.Input((28, 28, 1)), keras.layers.Rescaling(2.0, offset=-1.0)])
    model.add(keras.layers.Conv2D(8, 3, activation="relu"))
    model.add(keras.layers.MaxPooling2D())
    model.add(keras.layers.Conv2D(12, 3, activation="relu"))
    model.add(keras.layers.MaxPooling2D())
    model.add(keras.layers.Flatten())
    model.add(keras.layers.Dropout(0.1))
    model.add(keras.layers.Dense(3, activation="softmax"))
    model.compile(optimizer=keras.optimizers.Nadam(0.003), loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    callbacks = [
        keras.callbacks.ReduceLROnPlateau(patience=2, factor=0.4),
        keras.callbacks.EarlyStopping(patience=6, restore_best_weights=True),
    ]
    model.fit(x, y, validation_split=0.1, epochs=15, batch_size=32, callbacks=callbacks, verbose=0)
    return model

# %% answer-letters
def build_and_train_letters(x, y):
    image = keras.Input((28, 28, 1))
    a = image
    for filters in (16, 32):
        a = keras.layers.Conv2D(filters, 3, use_bias=False)(a)
        a = keras.layers.MaxPooling2D()(a)
        a = keras.layers.ReLU()(keras.layers.BatchNormalization(momentum=0.9)(a))
    a = keras.layers.Dropout(0.3)(keras.layers.Flatten()(a))
    model = keras.Model(image, keras.layers.Dense(24, activation="softmax")(a))
    model.compile(optimizer=keras.optimizers.Adam(0.003), loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    model.fit(x, y, epochs=6, batch_size=64, verbose=0)
    return model
