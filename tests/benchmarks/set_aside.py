"""Training images set aside, to choose a network on without looking at the test images."""

from __future__ import annotations

from dataclasses import replace

from helpers.datasets import Dataset


def choosing(data: Dataset, parts: int) -> Dataset:
    """The last of so many parts of the training images in place of the test images."""
    cut = len(data.x_train) * (parts - 1) // parts
    return replace(
        data,
        x_train=data.x_train[:cut],
        y_train=data.y_train[:cut],
        x_test=data.x_train[cut:],
        y_test=data.y_train[cut:],
    )
