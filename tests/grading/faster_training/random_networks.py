"""Random networks, trained as Keras does it and as a class does: both end with the same to the last bit.

    python -m tests.grading.faster_training.random_networks 40        compares this many, a minute for 15

Layers follow one another, go around each other and meet again, as sums depend on that; some are of one's own.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import random
import subprocess
import sys
from typing import Any

from helpers.grading.isolation.processes import FIXED_VARIABLES, ROOT

Model = Any
ACTIVATIONS = (
    *(None, "relu", "softmax", "gelu", "silu", "elu", "sigmoid", "tanh", "relu6", "softplus", "selu", "mish"),
    *("leaky_relu", "hard_sigmoid", "hard_silu", "log_sigmoid", "exponential", "softsign", "celu"),
)


def main() -> None:
    """Compares networks with so many seeds, or prints what came out of each: one JSON object."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("networks", type=int)
    parser.add_argument("--trained", choices=("usually", "faster"))
    chosen = parser.parse_args()
    if chosen.trained is not None:
        print(json.dumps(outcomes(chosen.networks, faster=chosen.trained == "faster")))
        return
    different = compare(chosen.networks)
    print(f"{chosen.networks} networks, {len(different)} with another outcome {different or ''}")
    raise SystemExit(1 if different else 0)


def compare(networks: int) -> list[str]:
    """The seeds of those that end otherwise when they are trained faster; each way has a process."""
    command = [sys.executable, "-m", "tests.grading.faster_training.random_networks", str(networks)]
    environment = {**FIXED_VARIABLES, "PATH": "/usr/bin:/bin", "PYTHONWARNINGS": "ignore"}
    running = [
        subprocess.Popen([*command, "--trained", how], cwd=ROOT, env=environment, stdout=subprocess.PIPE)
        for how in ("usually", "faster")
    ]
    usual, faster = (json.loads(process.communicate()[0].splitlines()[-1]) for process in running)
    return [seed for seed in usual if usual[seed] != faster[seed]]


def outcomes(networks: int, faster: bool) -> dict[str, list[str]]:
    """By seed, digests of a network's variables, its history, and how it evaluates and predicts."""
    if faster:
        from helpers.grading.faster_training.trainers import train_faster

        train_faster()
    import keras
    import numpy as np
    import tensorflow as tf

    rng = np.random.default_rng(1)
    x, y = rng.random((420, 12, 12, 1), dtype=np.float32), rng.integers(0, 4, 420)
    found: dict[str, list[str]] = {}
    for seed in range(networks):
        draw = random.Random(seed)
        keras.utils.set_random_seed(seed)
        model = chain(draw) if seed % 2 else branching(draw)
        kind = draw.choice([keras.optimizers.Adam, keras.optimizers.AdamW, keras.optimizers.RMSprop])
        model.compile(kind(0.003), "sparse_categorical_crossentropy", metrics=["accuracy"])
        size = draw.choice([32, 50, 64])
        if draw.random() < 0.25:
            batches = tf.data.Dataset.from_tensor_slices((x, y)).shuffle(len(x), seed=1).batch(size)
            history = model.fit(batches, epochs=3, verbose=0)
        else:
            split = draw.choice([0, 0.2])
            history = model.fit(x, y, batch_size=size, epochs=3, verbose=0, validation_split=split)
        variables = [
            variable.numpy().tobytes() for variable in (*model.variables, *model.optimizer.variables)
        ]
        told = repr((history.history, model.evaluate(x, y, verbose=0))).encode()
        predicted = model.predict(x[:70], verbose=0).tobytes()
        found[str(seed)] = [
            hashlib.sha256(part).hexdigest() for part in (b"".join(variables), told, predicted)
        ]
        keras.backend.clear_session()
    return found


def chain(draw: random.Random) -> Model:
    """Convolutions and dense layers, one after the other."""
    import keras
    from keras import layers

    activations = (None, "relu", "softmax") if draw.random() < 0.5 else ACTIVATIONS
    chosen: list[Any] = [keras.Input((12, 12, 1))]
    if draw.random() < 0.3:
        chosen.append(layers.Rescaling(2.0, offset=-1.0))
    for _ in range(draw.randrange(3)):
        convolution = layers.Conv2D(
            draw.choice([1, 2, 8, 16]),
            draw.choice([1, 3]),
            strides=draw.choice([1, 1, 2]),
            padding=draw.choice(["same", "valid"]),
            activation=draw.choice(activations),
            use_bias=draw.random() < 0.8,
        )
        others = (
            layers.BatchNormalization(),
            layers.Activation(draw.choice(activations) or "relu"),
            layers.MaxPooling2D(padding="same"),
            layers.Dropout(0.2),
        )
        chosen += [convolution, *(layer for layer in others if draw.random() < 0.5)]
    chosen.append(layers.Flatten())
    for _ in range(draw.randrange(3)):
        others = layers.BatchNormalization(), layers.Dropout(0.3)
        chosen.append(layers.Dense(draw.choice([1, 7, 32]), activation=draw.choice(activations)))
        chosen += [layer for layer in others if draw.random() < 0.4]
    return keras.Sequential([*chosen, layers.Dense(4, activation="softmax")])


def branching(draw: random.Random) -> Model:
    """Layers that go around others, are used twice, or are of one's own."""
    import keras
    from keras import layers

    class Own(layers.Layer):  # type: ignore[misc]
        def __init__(self, filters: int) -> None:
            super().__init__()
            self.convolution = layers.Conv2D(filters, 3, padding="same")
            self.normalise = layers.BatchNormalization()

        def call(self, images: Any, training: bool = False) -> Any:
            return keras.ops.relu(self.normalise(self.convolution(images), training=training))

    twice = layers.Conv2D(6, 3, padding="same"), layers.BatchNormalization()
    kinds = [
        lambda: layers.Conv2D(draw.choice([1, 3, 6, 8]), draw.choice([1, 3, 5]), padding="same"),
        lambda: layers.BatchNormalization(center=draw.random() < 0.8, scale=draw.random() < 0.8),
        lambda: layers.ReLU(),
        lambda: layers.LeakyReLU(0.2),
        lambda: layers.Dropout(0.2),
        lambda: layers.DepthwiseConv2D(3, padding="same"),
        lambda: layers.Lambda(lambda images: images * 1.7 + 0.3),
        lambda: keras.Sequential([layers.Conv2D(6, 1), *twice]),
        lambda: Own(draw.choice([4, 6])),
        lambda: layers.GaussianNoise(0.1),
        lambda: layers.LayerNormalization(),
    ]
    image = values = keras.Input((12, 12, 1))
    earlier: list[Any] = []
    for _ in range(draw.randrange(4, 12)):
        found = draw.choice(kinds)()(values)
        way = draw.random()
        if way < 0.3 and found.shape == values.shape:
            found = values + found
        elif way < 0.5:
            found = layers.Concatenate()([values, found])
        if earlier and draw.random() < 0.3 and earlier[-1].shape == found.shape:
            found = layers.Add()([earlier[-1], found, found])
        earlier.append(found)
        values = found
        if draw.random() < 0.2 and values.shape[1] > 4:
            values = draw.choice([layers.MaxPooling2D, layers.AveragePooling2D])(2)(values)
        if values.shape[-1] > 20:
            values = layers.Conv2D(6, 1)(values)
    flat = draw.choice([layers.Flatten, layers.GlobalAveragePooling2D, layers.GlobalMaxPooling2D])()(values)
    return keras.Model(image, layers.Dense(4, activation="softmax")(flat))


if __name__ == "__main__":
    main()
