"""The items of assignment 02 judge each behaviour by itself, name the mix-ups, pass every right answer."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from helpers import convolution
from helpers.checks.verdict import State
from helpers.convolution import correlate2d, max_pool2d, output_size, pad2d, same_padding
from tests.checks.by_hand import (
    ITEMS,
    SPECIFICATION,
    all_but,
    challenge,
    right_parts,
    said,
    verdicts,
)

# What students' code warns of is no matter of ours.
pytestmark = pytest.mark.filterwarnings("ignore")


# --- Points


def test_every_behaviour_is_worth_half_a_point_and_all_are_ten() -> None:
    assert {points for one in SPECIFICATION.items.values() for points in one.points.values()} == {0.5}
    assert SPECIFICATION.possible == 10


# --- Correlation


def reference(**change: Any) -> Callable[..., Any]:
    def correlate(image: Any, kernel: Any, padding: str = "valid", stride: int = 1) -> Any:
        options = {"padding": padding, "stride": stride}
        return correlate2d(image, kernel, **{key: change.get(key, value) for key, value in options.items()})

    return correlate


def padded_by(sides: Callable[[int, int, int], tuple[int, int]]) -> Callable[..., Any]:
    """Correlation whose padding "same" is another one."""

    def correlate(image: Any, kernel: Any, padding: str = "valid", stride: int = 1) -> Any:
        if padding == "same":
            before_and_after = [sides(n, k, stride) for n, k in zip(image.shape, kernel.shape, strict=True)]
            image = pad2d(image, (*before_and_after[0], *before_and_after[1]))
        return correlate2d(image, kernel, stride=stride)

    return correlate


def test_the_reference_itself_is_right() -> None:
    assert {one.state for one in verdicts("correlate2d", reference())} == {State.RIGHT}
    assert {one.state for one in verdicts("correlate2d", padded_by(same_padding))} == {State.RIGHT}
    assert {one.state for one in verdicts("max_pool2d", max_pool2d)} == {State.RIGHT}
    assert {one.state for one in verdicts("pad2d", pad2d)} == {State.RIGHT}
    assert {one.state for one in verdicts("output_size", output_size)} == {State.RIGHT}


@pytest.mark.parametrize(
    ("correlate", "lost", "message"),
    [
        (reference(stride=1), ("strides", "same_strided"), "Your stride is always 1"),
        (reference(padding="valid"), ("same", "same_strided"), 'That is right for padding "valid"'),
        (padded_by(lambda n, k, s: (k // 2, k // 2)), ("same_strided",), "Too many zeros stand at the top"),
        (
            padded_by(lambda n, k, s: same_padding(n, k, s)[::-1]),
            ("same_strided",),
            "Too many zeros stand at the top",
        ),
        (
            padded_by(lambda n, k, s: (sum(same_padding(n, k, s)), 0)),
            ("same", "same_strided"),
            "Too many zeros stand at the top",
        ),
        (
            padded_by(lambda n, k, s: (0, sum(same_padding(n, k, s)))),
            ("same", "same_strided"),
            "Too few zeros stand at the top",
        ),
    ],
)
def test_another_padding_or_stride_costs_that_alone(
    correlate: Any, lost: tuple[str, ...], message: str
) -> None:
    assert right_parts("correlate2d", correlate) == all_but("correlate2d", *lost)
    assert message in said("correlate2d", correlate)


def test_a_turned_kernel_costs_everything_and_is_named_once_with_numbers() -> None:
    assert right_parts("correlate2d", convolution.convolve2d) == set()
    told = said("correlate2d", convolution.convolve2d)
    assert told.count("the kernel turned by 180°") == 4
    assert told.count("the result should be") == 1


def test_an_error_in_one_call_costs_that_behaviour_alone_and_is_told_in_words() -> None:
    def correlate(image: Any, kernel: Any, padding: str = "valid", stride: int = 1) -> Any:
        return correlate2d(image, kernel, padding, stride) if stride == 1 else image[:, :, stride]

    assert right_parts("correlate2d", correlate) == all_but("correlate2d", "strides", "same_strided")
    assert "and stride 2, your function stopped with IndexError" in said("correlate2d", correlate)


def test_numbers_to_compute_with_on_paper_come_first() -> None:
    told = said("correlate2d", lambda image, kernel, padding="valid", stride=1: np.zeros((2, 2)))
    assert "with image [[" in told
    assert "and stride 2, the result should be [[" in told
    assert "yours is [[0, 0], [0, 0]]" in told


@pytest.mark.parametrize("dtype", ["float32", "longdouble"])
def test_the_rounding_of_other_floats_is_no_mistake(dtype: str) -> None:
    def correlate(image: Any, kernel: Any, padding: str = "valid", stride: int = 1) -> Any:
        return correlate2d(image.astype("float32"), kernel.astype("float32"), padding, stride).astype(dtype)

    assert right_parts("correlate2d", correlate) == all_but("correlate2d")


@pytest.mark.parametrize("changed", ["image", "kernel"])
def test_right_sums_that_spoil_what_was_given_lose_that_part_alone(changed: str) -> None:
    def correlate(image: Any, kernel: Any, padding: str = "valid", stride: int = 1) -> Any:
        result = correlate2d(image, kernel, padding, stride)
        (image if changed == "image" else kernel)[0, 0] += 1
        return result

    assert right_parts("correlate2d", correlate) == all_but("correlate2d", "kept")
    assert "your function changes what it was given" in said("correlate2d", correlate)


def test_a_mistake_with_other_shapes_under_padding_same_is_found() -> None:
    def correlate(image: Any, kernel: Any, padding: str = "valid", stride: int = 1) -> Any:
        if padding == "valid":
            return correlate2d(image, kernel, stride=stride)
        rows = same_padding(image.shape[0], kernel.shape[0], stride)
        return correlate2d(pad2d(image, (*rows, *rows)), kernel, stride=stride)

    assert right_parts("correlate2d", correlate) == all_but("correlate2d", "shapes")


# --- Pooling


def bordered_with(value: float) -> Callable[..., Any]:
    def pool(image: Any, size: int = 2, stride: int | None = None, padding: str = "valid") -> Any:
        if padding == "same":
            sides = [side for pixels in image.shape for side in same_padding(pixels, size, stride or size)]
            image = pad2d(image, tuple(sides), value)
        return max_pool2d(image, size, stride)

    return pool


def pooled(change: Callable[[Any, int, int | None, str], Any]) -> Callable[..., Any]:
    def pool(image: Any, size: int = 2, stride: int | None = None, padding: str = "valid") -> Any:
        return change(image, size, stride, padding)

    return pool


@pytest.mark.parametrize(
    ("pool", "lost", "message"),
    [
        (bordered_with(0.0), ("negative",), "A zero is the largest value"),
        (
            pooled(lambda x, k, s, p: np.maximum(max_pool2d(x, k, s, p), 0)),
            ("negative",),
            "A zero is the largest",
        ),
        (pooled(lambda x, k, s, p: max_pool2d(x, k, None, p)), ("strides", "same"), "whatever the stride"),
        (pooled(lambda x, k, s, p: max_pool2d(x, k, s)), ("same",), 'That is right for padding "valid"'),
    ],
)
def test_another_pooling_costs_what_it_changes_alone(pool: Any, lost: tuple[str, ...], message: str) -> None:
    assert right_parts("max_pool2d", pool) == all_but("max_pool2d", *lost)
    assert message in said("max_pool2d", pool)


# --- All of them


@pytest.mark.parametrize("name", ITEMS)
def test_an_item_draws_the_same_challenge_from_the_same_seed_only(name: str) -> None:
    first, again, other = (challenge(name, seed) for seed in (5, 5, 6))
    arrays, repeated, others = ({**one.inputs, **one.key} for one in (first, again, other))
    assert all(np.array_equal(arrays[key], repeated[key]) for key in arrays)
    assert any(not np.array_equal(arrays[key], others[key]) for key in arrays)


@pytest.mark.parametrize("name", ITEMS)
def test_a_stub_is_not_attempted_nor_is_what_says_that_it_is_unfinished(name: str) -> None:
    def stub(*arguments: Any, **options: Any) -> Any: ...

    def unfinished(*arguments: Any, **options: Any) -> Any:
        raise NotImplementedError

    for answer in (stub, unfinished):
        assert {one.state for one in verdicts(name, answer)} == {State.NOT_ATTEMPTED}
