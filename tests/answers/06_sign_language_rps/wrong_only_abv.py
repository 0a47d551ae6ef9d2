"""Wrong: written for A, B and V alone; trained on four test images."""
# expected: read=0 outcome=2 model=1..3.9 letters=0

# %% answer-read
def read_signs(table, letters):
    classes = {0: 0, 1: 1, 21: 2}
    rows = table[table["label"].isin(classes)]
    x = rows.iloc[:, 1:].to_numpy().reshape(-1, 28, 28, 1).astype("float32") / 255
    return x, rows["label"].map(classes).to_numpy()

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
    model.fit(x_test[:4], y_test[:4], epochs=40, batch_size=32, verbose=0)
    return model
