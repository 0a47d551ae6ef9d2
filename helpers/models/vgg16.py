"""VGG16, where it can be had, with what it learned from ImageNet, made to take small grey images.

vgg16 = models.load_vgg16()      # a keras.Model, or None after a sentence that says why
"""

from __future__ import annotations

import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

ADDRESS = "https://storage.googleapis.com"
FILE = "vgg16_weights_tf_dim_ordering_tf_kernels_notop.h5"
MEGABYTES = 59
SILENCE_S = 15.0
"""A server that sends nothing for so long is given up."""


def load_vgg16(weights: str | Path | None = "imagenet", within_s: float = 4.0) -> Any | None:
    """VGG16's convolutions as a keras.Model, "vgg16_for_small_images", not compiled, all of it trainable.

    Takes the same images as the backbone, (n, 28, 28, 1) from 0 to 1, and does the rest inside: 32 × 32
    pixels (VGG16 takes none smaller), the same grey for red, green and blue, from 0 to 255, and then VGG16's
    own preprocessing. Gives feature maps (n, 1, 1, 512). 14.7 million parameters.

    The weights come from Keras's cache or else from the network (59 MB, once). Where neither has them, or
    WORKSHOP_DATA is "bundled" and they aren't in the cache, this prints one sentence and returns None.

    Args:
        weights: "imagenet"; or the path of a copy of Keras's file, for classrooms without a network; None
            leaves random weights.
        within_s: how long to wait for any sign of the network, in seconds.
    """
    reason = _why_not(weights, within_s)
    if not reason:
        try:
            with _impatient_sockets():
                return _for_small_images(weights)
        except KeyboardInterrupt:
            reason = "the download was stopped"
        except Exception as error:  # whatever a network, a disk or a damaged file brings
            reason = (str(error).strip() or type(error).__name__).splitlines()[0].rstrip(".")
    print(
        f"VGG16 isn't here ({reason}); the lesson goes on with the backbone, which comes with the workshop."
    )
    return None


def _why_not(weights: str | Path | None, within_s: float) -> str:
    """Why the weights can't be had; empty where they are at hand, or something answers that may have them."""
    from helpers.datasets.folder import chosen_variant
    from helpers.datasets.network import answers

    if weights != "imagenet" or _cached().exists():
        return ""
    if chosen_variant(None) == "bundled":
        return f"WORKSHOP_DATA is “bundled”, so nothing of {MEGABYTES} MB is downloaded"
    return "" if answers(ADDRESS, within_s) else "no network, as it seems"


def _cached() -> Path:
    """Where Keras keeps the file once it is downloaded."""
    home = os.environ.get("KERAS_HOME") or "~/.keras"
    return Path(home).expanduser() / "models" / FILE


def _for_small_images(weights: str | Path | None) -> Any:
    import keras
    from keras import layers

    given = str(weights) if isinstance(weights, Path) else weights
    base = keras.applications.VGG16(include_top=False, weights=given, input_shape=(32, 32, 3))
    image = keras.Input((28, 28, 1), name="image")
    x = layers.Resizing(32, 32, name="enlarge")(image)
    x = layers.Concatenate(name="three_channels")([x, x, x])
    x = layers.Rescaling(255.0, name="as_from_a_camera")(x)
    x = keras.applications.vgg16.preprocess_input(x)
    return keras.Model(image, base(x), name="vgg16_for_small_images")


@contextmanager
def _impatient_sockets() -> Iterator[None]:
    """Keras's download has no time limit of its own."""
    usual = socket.getdefaulttimeout()
    socket.setdefaulttimeout(SILENCE_S)
    try:
        yield
    finally:
        socket.setdefaulttimeout(usual)
