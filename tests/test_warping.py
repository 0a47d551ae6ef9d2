"""Images are moved, turned and scaled as far as asked, each by its own amount, repeatably by a seed."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from helpers.warping import WarpingError, warped


def blobs(count: int, row: int = 13, column: int = 13) -> np.ndarray:
    """Black images with one white square of 2 by 2, whose upper left pixel is given."""
    images = np.zeros((count, 28, 28, 1), dtype=np.float32)
    images[:, row : row + 2, column : column + 2] = 1
    return images


def middles(images: np.ndarray) -> np.ndarray:
    """(n, 2): where the light of each image has its middle, down and to the right of the image's."""
    places = np.arange(28) - 13.5
    light = images[..., 0].sum(axis=(1, 2))
    down = (images[..., 0].sum(axis=2) * places).sum(axis=1) / light
    right = (images[..., 0].sum(axis=1) * places).sum(axis=1) / light
    return np.stack([down, right], axis=1)


def test_without_any_amount_nothing_changes() -> None:
    images = np.random.default_rng(1).random((5, 28, 28, 1), dtype=np.float32)
    copies = warped(images, seed=1)
    assert np.array_equal(copies, images)
    assert copies.dtype == np.float32
    assert copies is not images


def test_a_shift_moves_by_whole_pixels_up_to_the_most_in_all_directions() -> None:
    moved = warped(blobs(500), shift=4, seed=1)
    assert set(np.unique(moved)) == {0, 1}
    steps = middles(moved)
    assert set(np.unique(steps[:, 0])) == set(range(-4, 5))
    assert set(np.unique(steps[:, 1])) == set(range(-4, 5))
    assert abs(np.corrcoef(steps.T)[0, 1]) < 0.2


def test_a_turn_keeps_the_distance_from_the_middle_and_goes_both_ways() -> None:
    middle = middles(warped(blobs(500, row=4), turn=20, seed=1))
    assert np.allclose(np.hypot(*middle.T), 9, atol=0.2)
    degrees = np.degrees(np.arctan2(middle[:, 1], -middle[:, 0]))  # from straight up, clockwise
    assert -20.6 < degrees.min() < -18
    assert 18 < degrees.max() < 20.6


def test_turned_images_agree_with_scipys_rotation() -> None:
    from scipy.ndimage import rotate

    from helpers.warping import _resampled

    image = np.random.default_rng(1).random((1, 28, 28, 1), dtype=np.float32)
    ours = _resampled(image, np.zeros((1, 2)), np.radians([25.0]), np.ones(1))
    theirs = rotate(image[0, :, :, 0], 25, reshape=False, order=1, mode="grid-constant")
    assert np.allclose(ours[0, :, :, 0], theirs, atol=1e-5)


def test_a_scale_makes_larger_and_smaller_by_up_to_its_factor() -> None:
    square = np.zeros((500, 28, 28, 1), dtype=np.float32)
    square[:, 9:19, 9:19] = 1
    sizes = np.sqrt(warped(square, scale=1.25, seed=1).sum(axis=(1, 2, 3))) / 10
    assert 0.77 < sizes.min() < 0.83
    assert 1.21 < sizes.max() < 1.28
    assert 0.4 < (sizes < 1).mean() < 0.6


def test_all_at_once_is_each_as_it_is_alone_first_turned_and_then_moved() -> None:
    images = blobs(50, row=4)
    turned = middles(warped(images, turn=20, seed=3))
    both = middles(warped(images, turn=20, shift=4, seed=3))
    moved = middles(warped(images, shift=4, seed=3)) - middles(images)
    assert np.allclose(both, turned + moved, atol=0.02)


def test_the_same_seed_gives_the_same_images_and_another_gives_others() -> None:
    images = blobs(20)
    again = [warped(images, shift=4, turn=20, scale=1.2, seed=seed) for seed in (1, 1, 2)]
    assert np.array_equal(again[0], again[1])
    assert not np.array_equal(again[0], again[2])


def test_no_images_are_no_error() -> None:
    assert warped(blobs(0), shift=4, turn=20, scale=1.2, seed=1).shape == (0, 28, 28, 1)


@pytest.mark.parametrize(
    ("amounts", "words"),
    [
        ({"shift": -1}, "shift is -1"),
        ({"shift": 29}, "0 to 28"),
        ({"shift": 1.5}, "whole number"),
        ({"turn": -5}, "0 to 180 degrees"),
        ({"turn": 200}, "0 to 180 degrees"),
        ({"scale": 0.8}, "factor from 1 to 4"),
        ({"scale": float("nan")}, "factor from 1 to 4"),
    ],
)
def test_amounts_that_make_no_sense_are_refused(amounts: dict[str, Any], words: str) -> None:
    with pytest.raises(WarpingError, match=words):
        warped(blobs(1), seed=1, **amounts)


def test_a_single_image_without_its_first_axis_is_refused() -> None:
    with pytest.raises(WarpingError, match=r"give images\[:1\]"):
        warped(blobs(1)[0], shift=1, seed=1)
