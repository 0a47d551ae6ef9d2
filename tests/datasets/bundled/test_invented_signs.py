"""The invented signs are hands like the letters', and none of them is a letter."""

from __future__ import annotations

import numpy as np
import pytest

from helpers.datasets import bundled
from helpers.datasets.bundled import invented_signs
from helpers.datasets.bundled.hand_poses import Held, load_poses
from helpers.datasets.bundled.invented_signs import SIGNS, is_letter, poses, render
from helpers.errors import WorkshopError


def single(index: int) -> Held:
    return Held(**{name: values[index] for name, values in vars(poses()).items()})


def test_no_invented_sign_is_a_letter_and_every_letter_is_one() -> None:
    assert not any(is_letter(single(index)) for index in range(SIGNS))
    for pose in load_poses():
        assert is_letter(Held(pose.spread, pose.bend, pose.thumb, pose.view, pose.arm, np.array(pose.size)))


def test_in_each_a_finger_or_the_thumb_is_far_from_any_letters() -> None:
    bends = np.array([pose.bend.sum(axis=1) for pose in load_poses()])
    thumbs = np.array([pose.thumb[2] for pose in load_poses()])
    fingers = np.abs(poses().bend.sum(axis=2)[:, None] - bends).max(axis=2)
    thumb = np.abs(poses().thumb[:, None, 2] - thumbs).max(axis=2)
    assert np.all((fingers >= 60) | (thumb >= 40))


def test_in_none_the_middle_finger_stands_alone() -> None:
    index, middle, ring, _ = poses().bend.sum(axis=2).T
    assert not np.any(middle + 50 < np.minimum(index, ring))


def test_they_are_many_and_differ() -> None:
    shapes = np.concatenate([poses().bend.reshape(SIGNS, -1), poses().thumb.reshape(SIGNS, -1)], axis=1)
    apart = np.abs(shapes[:, None] - shapes).max(axis=2) + 999 * np.eye(SIGNS)
    assert apart.min() > invented_signs.LOOSE
    assert len(invented_signs.CLASS_NAMES) == SIGNS == 240


def test_a_seed_draws_the_same_hands_again_and_a_longer_list_begins_with_them() -> None:
    labels = np.arange(60) * 7 % SIGNS
    first = render(labels, seed=3)
    assert first.shape == (60, 28, 28, 1)
    assert first.dtype == np.float32
    np.testing.assert_array_equal(first[:20], render(labels[:20], seed=3))
    assert not np.array_equal(first, render(labels, seed=4))


def test_they_are_lit_and_framed_as_letters_are() -> None:
    signs = render(np.arange(480) % SIGNS, seed=5)
    letters, _ = bundled.draw("signs", 480, seed=5)
    assert 0 <= signs.min() < signs.max() <= 1
    assert signs.mean() == pytest.approx(letters.mean(), abs=0.05)
    assert signs.std(axis=(1, 2)).mean() == pytest.approx(letters.std(axis=(1, 2)).mean(), abs=0.03)


def test_labels_that_are_no_signs_are_refused() -> None:
    with pytest.raises(WorkshopError, match="labels go from 0 to 239"):
        render(np.array([240]), seed=1)
