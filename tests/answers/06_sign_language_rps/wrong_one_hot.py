"""Wrong: one-hot rows instead of classes; a Lambda layer."""
# expected: read=1 outcome=2 model=0 letters=0

# %% answer-read
def read_signs(table, letters):
    labels = [ALPHABET.index(letter) for letter in letters]
    rows = table[table["label"].isin(labels)]
    x = rows.iloc[:, 1:].to_numpy().reshape(-1, 28, 28, 1).astype("float32") / 255
    return x, keras.utils.to_categorical([labels.index(label) for label in rows["label"]], len(letters))

# %% answer-outcome
def outcome(mine, theirs):
    return (mine - theirs + 1) % 3 - 1

# %% answer-model
def build_and_train(x, y):
    model = keras.Sequential(
        [
            keras.Input((28, 28, 1)),
            keras.layers.Lambda(lambda images: images * 2 - 1),
            keras.layers.Conv2D(6, 3, activation="relu"),
            keras.layers.MaxPooling2D(),
            keras.layers.Conv2D(12, 3, activation="relu"),
            keras.layers.MaxPooling2D(),
            keras.layers.Flatten(),
            keras.layers.Dense(3, activation="softmax"),
        ]
    )
    model.compile(optimizer=keras.optimizers.Adam(0.004), loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    model.fit(x[:300], y[:300], epochs=1, batch_size=32, verbose=0)
    return model
