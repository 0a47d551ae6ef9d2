"""Any kernel that finds the edge asked for passes, and others earn what they do."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from tests.checks.by_hand import right_parts, said, verdicts

SOBEL = np.array([[1.0, 0, -1], [2, 0, -2], [1, 0, -1]])
GAUSSIAN = np.exp(-(np.arange(-3, 4) ** 2) / 4)

RIGHT_KERNELS = {
    "Sobel": SOBEL,
    "Prewitt": np.array([[1, 0, -1]] * 3),
    "Scharr": np.array([[3, 0, -3], [10, 0, -10], [3, 0, -3]]),
    "two pixels": np.array([[1, -1]]),
    "three pixels": np.array([[1, 0, -1]]),
    "one row of seven": np.array([[1, 1, 1, 0, -1, -1, -1]]),
    "tall": np.repeat([[1, -1]], 7, axis=0),
    "a Gaussian's slope": np.outer(GAUSSIAN, -np.arange(-3, 4) * GAUSSIAN),
    "lopsided": np.array([[2, -1, -1]]),
    "tiny": SOBEL * 1e-9,
    "huge": SOBEL * 1e9,
    "rounded": np.array([[0.33, 0.0, -0.33], [0.33, 0.0, -0.33], [0.34, 0.0, -0.34]]),
}
WRONG_KERNELS: dict[str, tuple[Any, set[str]]] = {
    "the other direction": (-SOBEL, {"silent"}),
    "horizontal edges": (SOBEL.T, set()),
    "all edges": (np.array([[0, 1, 0], [1, -4, 1], [0, 1, 0]]), set()),
    "both directions": (np.array([[-1, 2, -1]] * 3), {"silent"}),
    "a leaning edge": (np.array([[2, 1, 0], [1, 0, -1], [0, -1, -2]]), {"finds"}),
    "two leaning pixels": (np.array([[1, 0], [0, -1]]), {"finds"}),
    "a blur": (np.ones((3, 3)), set()),
    "identity": (np.array([[1]]), set()),
    "a checkerboard": (np.array([[1, -1], [-1, 1]]), set()),
    "a slip": (np.array([[1, 0, -1], [2, 0, -4], [1, 0, -1]]), {"finds"}),
    "bright areas": (np.array([[1, 1, -1]] * 3), set()),
    "one column": (np.array([[1], [0], [-1]]), set()),
}


@pytest.mark.parametrize("kernel", RIGHT_KERNELS.values(), ids=RIGHT_KERNELS)
def test_there_are_many_right_kernels(kernel: Any) -> None:
    assert right_parts("design", lambda: kernel) == {"finds", "silent"}
    assert right_parts("design", lambda: kernel.tolist()) == {"finds", "silent"}


@pytest.mark.parametrize(("kernel", "right"), WRONG_KERNELS.values(), ids=WRONG_KERNELS)
def test_other_kernels_earn_what_they_do(kernel: Any, right: set[str]) -> None:
    assert right_parts("design", lambda: kernel) == right


@pytest.mark.parametrize(
    ("kernel", "message"),
    [
        (np.zeros((3, 3)), "silent everywhere"),
        (np.array([1, 0, -1]), "the shape of yours: (3,)"),
        (np.ones((8, 3)), "at most 7 of each"),
        (np.ones((0, 3)), "the shape of yours: (0, 3)"),
        (np.array([[1, np.nan]]), "finite numbers"),
        (np.array([[1, -np.inf]]), "finite numbers"),
        ("Sobel", "should be an array of numbers"),
        (None, "Is its `return` there?"),
    ],
)
def test_what_is_no_kernel_earns_nothing_and_hears_why(kernel: Any, message: str) -> None:
    def edge_kernel() -> Any:
        return kernel

    assert {one.score for one in verdicts("design", edge_kernel)} == {0}
    assert message in said("design", edge_kernel)
