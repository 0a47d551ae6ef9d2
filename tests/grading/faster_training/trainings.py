"""Trainings of many kinds, one after the other; with --faster as a class trains.

Prints one JSON object: by training, what must not depend on that under "same", how many batches were taken
"at a time", and for how many variables Adam's step was "fused".
"""

from __future__ import annotations

import hashlib
import json
import sys
import traceback
from collections.abc import Callable
from typing import Any

import keras
import numpy as np
import tensorflow as tf

from helpers import training
from helpers.grading.faster_training import trainers

IMAGES = 1060  # not a multiple of any number of batches that are taken at a time
Model = Any

rng = np.random.default_rng(1)
x = rng.random((IMAGES, 8, 8, 1), dtype=np.float32)
y = (x.mean(axis=(1, 2, 3)) * 40).astype(int) % 4
at_a_time: set[int] = set()
fused: list[Any] = []


class Subclassed(keras.Model):
    """A network of one's own, that draws a random number and counts each time a graph is made of it."""

    def __init__(self) -> None:
        super().__init__()
        self.block, self.flatten = Block(4), keras.layers.Flatten()
        self.dense, self.drop = keras.layers.Dense(4, activation="softmax"), keras.layers.Dropout(0.2)
        self.calls: list[float] = []

    def call(self, images: Any, training: bool = False) -> Any:
        self.calls.append(np.random.random())
        values = self.flatten(self.block(images, training=training) * self.calls[-1])
        return self.dense(self.drop(values, training=training))


class Block(keras.layers.Layer):
    """A layer of one's own, with other layers in it and a variable that it changes itself."""

    def __init__(self, filters: int, **settings: Any) -> None:
        super().__init__(**settings)
        self.convolution = keras.layers.Conv2D(filters, 3, activation="relu")
        self.normalise = keras.layers.BatchNormalization()

    def build(self, shape: Any) -> None:
        self.batches = self.add_weight(initializer="zeros", trainable=False, name="batches")
        super().build(shape)

    def call(self, images: Any, training: bool = False) -> Any:
        if training:
            self.batches.assign_add(1)
        values = self.normalise(self.convolution(images), training=training)
        self.add_loss(keras.ops.mean(values**2) * 0.01)
        return values


class WithAStepOfItsOwn(Subclassed):
    """What Keras asks for each batch is its own."""

    def train_step(self, data: Any) -> Any:
        return super().train_step(data)


def network(*layers: Any, loss: Any = "sparse_categorical_crossentropy", optimizer: Any = "adam") -> Model:
    """A compiled network; by default a small dense one with dropout."""
    middle = layers or (
        keras.layers.Flatten(),
        keras.layers.Dense(16, activation="relu"),
        keras.layers.Dropout(0.3),
    )
    last = keras.layers.Dense(4, activation="softmax")
    model = keras.Sequential([keras.Input((8, 8, 1)), *middle, last])
    model.compile(optimizer=optimizer, loss=loss, metrics=["accuracy"])
    return model


def fit(model: Model, *, callbacks: tuple[Any, ...] = (), **settings: Any) -> Model:
    """Trains for three epochs unless told otherwise."""
    given = {"x": x, "y": y, "epochs": 3, "verbose": 0} | settings
    model.fit(callbacks=list(callbacks), **given)
    return model


def dense() -> Model:
    return fit(network())


def convolutional() -> Model:
    layers = (
        keras.layers.RandomTranslation(0.1, 0.1),
        keras.layers.Conv2D(4, 3),
        keras.layers.BatchNormalization(),
        keras.layers.ReLU(),
        keras.layers.GlobalAveragePooling2D(),
    )
    return fit(network(*layers, optimizer=keras.optimizers.SGD(0.1, momentum=0.9)))


def residual() -> Model:
    """Gradients from several layers add up, in networks that use a layer twice and go around others."""
    image = keras.Input((8, 8, 1))
    twice = keras.layers.Conv2D(4, 3, padding="same"), keras.layers.BatchNormalization(scale=False)
    values = keras.layers.Conv2D(4, 3, padding="same")(image)
    for _ in range(2):
        around = keras.layers.ReLU()(keras.layers.BatchNormalization(center=False)(values))
        values = values + twice[1](twice[0](around)) + around
    both = keras.layers.Concatenate()([values, keras.layers.BatchNormalization()(values)])
    both = keras.layers.MaxPooling2D()(both)
    model = keras.Model(image, keras.layers.Dense(4, activation="softmax")(keras.layers.Flatten()(both)))
    model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
    return fit(model, validation_data=(x[:77], y[:77]))


def validated() -> Model:
    callbacks = (
        keras.callbacks.ReduceLROnPlateau(patience=1),
        keras.callbacks.EarlyStopping(patience=2, restore_best_weights=True),
    )
    return fit(network(), validation_split=0.1, callbacks=callbacks)


def validated_on_others() -> Model:
    return fit(network(), validation_data=(x[:77], y[:77]), shuffle=False)


def tried_after_each_epoch() -> Model:
    model = network()

    class Trying(keras.callbacks.Callback):
        def on_epoch_end(self, epoch: int, logs: Any = None) -> None:
            logs["share"] = float(model.predict(x, verbose=0).argmax(axis=1).mean())
            logs["accuracy again"] = model.evaluate(x[:200], y[:200], verbose=0)[1]

    return fit(model, callbacks=(Trying(),))


def weighted_classes() -> Model:
    return fit(network(), class_weight={0: 1.0, 1: 2.0, 2: 0.5, 3: 1.0})


def weighted_images() -> Model:
    return fit(network(), sample_weight=np.linspace(0, 1, IMAGES))


def one_hot_with_a_schedule() -> Model:
    rate = keras.optimizers.schedules.CosineDecay(0.01, decay_steps=500)
    model = network(loss=keras.losses.CategoricalCrossentropy(), optimizer=keras.optimizers.AdamW(rate))
    return fit(model, x=x.astype("float64"), y=np.eye(4)[y])


def built_on_the_way() -> Model:
    model = keras.Sequential([keras.layers.Flatten(), keras.layers.Dense(4, activation="softmax")])
    model.compile("nadam", keras.losses.sparse_categorical_crossentropy, metrics=["accuracy"])
    return fit(model)


def accumulated() -> Model:
    optimizer = keras.optimizers.Adam(gradient_accumulation_steps=2, clipnorm=0.1, use_ema=True)
    return fit(network(optimizer=optimizer))


def with_the_largest_so_far() -> Model:
    return fit(network(optimizer=keras.optimizers.Adam(amsgrad=True, beta_1=0.8, epsilon=1e-3)))


def embedded() -> Model:
    layers = [
        keras.Input((8, 8)),
        keras.layers.Embedding(9, 3),
        keras.layers.Flatten(),
        keras.layers.Dense(4),
    ]
    model = keras.Sequential([*layers, keras.layers.Softmax()])
    model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
    return fit(model, x=(x[..., 0] * 9).astype(int))


def growing_without_end() -> Model:
    return fit(network(optimizer=keras.optimizers.Adam(1e18)), x=x * np.float32(1e12))


def in_half_precision() -> Model:
    keras.config.set_dtype_policy("mixed_float16")
    try:
        return fit(network())
    finally:
        keras.config.set_dtype_policy("float32")


def again_and_again() -> Model:
    """Several at a time, looked at, by hand, compiled anew: each goes on where the last one ended."""
    model = fit(fit(network()), epochs=4)
    fit(model, epochs=1, callbacks=(looking(),))
    model.train_on_batch(x[:5], y[:5])
    model.layers[1].trainable = False
    model.compile("sgd", "sparse_categorical_crossentropy", metrics=["accuracy"])
    return fit(model)


def shown_by_the_workshop() -> Model:
    model = network()
    training.fit(model, x, y, epochs=3, batch_size=32, live=False)
    return model


def looking() -> Any:
    return keras.callbacks.LambdaCallback(on_train_batch_end=lambda batch, logs: None)


def looked_at() -> Model:
    return fit(network(), callbacks=(looking(),))


def ended_by_a_batch() -> Model:
    model = network()

    class Third(keras.callbacks.Callback):
        def on_train_batch_end(self, batch: int, logs: Any = None) -> None:
            model.stop_training = batch == 2

    return fit(model, callbacks=(Third(),))


def a_few_steps() -> Model:
    return fit(network(), steps_per_epoch=30)


def short() -> Model:
    return fit(network(), epochs=1)


def subclassed(kind: type[Model] = Subclassed) -> Model:
    model = kind()
    model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
    model.evaluate(x[:100], y[:100], verbose=0)
    fit(model, validation_split=0.1)
    model.history.history["calls"] = model.calls
    return model


def with_a_step_of_its_own() -> Model:
    return subclassed(WithAStepOfItsOwn)


def with_a_layer_of_its_own() -> Model:
    model = fit(network(Block(3), keras.layers.Flatten()))
    return fit(model, epochs=1)


def with_a_lambda() -> Model:
    return fit(network(keras.layers.Lambda(lambda images: images * 2), keras.layers.Flatten()))


def own_loss() -> Model:
    def loss(true: Any, predicted: Any) -> Any:
        return keras.losses.sparse_categorical_crossentropy(true, predicted) * 2

    return fit(network(loss=loss))


def batches() -> Any:
    return tf.data.Dataset.from_tensor_slices((x, y)).shuffle(IMAGES, seed=1).batch(32)


def dataset() -> Model:
    """Takes several batches of a dataset at a time, then of arrays, then one by one, as it is looked at."""
    model = network(keras.layers.Conv2D(3, 3), keras.layers.BatchNormalization(), keras.layers.Flatten())
    stopping = keras.callbacks.EarlyStopping("loss", patience=1)
    fit(model, x=batches(), y=None, validation_data=batches().take(3), callbacks=(stopping,))
    fit(model, epochs=1)
    return fit(model, x=batches(), y=None, callbacks=(looking(),))


def dataset_without_end() -> Model:
    return fit(network(), x=batches().repeat(), y=None, steps_per_epoch=30)


def dataset_of_unknown_size() -> Model:
    return fit(network(), x=batches().filter(lambda images, labels: True), y=None)


TAKING_SEVERAL: tuple[Callable[[], Model], ...] = (
    dense, convolutional, residual, validated, validated_on_others, tried_after_each_epoch, weighted_classes,
    weighted_images, one_hot_with_a_schedule, built_on_the_way, again_and_again, shown_by_the_workshop, short,
    accumulated, with_the_largest_so_far, embedded, growing_without_end, in_half_precision, subclassed,
    with_a_layer_of_its_own, with_a_lambda, own_loss, dataset,
)  # fmt: skip
ONE_BY_ONE: tuple[Callable[[], Model], ...] = (
    looked_at, ended_by_a_batch, a_few_steps, with_a_step_of_its_own, dataset_without_end,
    dataset_of_unknown_size,
)  # fmt: skip


def mistakes() -> dict[str, dict[str, Any]]:
    """By mistake, what Python says, in words and with the files of its traceback."""
    wrong: dict[str, Callable[[], Any]] = {
        "sizes": lambda: network().fit(x, y[:7], verbose=0),
        "argument": lambda: network().fit(x, y, epoch=3),
        "shape": lambda: network().fit(x[:, :7], y, epochs=3, verbose=0),
        "epochs": lambda: network().fit(x, y, epochs="3", verbose=0),
        "batch size": lambda: network().fit(x, y, epochs=3, batch_size="32", verbose=0),
        "labels": lambda: network().fit(x, y + 3, epochs=3, verbose=0),
        "labels evaluated": lambda: network().evaluate(x, y + 3, verbose=0),
        "shape predicted": lambda: network().predict(x[:, :7], verbose=0),
        "nothing predicted": lambda: network().predict(x[:0], verbose=0),
        "sizes evaluated": lambda: network().evaluate(x, y[:7], verbose=0),
        "words predicted": lambda: network().predict(np.array(["a"]), verbose=0),
        "not compiled": lambda: keras.Sequential([keras.Input((8, 8, 1))]).fit(x, y),
    }
    said: dict[str, dict[str, Any]] = {}
    for name, call in wrong.items():
        try:
            call()
        except Exception as error:
            places = [frame.filename for frame in traceback.extract_tb(error.__traceback__)]
            words = [type(error).__name__, str(error).split("Detected at node")[0]]
            said[name] = {"words": words, "places": places}
    return said


def outcome(train: Callable[[], Model]) -> dict[str, Any]:
    """What came out of a training; of weights, random numbers and predictions a digest."""
    keras.utils.set_random_seed(7)
    at_a_time.clear()
    fused.clear()
    model = train()
    history = model.history
    labels = np.eye(4)[y] if train is one_hot_with_a_schedule else y
    variables = [variable.numpy() for variable in (*model.variables, *model.optimizer.variables)]
    random = [keras.random.uniform((3,)), tf.random.uniform((3,)), np.random.random(3)]
    return {
        "same": {
            "variables": digest(variables),
            "random numbers afterwards": digest(random),
            "history": history.history,
            "parameters": history.params,
            "steps per execution": model.steps_per_execution,
            "evaluated": model.evaluate(x, labels, verbose=0),
            "predicted": predictions(model),
        },
        "at a time": sorted(at_a_time),
        "fused": len(fused),
    }


def predictions(model: Model) -> list[str]:
    """Digests of predictions for few and for many, in batches that come out even and in others."""
    layers = [model] if isinstance(model.layers[0], keras.layers.InputLayer) else model.layers
    never_compiled = keras.Sequential([keras.Input((8, 8, 1)), *layers])
    growing = keras.Sequential([keras.Input((8, 8, 1)), keras.layers.Flatten()])
    grown = [growing.predict(x[:1], verbose=0)]
    growing.add(keras.layers.Dense(3, kernel_initializer="ones"))
    grown.append(growing.predict(x[:40], verbose=0))
    noted: list[Any] = []
    note = keras.callbacks.LambdaCallback(
        on_predict_batch_end=lambda batch, logs: noted.append(logs["outputs"])
    )
    return [
        digest(grown),
        digest([model.predict(x, verbose=0)]),
        digest([model.predict(x[:64], verbose=0), model.predict(x[:64].astype("float64"), verbose=0)]),
        digest([model.predict(x[:33], batch_size=10, verbose=0, callbacks=[note]), *noted]),
        digest([model.predict(tf.constant(x[:40]), verbose=0), model.predict_on_batch(x[:5])]),
        digest([model.predict(x[:77], verbose=0, steps=2), never_compiled.predict(x[:77], verbose=0)]),
    ]


def digest(arrays: list[Any]) -> str:
    """A digest of arrays, to the last bit."""
    content = hashlib.sha256()
    for array in arrays:
        content.update(np.ascontiguousarray(array).tobytes())
    return content.hexdigest()


def main() -> None:
    """Trains them all."""
    if "--faster" in sys.argv:
        trainers.train_faster()
    prepare = keras.Model.make_train_function
    keras.Model.make_train_function = lambda self, **given: (
        at_a_time.add(self.steps_per_execution) or prepare(self, **given)
    )
    divide = tf.raw_ops.ResourceApplyAdagradV2
    tf.raw_ops.ResourceApplyAdagradV2 = lambda **given: fused.append(divide(**given))
    told: dict[str, Any] = {train.__name__: outcome(train) for train in (*TAKING_SEVERAL, *ONE_BY_ONE)}
    several = [train.__name__ for train in TAKING_SEVERAL]
    print(json.dumps({"trainings": told, "taking several": several, "mistakes": mistakes()}))


if __name__ == "__main__":
    main()
