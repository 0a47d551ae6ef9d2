"""Padding, correlation, convolution and pooling agree with SciPy and Keras, and refuse nonsense in words."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from scipy import signal

from helpers import convolution
from helpers.convolution import (
    KERNELS,
    ConvolutionError,
    convolve2d,
    correlate2d,
    max_pool2d,
    output_size,
    pad2d,
    same_padding,
)

SIZES = st.integers(1, 12)
WINDOWS = st.integers(1, 5)
STRIDES = st.integers(1, 4)
SEEDS = st.integers(0, 2**32 - 1)
PADDINGS = st.sampled_from(["valid", "same"])

# The same examples on every run, however slow the computer.
steady = settings(
    derandomize=True, deadline=None, database=None, suppress_health_check=[HealthCheck.too_slow]
)
few = settings(steady, max_examples=25)  # each is a call to TensorFlow


@st.composite
def images_and_windows(draw: Callable[[Any], Any]) -> tuple[Any, Any]:
    """An image (height, width) and a window (rows, columns) of numbers that fits into it."""
    rng = np.random.default_rng(draw(SEEDS))
    height, width = draw(SIZES), draw(SIZES)
    rows, columns = (draw(st.integers(1, min(size, 5))) for size in (height, width))
    return rng.normal(size=(height, width)), rng.normal(size=(rows, columns))


def tensor(values: Any) -> Any:
    import keras

    return keras.ops.convert_to_tensor(values, dtype="float64")  # by itself, Keras would take float32


# --- Against others


@steady
@given(images_and_windows(), PADDINGS)
def test_correlation_is_that_of_scipy(given: tuple[Any, Any], padding: str) -> None:
    image, kernel = given
    assert np.allclose(correlate2d(image, kernel, padding), signal.correlate2d(image, kernel, padding))


@steady
@given(images_and_windows())
def test_valid_convolution_is_that_of_scipy(given: tuple[Any, Any]) -> None:
    image, kernel = given
    assert np.allclose(convolve2d(image, kernel), signal.convolve2d(image, kernel, "valid"))


@steady
@given(images_and_windows())
def test_same_convolution_is_that_of_scipy_but_for_the_places_of_even_kernels(given: tuple[Any, Any]) -> None:
    image, kernel = given
    down, right = (1 - size % 2 for size in kernel.shape)
    theirs = signal.convolve2d(image, kernel, "same")
    ours = convolve2d(image, kernel, "same")
    height, width = image.shape
    assert np.allclose(ours[: height - down, : width - right], theirs[down:, right:])


@few
@given(images_and_windows(), PADDINGS, STRIDES)
def test_correlation_is_that_of_a_keras_convolution(
    given: tuple[Any, Any], padding: str, stride: int
) -> None:
    import keras

    image, kernel = given
    theirs = keras.ops.conv(tensor(image[None, ..., None]), tensor(kernel[..., None, None]), stride, padding)
    assert np.allclose(correlate2d(image, kernel, padding, stride), np.asarray(theirs)[0, ..., 0])


@few
@given(images_and_windows(), PADDINGS, st.none() | STRIDES)
def test_pooling_is_that_of_keras(given: tuple[Any, Any], padding: str, stride: int | None) -> None:
    import keras

    image, window = given
    theirs = keras.ops.max_pool(tensor(image[None, ..., None]), window.shape, stride, padding)
    ours = max_pool2d(image, window.shape, stride, padding)
    assert np.array_equal(ours, np.asarray(theirs)[0, ..., 0])


@steady
@given(SIZES, WINDOWS, PADDINGS, STRIDES)
def test_the_size_is_told_before(size: int, window: int, padding: str, stride: int) -> None:
    if padding == "valid" and window > size:
        with pytest.raises(ConvolutionError, match="doesn't fit into"):
            output_size(size, window, padding, stride)
    else:
        found = correlate2d(np.ones((size, 9)), np.ones((window, 3)), padding, (stride, 1))
        assert found.shape[0] == output_size(size, window, padding, stride)


# --- What is promised


def test_an_example_on_paper() -> None:
    image = [[1, 2, 0], [3, 1, 4]]
    kernel = [[1, 2], [0, -1]]
    assert correlate2d(image, kernel).tolist() == [[4, -2]]
    assert convolve2d(image, kernel).tolist() == [[1 * -1 + 3 * 2 + 1 * 1, 2 * -1 + 1 * 2 + 4 * 1]]
    assert max_pool2d(image, (2, 1)).tolist() == [[3, 2, 4]]
    assert pad2d(image, (1, 0, 0, 2), value=7).tolist() == [[7] * 5, [1, 2, 0, 7, 7], [3, 1, 4, 7, 7]]


@pytest.mark.parametrize(
    ("size", "kernel", "stride", "before", "after"),
    [
        (28, 3, 1, 1, 1),
        (28, 3, 2, 0, 1),
        (27, 3, 2, 1, 1),
        (28, 4, 1, 1, 2),
        (5, 1, 3, 0, 0),
        (2, 5, 1, 2, 2),
    ],
)
def test_same_pads_more_after_than_before_where_it_cannot_be_even(
    size: int, kernel: int, stride: int, before: int, after: int
) -> None:
    assert same_padding(size, kernel, stride) == (before, after)


@pytest.mark.parametrize(
    "operation",
    [
        lambda x: pad2d(x, 1),
        lambda x: pad2d(x, 0),
        lambda x: correlate2d(x, np.eye(3), "same", 2),
        lambda x: convolve2d(x, np.eye(2)),
        lambda x: max_pool2d(x, padding="same"),
        lambda x: max_pool2d(x, 1),
        lambda x: correlate2d(x, [[1]]),
    ],
)
def test_the_image_stays_as_it_is_and_shares_no_memory_with_the_result(operation: Any) -> None:
    image = np.arange(35.0).reshape(5, 7)
    before = image.copy()
    result = operation(image)
    assert not np.shares_memory(image, result)
    result[:] = -1
    assert np.array_equal(image, before)


@pytest.mark.parametrize("leading", [(4,), (2, 3), (0,)])
def test_batches_are_images_one_by_one(leading: tuple[int, ...]) -> None:
    rng = np.random.default_rng(1)
    batch = rng.normal(size=(*leading, 6, 9))
    kernel = rng.normal(size=(3, 2))
    operations: list[Callable[[Any], Any]] = [
        lambda x: correlate2d(x, kernel, "same", (2, 3)),
        lambda x: max_pool2d(x, 3, 2, "same"),
        lambda x: pad2d(x, (1, 2, 3, 4), 0.5),
    ]
    for operation in operations:
        whole = operation(batch)
        assert whole.shape[: len(leading)] == leading
        for index in np.ndindex(leading):
            assert np.allclose(whole[index], operation(batch[index]))


@pytest.mark.parametrize("dtype", ["uint8", "int64", "float32", "bool", "float64"])
def test_whatever_the_numbers_the_result_is_float64(dtype: str) -> None:
    image = (np.arange(20).reshape(4, 5) * 12).astype(dtype)
    for result in (pad2d(image, 1), correlate2d(image, [[0.5, -2]]), max_pool2d(image)):
        assert result.dtype == np.float64
    assert np.allclose(
        correlate2d(image, [[0.5, -2]]), signal.correlate2d(image.astype(float), [[0.5, -2]], "valid")
    )


def test_the_border_of_a_pooled_image_is_never_the_largest() -> None:
    assert max_pool2d(np.full((5, 5), -3.0), 2, padding="same").tolist() == [[-3.0] * 3] * 3


# --- What is refused

IMAGE = np.ones((4, 5))


@pytest.mark.parametrize(
    ("operation", "message"),
    [
        (
            lambda: correlate2d(np.ones(4), np.eye(2)),
            r"\(…, height, width\) with at least one pixel .* not \(4,\)",
        ),
        (lambda: max_pool2d(np.ones((0, 4))), r"at least one pixel are needed, not \(0, 4\)"),
        (lambda: correlate2d(IMAGE, np.ones(3)), r"A kernel of shape \(rows, columns\) is needed"),
        (lambda: convolve2d(IMAGE, np.ones(3)), r"A kernel of shape \(rows, columns\) is needed"),
        (lambda: correlate2d(IMAGE, np.ones((0, 3))), r"this one's is \(0, 3\)"),
        (lambda: correlate2d(IMAGE, np.ones((5, 1))), "A window of 5 doesn't fit into 4 pixels"),
        (lambda: max_pool2d(IMAGE, (1, 6)), "A window of 6 doesn't fit into 5 pixels"),
        (
            lambda: correlate2d(IMAGE, np.eye(2), stride=0),
            "stride should be a whole number, 1 or more, not 0",
        ),
        (lambda: correlate2d(IMAGE, np.eye(2), stride=1.5), "1 or more, not 1.5"),
        (lambda: max_pool2d(IMAGE, stride=(1, 2, 3)), r"stride is one number or a pair .* not \(1, 2, 3\)"),
        (lambda: max_pool2d(IMAGE, 0), "size should be a whole number, 1 or more"),
        (lambda: correlate2d(IMAGE, np.eye(2), padding="full"), "padding is 'valid' or 'same', not 'full'"),
        (lambda: correlate2d(IMAGE, np.eye(2), padding=1), "padding is 'valid' or 'same', not 1"),
        (lambda: correlate2d([["a", "b"]], np.eye(1)), "The image should hold numbers"),
        (lambda: correlate2d([[1, 2], [3]], np.eye(1)), "are all its rows equally long"),
        (lambda: correlate2d(IMAGE, [[1j]]), "The kernel should hold numbers"),
        (lambda: pad2d(IMAGE, -1), "amount should be a whole number, 0 or more, not -1"),
        (lambda: pad2d(IMAGE, (1, 2)), r"one number or \(top, bottom, left, right\), not \(1, 2\)"),
        (lambda: pad2d(IMAGE, True), "amount should be a whole number"),
        (lambda: pad2d(IMAGE, 1, "black"), "value should be a number, not 'black'"),
        (lambda: output_size(0, 1), "size should be a whole number, 1 or more"),
        (lambda: output_size(5, 3, "some"), "padding is 'valid' or 'same'"),
    ],
)
def test_what_cannot_be_computed_is_refused_in_words(operation: Callable[[], Any], message: str) -> None:
    with pytest.raises(ConvolutionError, match=message):
        operation()


# --- The classic kernels


def test_blurs_keep_the_brightness_and_edges_are_silent_on_flat_areas() -> None:
    sums = {name: round(float(kernel.values.sum()), 12) for name, kernel in KERNELS.items()}
    assert sums == {
        "identity": 1,
        "box blur": 1,
        "Gaussian blur": 1,
        "sharpen": 1,
        "horizontal edges": 0,
        "vertical edges": 0,
        "all edges": 0,
        "emboss": 1,
    }


def test_identity_changes_nothing() -> None:
    image = np.random.default_rng(2).random((5, 6))
    assert np.array_equal(correlate2d(image, KERNELS["identity"].values, "same"), image)


def test_edges_are_found_where_they_say() -> None:
    brighter_to_the_right = np.repeat([[0.0, 0.0, 1.0, 1.0]], 4, axis=0)
    brighter_downwards = brighter_to_the_right.T
    vertical, horizontal = (KERNELS[f"{which} edges"].values for which in ("vertical", "horizontal"))
    assert (correlate2d(brighter_to_the_right, vertical) == 4).all()
    assert (correlate2d(brighter_downwards, vertical) == 0).all()
    assert (correlate2d(brighter_downwards, horizontal) == 4).all()
    assert (correlate2d(brighter_to_the_right, horizontal) == 0).all()


def test_a_classic_kernel_cannot_be_changed_by_accident() -> None:
    with pytest.raises(ValueError, match="read-only"):
        KERNELS["sharpen"].values[1, 1] = 9
    with pytest.raises(TypeError):
        KERNELS["mine"] = KERNELS["sharpen"]  # type: ignore[index]


def test_each_kernel_has_its_name_and_a_sentence() -> None:
    for name, kernel in convolution.KERNELS.items():
        assert kernel.name == name
        assert kernel.about.endswith((".", "!"))
        assert kernel.values.shape == (3, 3)
