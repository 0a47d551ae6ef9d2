"""Wrong: labels are left as 0, 1 and 21, a network with 22 outputs, one with 25."""
# expected: read=1 outcome=0.5 model=0 letters=0

# %% answer-read
def read_signs(table, letters):
    rows = table[table["label"].isin([ALPHABET.index(letter) for letter in letters])]
    x = rows.iloc[:, 1:].to_numpy().reshape(-1, 28, 28, 1).astype("float32") / 255
    return x, rows["label"].to_numpy()

# %% answer-outcome
def outcome(mine, theirs):
    return (theirs - mine + 1) % 3 - 1

# %% answer-model
def build_and_train(x, y):
    model = keras.Sequential(
        [
            keras.Input((28, 28, 1)),
            keras.layers.Conv2D(8, 3, activation="relu"),
            keras.layers.MaxPooling2D(),
            keras.layers.Conv2D(8, 3, activation="relu"),
            keras.layers.MaxPooling2D(),
            keras.layers.MaxPooling2D(),
            keras.layers.Flatten(),
            keras.layers.Dense(22, activation="softmax"),
        ]
    )
    model.compile(optimizer=keras.optimizers.Adam(0.003), loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    model.fit(x, np.array([0, 1, 21])[y], epochs=1, batch_size=64, verbose=0)
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
            keras.layers.Dense(25, activation="softmax"),
        ]
    )
    model.compile(optimizer=keras.optimizers.Adam(0.002), loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    model.fit(x[:500], y[:500], epochs=1, batch_size=64, verbose=0)
    return model
