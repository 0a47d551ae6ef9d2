"""The backbone: a small convolutional base whose weights come with the workshop.

    backbone = models.load_backbone()                   # with the bundled weights
    backbone = models.load_backbone(pretrained=False)   # the same network, newborn

`workshop backbone` makes the weights (helpers/authoring/pretraining.py); data/README.md says what they were
trained on.
"""

from __future__ import annotations

import hashlib
import io
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Any

from helpers.errors import WorkshopError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Weights = dict[str, NDArray[np.float32]]

FILTERS = (24, 48, 96, 128)
"""Of its four convolutions; the first three are followed by pooling."""
WEIGHTS = Path(__file__).with_name("backbone_weights.npz")
CARD = Path(__file__).with_name("backbone_weights.toml")
"""How the weights were made, and their checksum."""


class BackboneError(WorkshopError):
    """The backbone's weights cannot be used."""


def load_backbone(pretrained: bool = True) -> Any:
    """The convolutional base, a keras.Model called "backbone", not compiled, all of it trainable.

    Takes images (n, 28, 28, 1) from 0 to 1, hands before something lighter or darker, as a camera gives them.
    Gives feature maps (n, 3, 3, 128). Its first layer scales the pixels, to −1 to 1. Then come four
    convolutions with kernels of 3 × 3, batch normalisation and ReLU, the first three with max pooling.

    Args:
        pretrained: with the bundled weights; False leaves the random ones that every new network has.

    Raises:
        BackboneError: if the file with the weights is missing, or damaged.
    """
    weights = backbone_weights() if pretrained else None  # before anything is built: a bad file is soon told
    import keras
    from keras import layers

    image = keras.Input((28, 28, 1), name="image")
    x = layers.Rescaling(2.0, offset=-1.0, name="scale")(image)
    for number, count in enumerate(FILTERS, start=1):
        # Normalising brings its own bias.
        x = layers.Conv2D(count, 3, padding="same", use_bias=False, name=f"convolution_{number}")(x)
        if number < len(FILTERS):
            x = layers.MaxPooling2D(name=f"pool_{number}")(x)
        x = layers.BatchNormalization(momentum=0.9, name=f"normalise_{number}")(x)
        x = layers.ReLU(name=f"relu_{number}")(x)
    model = keras.Model(image, x, name="backbone")
    if weights is not None:
        model.set_weights(list(weights.values()))
    return model


def backbone_weights() -> Weights:
    """The bundled weights, float32, in the order of the backbone's `get_weights()`.

    Their names are those of layer and variable, such as "convolution_1/kernel" and "normalise_1/moving_mean".
    TensorFlow isn't needed for that.

    Raises:
        BackboneError: if their file is missing, or damaged.
    """
    import numpy as np

    try:
        content = WEIGHTS.read_bytes()
        expected = tomllib.loads(CARD.read_text(encoding="utf-8"))["sha256"]
    except (OSError, KeyError, tomllib.TOMLDecodeError) as error:
        raise BackboneError(f"The backbone's weights can't be read ({error}). {_MEND}") from error
    if hashlib.sha256(content).hexdigest() != expected:
        raise BackboneError(
            f"The backbone's weights are damaged: {WEIGHTS} has {len(content):,} bytes whose checksum isn't "
            f"the one in {CARD.name}. {_MEND}"
        )
    with np.load(io.BytesIO(content), allow_pickle=False) as arrays:
        return {name: arrays[name].astype(np.float32) for name in arrays.files}


_MEND = (
    f"Get the files {WEIGHTS.name} and {CARD.name} in helpers/models/ anew: unpack the course's zip once "
    "more, or run `git checkout -- helpers/models`."
)
