"""Wrong: the label stays among the pixels; more parameters than are allowed; draws are lost."""
# expected: read=0 outcome=1.5 model=0 letters=0

# %% answer-read
def read_signs(table, letters):
    labels = [ALPHABET.index(letter) for letter in letters]
    rows = table[table["label"].isin(labels)]
    x = rows.to_numpy().reshape(-1, 28, 28, 1).astype("float32") / 255
    return x, np.array([labels.index(label) for label in rows["label"]])

# %% answer-outcome
def outcome(mine, theirs):
    return np.where((mine - theirs) % 3 == 1, 1, -1)

# %% answer-model
def build_and_train(x, y):
    model = keras.Sequential(
        [
            keras.Input((28, 28, 1)),
            keras.layers.Conv2D(16, 3, activation="relu"),
            keras.layers.MaxPooling2D(),
            keras.layers.Conv2D(32, 3, activation="relu"),
            keras.layers.MaxPooling2D(),
            keras.layers.Flatten(),
            keras.layers.Dense(64, activation="relu"),
            keras.layers.Dense(3, activation="softmax"),
        ]
    )
    model.compile(optimizer=keras.optimizers.Adam(0.001), loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    model.fit(x[:300], y[:300], epochs=1, batch_size=64, verbose=0)
    return model

# %% answer-letters
def build_and_train_letters(x, y):
    model = keras.Sequential(
        [
            keras.Input((28, 28, 1)),
            keras.layers.Conv2D(32, 3, activation="relu"),
            keras.layers.MaxPooling2D(),
            keras.layers.Conv2D(64, 3, activation="relu"),
            keras.layers.MaxPooling2D(),
            keras.layers.Flatten(),
            keras.layers.Dense(24, activation="softmax"),
        ]
    )
    model.compile(optimizer=keras.optimizers.Adam(0.002), loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    model.fit(x[:300], y[:300], epochs=1, batch_size=64, verbose=0)
    return model
