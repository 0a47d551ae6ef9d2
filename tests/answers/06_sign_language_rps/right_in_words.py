"""Right: a merge, the rule in words, numbers with a point."""
# expected: read=3 outcome=2 model=4 letters=1

# %% answer-read
def read_signs(table, letters):
    classes = pd.DataFrame({"label": [ord(letter) - ord("A") for letter in letters], "y": range(len(letters))})
    both = table.merge(classes, on="label", how="inner")
    pixels = both.filter(like="pixel").to_numpy(dtype="float32")
    return (pixels / 255).reshape(-1, 28, 28)[..., np.newaxis], both["y"].to_numpy()

# %% answer-outcome
def outcome(mine, theirs):
    names = hands.class_names
    beats = {"rock": "scissors", "scissors": "paper", "paper": "rock"}
    return np.array([float((beats[names[a]] == names[b]) - (beats[names[b]] == names[a])) for a, b in zip(mine, theirs)])

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
