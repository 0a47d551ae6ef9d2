"""Right: a merge, the rule in words, numbers with a point."""
# expected: read=3 outcome=2 model=4 letters=1

# %% answer-read
def read_signs(table, letters):
    classes = pd.DataFrame({"label": [ord(letter) - ord("A") for letter in letters], "y": range(len(letters))})
    both = table.merge(classes, on="label", how="inner")
    pixels = both.filter(like="pixel").to_numpy(dtype="float32")
    return (pixels / 255).reshape(-1, 28, 28)[..., np.newaxis], both["y"].to_numpy()

# %% answer-outcome
def outcome(mine, theirs):
    names = hands.class_names
    beats = {"rock": "scissors", "scissors": "paper", "paper": "rock"}
    return np.array([float((beats[names[a]] == names[b]) - (beats[names[b]] == names[a])) for a, b in zip(mine, theirs)])

# %% answer-model
def build_and_train(x, y):
    image = keras.Input((28, 28, 1))
    a = keras.layers.Conv2D(8, 5, padding="same", activation="relu")(image)
    a = keras.layers.MaxPooling2D(2)(a)
    a = keras.layers.Conv2D(8, 3, padding="same", activation="relu")(a)
    a = keras.layers.MaxPooling2D(2)(a)
    model = keras.Model(image, keras.layers.Dense(3, activation="softmax")(keras.layers.Flatten()(a)))
    model.compile(optimizer=keras.optimizers.Adam(0.003), loss="categorical_crossentropy", metrics=["accuracy"])
    model.fit(x, keras.utils.to_categorical(y, 3), epochs=12, batch_size=32, verbose=0)
    return model

# %% answer-letters
def build_and_train_letters(x, y):
    model = keras.Sequential(
        [
            keras.Input((28, 28, 1)),
            keras.layers.Conv2D(16, 3, activation="relu"),
            keras.layers.MaxPooling2D(),
            keras.layers.Conv2D(32, 3, activation="relu"),
            keras.layers.MaxPooling2D(),
            keras.layers.Flatten(),
            keras.layers.Dropout(0.2),
            keras.layers.Dense(24, activation="softmax"),
        ]
    )
    model.compile(optimizer=keras.optimizers.Adam(0.002), loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    model.fit(x, y, epochs=8, batch_size=64, verbose=0)
    return model
