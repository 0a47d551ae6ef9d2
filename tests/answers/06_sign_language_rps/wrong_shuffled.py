"""Wrong: pixels stay 0 to 255; images and labels are shuffled apart; a lost round is 2."""
# expected: read=2 outcome=0.5 model=1..1.5 letters=0

# %% answer-read
def read_signs(table, letters):
    labels = [ALPHABET.index(letter) for letter in letters]
    rows = table[table["label"].isin(labels)]
    x = rows.iloc[:, 1:].to_numpy().reshape(-1, 28, 28, 1).astype("float32")
    return x, np.array([labels.index(label) for label in rows["label"]])

# %% answer-outcome
def outcome(mine, theirs):
    return (mine - theirs) % 3

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
    x, y = np.random.permutation(x), np.random.permutation(y)
    model.compile(optimizer=keras.optimizers.Adam(0.004), loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    model.fit(x, y, epochs=2, batch_size=32, verbose=0)
    return model
