"""Wrong: rows and columns of the pictures are swapped, in training, too; the larger number wins."""
# expected: read=2 outcome=0.5 model=1..3.9 letters=0.25

# %% answer-read
def read_signs(table, letters):
    labels = [ALPHABET.index(letter) for letter in letters]
    rows = table[table["label"].isin(labels)]
    x = rows.iloc[:, 1:].to_numpy().reshape(-1, 28, 28, 1, order="C").swapaxes(1, 2)
    return x.astype("float32") / 255, np.array([labels.index(label) for label in rows["label"]])

# %% answer-outcome
def outcome(mine, theirs):
    return np.sign(mine - theirs)

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
    model.compile(optimizer=keras.optimizers.Adam(0.0002), loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    model.fit(x[:3000], y[:3000], epochs=1, batch_size=64, verbose=0)
    return model
