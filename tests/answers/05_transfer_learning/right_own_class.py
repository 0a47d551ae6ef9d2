"""Right: plain loops; models of classes of their own."""
# expected: prepare=2 head=2 few=4 tune=2

# %% answer-prepare
def prepare(images, size, means):
    prepared = []
    for image in images:
        canvas = np.zeros((size, size, 3)) - np.array(means)
        rows, columns = (size - image.shape[0]) // 2, (size - image.shape[1]) // 2
        for i in range(image.shape[0]):
            for j in range(image.shape[1]):
                canvas[rows + i, columns + j] += 255 * image[i, j, 0]
        prepared.append(canvas)
    return np.stack(prepared)

# %% answer-head
class Headed(keras.Model):
    def __init__(self, base, classes):
        super().__init__()
        self.base = base
        self.base.trainable = False
        self.flat = keras.layers.Flatten()
        self.scores = keras.layers.Dense(classes)

    def call(self, images):
        return keras.ops.softmax(self.scores(self.flat(self.base(images))))


def with_new_head(backbone, classes):
    model = Headed(backbone, classes)
    model.compile(optimizer="adam", loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    return model

# %% answer-few
class Letters(keras.Model):
    def __init__(self, base):
        super().__init__()
        self.base = base
        self.flat = keras.layers.Flatten()
        self.drop = keras.layers.Dropout(0.2)
        self.scores = keras.layers.Dense(24)

    def call(self, images, training=False):
        features = self.drop(self.flat(self.base(images)), training=training)
        return keras.ops.softmax(self.scores(features))


def train_on_few(backbone, x, y):
    backbone.trainable = False
    model = Letters(backbone)
    model.compile(optimizer=keras.optimizers.Adam(0.002), loss="sparse_categorical_crossentropy")
    model.fit(x, y, epochs=30, batch_size=32, verbose=0)
    return model

# %% answer-tune
def fine_tune(model, x, y):
    base = model.get_layer("backbone")
    base.trainable = True
    for layer in base.layers:
        layer.trainable = False
    base.get_layer("convolution_4").trainable = True
    model.compile(optimizer=keras.optimizers.Adam(1e-4), loss="sparse_categorical_crossentropy")
    model.fit(x, y, epochs=8, batch_size=32, verbose=0)
    return model
