"""Right: warnings and messages on stderr in every cell, which cost nothing."""
# expected: prepare=2 count=1 model=5 shift=2

# %% answer-prepare
import sys
import warnings


def prepare(images, labels):
    warnings.warn("dividing by 255", stacklevel=2)
    print("preparing", len(images), "images", file=sys.stderr)
    np.array([1.0]) / 0
    return images.astype("float32")[..., None] / 255, np.eye(10)[labels]

# %% answer-count
def count_parameters(sizes):
    print("sizes:", sizes, file=sys.stderr)
    if len(sizes) < 2:
        return 0
    return (sizes[0] + 1) * sizes[1] + count_parameters(sizes[1:])

# %% answer-model
import sys
import warnings


def build_and_train(x, y):
    model = keras.Sequential()
    model.add(keras.Input((28, 28, 1)))
    model.add(keras.layers.Flatten())
    model.add(keras.layers.Dense(256, activation="relu"))
    model.add(keras.layers.Dropout(0.3))
    model.add(keras.layers.Dense(128, activation="relu"))
    model.add(keras.layers.Dense(10, activation="softmax"))
    model.compile(optimizer="adam", loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    model.fit(x, y, epochs=12, batch_size=128, verbose=0)
    print("trained", file=sys.stderr)
    warnings.warn("this took a while", stacklevel=2)
    return model

# %% answer-shift
import warnings


def shift_and_compare(model, images, labels, pixels):
    warnings.warn(f"moving by {pixels}", stacklevel=2)
    moved = np.zeros_like(images)
    moved[:, :, pixels:] = images[:, :, :-pixels]
    before = model.predict(images, verbose=0).argmax(axis=1)
    predictions = model.predict(moved, verbose=0).argmax(axis=1)
    return predictions, np.mean(before == labels) - np.mean(predictions == labels)

# %% scratch
print("Done!", file=sys.stderr)
