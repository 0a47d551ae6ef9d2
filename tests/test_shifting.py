"""Moving images up loses rows at the top and gains black ones at the bottom."""

from __future__ import annotations

import numpy as np
import pytest

from helpers.shifting import ShiftingError, moved_up

IMAGES = np.arange(1, 13, dtype=np.float32).reshape(1, 4, 3, 1)


def test_rows_move_up_and_black_ones_follow() -> None:
    moved = moved_up(IMAGES, 1)
    assert moved.shape == IMAGES.shape
    assert moved.dtype == np.float32
    assert np.array_equal(moved[:, :3], IMAGES[:, 1:])
    assert not moved[:, 3].any()


def test_no_pixels_give_a_copy() -> None:
    moved = moved_up(IMAGES, 0)
    assert np.array_equal(moved, IMAGES)
    assert moved is not IMAGES


def test_all_the_way_up_nothing_is_left() -> None:
    assert not moved_up(IMAGES, 4).any()


@pytest.mark.parametrize("pixels", [-1, 5])
def test_further_than_the_image_is_high_is_refused(pixels: int) -> None:
    with pytest.raises(ShiftingError, match="0 to 4 pixels"):
        moved_up(IMAGES, pixels)


def test_a_single_image_without_its_first_axis_is_refused() -> None:
    with pytest.raises(ShiftingError, match=r"shape \(4, 3, 1\)"):
        moved_up(IMAGES[0], 1)
