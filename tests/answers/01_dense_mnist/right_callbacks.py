"""Right: validation images, early stopping, a smaller rate on plateaus; drop as a float32."""
# expected: prepare=2 count=1 model=5 shift=2

# %% answer-prepare
def prepare(images, labels):
    x = images.astype("float32")
    x /= 255.0
    x = x[:, :, :, None]
    y = np.zeros((labels.size, 10))
    y[np.arange(labels.size), labels] = 1
    return x, y

# %% answer-count
from itertools import pairwise


def count_parameters(sizes):
    return sum(units * (inputs + 1) for inputs, units in pairwise(sizes))

# %% answer-model
def build_and_train(x, y):
    model = keras.Sequential(
        [
            keras.Input((28, 28, 1)),
            keras.layers.Flatten(),
            keras.layers.Dropout(0.1),
            keras.layers.Dense(240, activation="relu"),
            keras.layers.Dropout(0.3),
            keras.layers.Dense(120, activation="relu"),
            keras.layers.Dense(10, activation="softmax"),
        ]
    )
    model.compile(optimizer="adam", loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    callbacks = [
        keras.callbacks.ReduceLROnPlateau(patience=1, factor=0.4),
        keras.callbacks.EarlyStopping(patience=5, restore_best_weights=True),
    ]
    model.fit(x, y, validation_split=0.05, epochs=20, batch_size=128, callbacks=callbacks, verbose=0)
    return model

# %% answer-shift
def accuracy(model, images, labels):
    loss, share = model.evaluate(images, labels, verbose=0)
    return np.float32(share)


def shift_and_compare(model, images, labels, pixels):
    moved = np.concatenate([np.zeros_like(images[:, :, :pixels]), images[:, :, :-pixels]], axis=2)
    predictions = model.predict(moved, verbose=0).argmax(axis=1)
    return predictions, accuracy(model, images, labels) - accuracy(model, moved, labels)
