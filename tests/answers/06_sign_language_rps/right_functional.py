"""Right: a functional model for the letters, batch normalisation; a dictionary, np.where."""
# expected: read=3 outcome=2 model=4 letters=1

# %% answer-read
def read_signs(table, letters):
    place = {ALPHABET.index(letter): index for index, letter in enumerate(letters)}
    y = table["label"].map(place)
    kept = table.loc[y.notna()].drop(columns=["label"])
    x = (kept / 255).astype(np.float32).to_numpy()
    return np.expand_dims(x.reshape((len(x), 28, 28)), -1), y.dropna().astype(int)

# %% answer-outcome
def outcome(mine, theirs):
    beaten = (theirs + 1) % 3
    return np.where(mine == theirs, 0, np.where(mine == beaten, 1, -1))

# %% answer-model
def build_and_train(x, y):
    model = keras.Sequential(
        [
            keras.Input((28, 28, 1)),
            keras.layers.Conv2D(6, 3, activation="relu"),
            keras.layers.MaxPooling2D(),
            keras.layers.Conv2D(12, 3, activation="relu"),
            keras.layers.MaxPooling2D(),
            keras.layers.Flatten(),
            keras.layers.Dense(3, activation="softmax"),
        ]
    )
    model.compile(optimizer=keras.optimizers.Adam(0.004), loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    model.fit(x, y, epochs=12, batch_size=32, verbose=0)
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
    rate = keras.optimizers.schedules.CosineDecay(0.004, decay_steps=6 * len(x) // 64)
    model.compile(optimizer=keras.optimizers.Adam(rate), loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    model.fit(x, y, epochs=6, batch_size=64, verbose=0)
    return model
