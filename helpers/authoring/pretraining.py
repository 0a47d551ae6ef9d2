"""`workshop backbone`: trains the backbone on invented signs and writes its weights.

The same seed gives the same images anywhere, and nearly the same weights: training rounds differently on
other processors.
"""

from __future__ import annotations

import hashlib
import io
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from helpers.models import backbone

if TYPE_CHECKING:
    from numpy.typing import NDArray

LARGEST_FILE = 1_000_000  # bytes
SEED_OF_THE_TEST = 900


@dataclass(frozen=True)
class Recipe:
    """How the backbone is trained.

    Attributes:
        rounds: how often new images are drawn.
        images: how many, in each round.
        passes: how often each image is seen, changed a little each time.
        batch_size: images in each step.
        learning_rate: of the largest steps.
        seed: of the images and of the training.
    """

    rounds: int = 3
    images: int = 20_000
    passes: int = 3
    batch_size: int = 64
    learning_rate: float = 4e-3
    seed: int = 1


@dataclass(frozen=True)
class Pretrained:
    """What a training gave.

    Attributes:
        weights: of the base alone, by layer and variable, in its order.
        accuracy: the share of 2,400 invented signs, drawn anew, that the whole network named rightly.
        cpu_seconds: processor time, drawing included.
    """

    weights: dict[str, NDArray[np.float32]]
    accuracy: float
    cpu_seconds: float


def pretrain(recipe: Recipe, report: Callable[[str], None]) -> Pretrained:
    """Train the base, under a head that is thrown away, to tell the invented signs apart.

    Takes minutes. `report` is told after each round how it went.
    """
    from helpers.environment import set_seed

    set_seed(recipe.seed)
    began = time.process_time()
    base = backbone.load_backbone(pretrained=False)
    network = _network(base, recipe)
    for number in range(recipe.rounds):
        x, y = _drawn(recipe.images, 1000 * recipe.seed + number)
        run = network.fit(x, y, batch_size=recipe.batch_size, epochs=recipe.passes, verbose=0)
        report(f"round {number + 1} of {recipe.rounds}: loss {run.history['loss'][-1]:.3f}")
    cpu_seconds = time.process_time() - began
    x, y = _drawn(2400, SEED_OF_THE_TEST)
    accuracy = float(np.mean(network.predict(x, batch_size=400, verbose=0).argmax(axis=1) == y))
    weights = {
        f"{layer.name}/{variable.name}": variable.numpy()
        for layer in base.layers
        for variable in layer.weights
    }
    return Pretrained(weights, accuracy, cpu_seconds)


def write_weights(pretrained: Pretrained, recipe: Recipe, folder: Path) -> int:
    """Write the weights (float16) and their card, as the backbone reads them. Returns the weights' bytes.

    Raises:
        BuildError: the file would be too large for the repository.
    """
    from helpers.authoring.errors import BuildError

    file = io.BytesIO()
    arrays = {name: array.astype(np.float16) for name, array in pretrained.weights.items()}
    np.savez_compressed(file, allow_pickle=False, **arrays)
    content = file.getvalue()
    if len(content) > LARGEST_FILE:
        raise BuildError(f"The weights take {len(content):,} bytes; at most {LARGEST_FILE:,} are committed.")
    (folder / backbone.WEIGHTS.name).write_bytes(content)
    (folder / backbone.CARD.name).write_text(_card(pretrained, recipe, content), encoding="utf-8")
    return len(content)


def _card(pretrained: Pretrained, recipe: Recipe, content: bytes) -> str:
    made = "\n".join(f"{name} = {value!r}" for name, value in vars(recipe).items())
    return (
        f"# Written by `workshop backbone`, with {backbone.WEIGHTS.name}; data/README.md says more.\n"
        f'sha256 = "{hashlib.sha256(content).hexdigest()}"\n\n'
        f"[recipe]\n{made}\n\n"
        "[measured]\n"
        f"accuracy_on_new_invented_signs = {pretrained.accuracy:.4f}\n"
        f"cpu_seconds = {pretrained.cpu_seconds:.0f}\n"
    )


def _drawn(count: int, seed: int) -> tuple[NDArray[np.float32], NDArray[np.int64]]:
    """Invented signs, as many of each as of any other, give or take one, shuffled."""
    from helpers.datasets.bundled import invented_signs

    y = np.random.default_rng(seed).permutation(np.arange(count) % invented_signs.SIGNS)
    return invented_signs.render(y, seed), y


def _network(base: Any, recipe: Recipe) -> Any:
    """The base behind layers that move, turn and light the images anew, and under a head for the signs."""
    import keras
    from keras import layers

    from helpers.datasets.bundled import invented_signs

    network = keras.Sequential(
        [
            keras.Input((28, 28, 1)),
            layers.RandomTranslation(0.08, 0.08, fill_mode="nearest"),
            layers.RandomRotation(0.03, fill_mode="nearest"),
            layers.RandomZoom(0.12, fill_mode="nearest"),
            layers.RandomContrast(0.4, value_range=(0, 1)),
            layers.RandomBrightness(0.2, value_range=(0, 1)),
            layers.GaussianNoise(0.02),
            base,
            layers.Flatten(),
            layers.Dropout(0.2),
            layers.Dense(invented_signs.SIGNS, activation="softmax"),
        ]
    )
    steps = recipe.rounds * recipe.passes * -(-recipe.images // recipe.batch_size)
    rate = keras.optimizers.schedules.CosineDecay(
        recipe.learning_rate / 10,
        steps - steps // 10,
        warmup_target=recipe.learning_rate,
        warmup_steps=steps // 10,
    )
    network.compile(optimizer=keras.optimizers.Adam(rate), loss="sparse_categorical_crossentropy")
    return network
