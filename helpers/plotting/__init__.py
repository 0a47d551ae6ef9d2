"""Every figure that the lessons show. Each function returns a Figure, which carries its alt text."""

from helpers.plotting.bars import class_balance, probabilities, softmax
from helpers.plotting.curves import compare_curves, curves, shift_effect
from helpers.plotting.figure import Figure, PlottingError
from helpers.plotting.functions import activations, cross_entropy
from helpers.plotting.pixels import flattening, pixel_values
from helpers.plotting.tiles import image_grid, predictions, samples, weights_as_images

__all__ = [
    "Figure",
    "PlottingError",
    "activations",
    "class_balance",
    "compare_curves",
    "cross_entropy",
    "curves",
    "flattening",
    "image_grid",
    "pixel_values",
    "predictions",
    "probabilities",
    "samples",
    "shift_effect",
    "softmax",
    "weights_as_images",
]
