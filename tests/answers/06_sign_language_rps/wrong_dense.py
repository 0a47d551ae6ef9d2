"""Wrong: all rows are kept; a dense network; the first round only."""
# expected: read=1 outcome=0 model=0 letters=0

# %% answer-read
def read_signs(table, letters):
    x = table.iloc[:, 1:].to_numpy().reshape(-1, 28, 28, 1).astype("float32") / 255
    return x, np.array([letters.find(ALPHABET[label]) for label in table["label"]])

# %% answer-outcome
def outcome(mine, theirs):
    for a, b in zip(mine, theirs):
        if a == b:
            return 0
        return 1 if (a - b) % 3 == 1 else -1

# %% answer-model
def build_and_train(x, y):
    model = keras.Sequential(
        [
            keras.Input((28, 28, 1)),
            keras.layers.Flatten(),
            keras.layers.Dense(2, activation="relu"),
            keras.layers.Dense(3, activation="softmax"),
        ]
    )
    model.compile(optimizer=keras.optimizers.Adam(0.001), loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    model.fit(x[:300], y[:300], epochs=1, batch_size=64, verbose=0)
    return model

# %% answer-letters
def build_and_train_letters(x, y):
    return build_and_train(x[y < 3], y[y < 3])
