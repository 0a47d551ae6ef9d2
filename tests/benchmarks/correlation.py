"""What `correlate2d` of the lessons costs, beside SciPy's image by image and Keras's.

    python -m tests.benchmarks.correlation

Correlates 1,000 images of 28 × 28 pixels with one 3 × 3 kernel and prints a table: the clock time of each (of
the fastest of several runs, after one that isn't counted) and how many times as long it takes as ours. All
get float64, so all do the same arithmetic. Run it on a quiet machine.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable
from typing import Any

import numpy as np
from scipy import signal

from helpers import environment
from helpers.convolution import correlate2d

IMAGES = 1000
RUNS = 9


def ways(images: np.ndarray, kernel: np.ndarray) -> dict[str, Callable[[], Any]]:
    """Ways to correlate all images (n, height, width) with the kernel, ours first."""
    environment.quiet_tensorflow()
    import keras

    batch = keras.ops.convert_to_tensor(images[..., None], dtype="float64")
    weights = keras.ops.convert_to_tensor(kernel[..., None, None], dtype="float64")
    return {
        "helpers.convolution": lambda: correlate2d(images, kernel),
        "SciPy, image by image": lambda: np.stack(
            [signal.correlate2d(image, kernel, "valid") for image in images]
        ),
        "Keras": lambda: keras.ops.convert_to_numpy(keras.ops.conv(batch, weights))[..., 0],
    }


def fastest(way: Callable[[], Any], runs: int) -> float:
    """Seconds of the fastest of several runs."""
    way()
    seconds = []
    for _ in range(runs):
        start = time.perf_counter()
        way()
        seconds.append(time.perf_counter() - start)
    return min(seconds)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--images", type=int, default=IMAGES)
    parser.add_argument("--runs", type=int, default=RUNS)
    arguments = parser.parse_args()
    rng = np.random.default_rng(1)
    images, kernel = rng.random((arguments.images, 28, 28)), rng.normal(size=(3, 3))
    compared = ways(images, kernel)
    ours = compared["helpers.convolution"]
    for name, way in compared.items():
        if not np.allclose(way(), ours()):
            raise SystemExit(f"{name} computes something else.")
    seconds = {name: fastest(way, arguments.runs) for name, way in compared.items()}
    print("| | milliseconds | times ours |", "|---|--:|--:|", sep="\n")
    for name, taken in seconds.items():
        print(f"| {name} | {1000 * taken:.1f} | {taken / seconds['helpers.convolution']:.2f} |")


if __name__ == "__main__":
    main()
