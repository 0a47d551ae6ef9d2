"""Right: lambdas, other names, the workshop's own training display, a list of plain numbers."""
# expected: prepare=2 count=1 model=5 shift=2

# %% answer-prepare
prepare = lambda pictures, digits: (
    np.asarray(pictures, dtype=np.float32).reshape(*pictures.shape, 1) / np.float32(255),
    np.array([[int(digit == place) for place in range(10)] for digit in digits]),
)

# %% answer-count
count_parameters = lambda stages: int(sum((stages[i] + 1) * stages[i + 1] for i in range(len(stages) - 1)))

# %% answer-model
from helpers import training


def build_and_train(x, y):
    netz = keras.Sequential([keras.Input((28, 28, 1)), keras.layers.Flatten()])
    for einheiten in (256, 128):
        netz.add(keras.layers.Dense(einheiten, activation="silu", kernel_initializer="he_normal"))
        netz.add(keras.layers.Dropout(0.3))
    netz.add(keras.layers.Dense(10, activation="softmax"))
    netz.compile(optimizer="adamw", loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    training.fit(netz, x, y, epochs=14, batch_size=128)
    return netz

# %% answer-shift
def shift_and_compare(model, images, labels, pixels):
    moved = images.copy()
    moved[:, :, pixels:] = images[:, :, : images.shape[2] - pixels]
    moved[:, :, :pixels] = 0.0
    classes = [int(row.argmax()) for row in model.predict(moved, verbose=0)]
    before = sum(model.predict(images, verbose=0).argmax(axis=1) == labels)
    after = sum(np.array(classes) == labels)
    return [classes, (before - after) / len(labels)]
