"""Networks that the workshop brings along: references for lessons and graders, and pretrained ones.

    model, run = models.train_dense_reference(x_train, y_train)
    model, run = models.train_cnn_reference(x_train, y_train)
    model, run = models.train_cnn_best(x_train, y_train)
    backbone = models.load_backbone()       # convolutions whose weights come with the workshop
    vgg16 = models.load_vgg16()             # convolutions from ImageNet; None where they can't be had

What they reach, and how that was measured, stands in docs/measurements.md.
"""

from helpers.models.backbone import BackboneError, backbone_weights, load_backbone
from helpers.models.convolutional_network import (
    cnn,
    cnn_best_recipe,
    cnn_recipe,
    train_cnn_best,
    train_cnn_reference,
)
from helpers.models.dense_network import dense, dense_recipe, train_dense_reference
from helpers.models.recipe import ModelError, Recipe, fading_rate
from helpers.models.vgg16 import load_vgg16

__all__ = [
    "BackboneError",
    "ModelError",
    "Recipe",
    "backbone_weights",
    "cnn",
    "cnn_best_recipe",
    "cnn_recipe",
    "dense",
    "dense_recipe",
    "fading_rate",
    "load_backbone",
    "load_vgg16",
    "train_cnn_best",
    "train_cnn_reference",
    "train_dense_reference",
]
