"""Wrong: float64; scores instead of probabilities, with a loss that knows."""
# expected: read=2 outcome=2 model=2..3 letters=0

# %% answer-read
def read_signs(table, letters):
    labels = [ALPHABET.index(letter) for letter in letters]
    rows = table[table["label"].isin(labels)]
    x = rows.iloc[:, 1:].to_numpy().reshape(-1, 28, 28, 1) / 255
    return x, np.array([labels.index(label) for label in rows["label"]])

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
            keras.layers.Dense(3),
        ]
    )
    model.compile(optimizer=keras.optimizers.Adam(0.004), loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True), metrics=["accuracy"])
    model.fit(x, y, epochs=6, batch_size=32, verbose=0)
    return model
