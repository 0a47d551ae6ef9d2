"""Wrong: places in the alphabet; a label that the network has no output for; trained on transposed images."""
# expected: read=2 outcome=2 model=1..3.9 letters=0..0.25

# %% answer-read
def read_signs(table, letters):
    without_j = "ABCDEFGHIKLMNOPQRSTUVWXY"
    rows = table[[ALPHABET[label] in letters for label in table["label"]]]
    x = rows.iloc[:, 1:].to_numpy().reshape(-1, 28, 28, 1).astype("float32") / 255
    return x, np.array([without_j.index(ALPHABET[label]) for label in rows["label"]])

# %% answer-outcome
def outcome(mine, theirs):
    return (mine - theirs + 1) % 3 - 1

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
    model.fit(x.swapaxes(1, 2), y, epochs=3, batch_size=32, verbose=0)
    return model

# %% answer-letters
def build_and_train_letters(x, y):
    model = keras.Sequential(
        [
            keras.Input((28, 28, 1)),
            keras.layers.Conv2D(8, 3, activation="relu"),
            keras.layers.MaxPooling2D(),
            keras.layers.Conv2D(16, 3, activation="relu"),
            keras.layers.MaxPooling2D(),
            keras.layers.Flatten(),
            keras.layers.Dense(24, activation="softmax"),
        ]
    )
    model.compile(optimizer=keras.optimizers.Adam(0.002), loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    y = y + (y > 8)  # as if the gap at J were still there
    model.fit(x[:500], y[:500], epochs=1, batch_size=64, verbose=0)
    return model
