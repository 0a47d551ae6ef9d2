"""Every figure that the lessons show. Each function returns a Figure, which carries its alt text."""

from helpers.plotting.answers import confused_pairs, right_and_wrong
from helpers.plotting.bars import class_balance, probabilities, softmax
from helpers.plotting.comparison import compare_accuracy
from helpers.plotting.confusion import class_report, confusion_matrix
from helpers.plotting.curves import compare_curves, curves, learning_rates, shift_effect
from helpers.plotting.figure import Figure, PlottingError
from helpers.plotting.filters import kernel_tables, responses
from helpers.plotting.functions import activations, cross_entropy
from helpers.plotting.maps import feature_maps
from helpers.plotting.network import network_diagram, parameter_counts
from helpers.plotting.pixels import flattening, pixel_values
from helpers.plotting.repetitions import accuracy_by_labels
from helpers.plotting.rounds import game_round
from helpers.plotting.tiles import image_grid, mistakes, predictions, samples, weights_as_images
from helpers.plotting.weights import kernels, weight_histograms
from helpers.plotting.windows import convolution_step, pooling_step, window_places

__all__ = [
    "Figure",
    "PlottingError",
    "accuracy_by_labels",
    "activations",
    "class_balance",
    "class_report",
    "compare_accuracy",
    "compare_curves",
    "confused_pairs",
    "confusion_matrix",
    "convolution_step",
    "cross_entropy",
    "curves",
    "feature_maps",
    "flattening",
    "game_round",
    "image_grid",
    "kernel_tables",
    "kernels",
    "learning_rates",
    "mistakes",
    "network_diagram",
    "parameter_counts",
    "pixel_values",
    "pooling_step",
    "predictions",
    "probabilities",
    "responses",
    "right_and_wrong",
    "samples",
    "shift_effect",
    "softmax",
    "weight_histograms",
    "weights_as_images",
    "window_places",
]
