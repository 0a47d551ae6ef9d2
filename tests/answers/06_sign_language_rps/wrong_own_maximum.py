"""Wrong: divided by the brightest pixel; no scissors in training; a lost round is 0."""
# expected: read=2 outcome=0.5 model=1 letters=0

# %% answer-read
def read_signs(table, letters):
    labels = [ALPHABET.index(letter) for letter in letters]
    rows = table[table["label"].isin(labels)]
    x = rows.iloc[:, 1:].to_numpy().reshape(-1, 28, 28, 1).astype("float32")
    return x / x.max(), np.array([labels.index(label) for label in rows["label"]])

# %% answer-outcome
def outcome(mine, theirs):
    return np.where((mine - theirs) % 3 == 1, 1, 0)

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
    model.fit(x[y < 2], y[y < 2], epochs=3, batch_size=32, verbose=0)
    return model
