"""Drawn hands: each of its own, lit, framed and as varied as the photographs of Sign Language MNIST.

The real figures were measured on 5,172 images of that set's official test file, pixels from 0 to 1.
"""

from __future__ import annotations

import time

import numpy as np
import pytest
from numpy.typing import NDArray

from helpers.datasets import bundled
from helpers.datasets.bundled import rps, signs
from helpers.datasets.bundled.chance import Chance
from helpers.datasets.bundled.flesh import FleshBuilder
from helpers.datasets.bundled.hand_model import build
from helpers.datasets.bundled.hand_poses import choose_poses, hold, load_poses
from helpers.datasets.bundled.solids import FAR, Capsules, surface
from helpers.datasets.catalog import ENTRIES
from helpers.errors import WorkshopError

REAL_MEAN = 0.649
REAL_SPREAD_WITHIN_AN_IMAGE = 0.219
REAL_SPREAD_OF_IMAGE_MEANS = 0.074
REAL_STEP_ACROSS, REAL_STEP_DOWN = 0.079, 0.052
"""The mean difference between pixels that are neighbours in a row, and in a column."""
REAL_MIDDLE, REAL_UPPER_RIGHT = 0.53, 0.71
"""The mean of the 8 × 8 pixels in the middle and at the upper right: dark hands before bright walls."""

Images = NDArray[np.float32]


@pytest.fixture(scope="module")
def drawn() -> tuple[Images, NDArray[np.int64]]:
    """2,400 hands, the same for all tests here."""
    return bundled.draw("signs", 2400, seed=31)


def test_the_classes_are_those_of_the_catalogue_in_its_order() -> None:
    assert ENTRIES["signs"].class_names == signs.CLASS_NAMES
    assert ENTRIES["rps"].class_names == rps.CLASS_NAMES


def test_rock_paper_and_scissors_are_the_letters_a_b_and_v() -> None:
    letters = [signs.CLASS_NAMES.index(letter) for letter in ("A", "B", "V")]
    np.testing.assert_array_equal(rps.render(np.array([0, 1, 2]), 5), signs.render(np.array(letters), 5))


def test_images_are_grey_levels_in_the_shape_of_every_set(drawn: tuple[Images, NDArray[np.int64]]) -> None:
    x, y = drawn
    assert x.shape == (2400, 28, 28, 1)
    assert x.dtype == np.float32
    assert x.min() == 0
    assert x.max() == 1
    np.testing.assert_allclose(x * 255, np.rint(x * 255), atol=1e-4)
    assert np.bincount(y).tolist() == [100] * 24


@pytest.mark.parametrize("module", [signs, rps])
def test_a_label_that_is_no_class_is_named_with_its_place(module: bundled.Renderer) -> None:
    beyond = len(module.CLASS_NAMES)
    with pytest.raises(WorkshopError, match=f"{beyond} at position 1 .* from 0 to {beyond - 1}"):
        module.render(np.array([0, beyond]), seed=1)


def test_letters_and_fractions_are_no_labels() -> None:
    with pytest.raises(WorkshopError, match="whole numbers"):
        signs.render(np.array([0.5]), seed=1)  # type: ignore[arg-type]
    with pytest.raises(WorkshopError, match="whole numbers"):
        signs.render(np.array(["A"]), seed=1)  # type: ignore[arg-type]


@pytest.mark.parametrize("seed", [-1, 1.5, True])
def test_what_is_no_seed_is_refused(seed: int) -> None:
    with pytest.raises(WorkshopError, match="is no seed"):
        signs.render(np.array([0]), seed=seed)


@pytest.mark.slow
def test_no_two_images_in_ten_thousand_are_alike() -> None:
    images = signs.render(np.arange(10_000) % 24, seed=3)
    assert len(np.unique(images.reshape(10_000, -1), axis=0)) == 10_000


@pytest.mark.slow
def test_a_whole_set_is_drawn_in_twenty_seconds_of_two_processors() -> None:
    before = time.process_time()
    signs.render(np.arange(12_000) % 24, seed=3)
    assert time.process_time() - before < 40


def test_brightness_and_contrast_are_those_of_the_real_set(drawn: tuple[Images, NDArray[np.int64]]) -> None:
    x = drawn[0][..., 0]
    assert x.mean() == pytest.approx(REAL_MEAN, abs=0.04)
    assert x.std(axis=(1, 2)).mean() == pytest.approx(REAL_SPREAD_WITHIN_AN_IMAGE, abs=0.03)
    assert x.mean(axis=(1, 2)).std() == pytest.approx(REAL_SPREAD_OF_IMAGE_MEANS, abs=0.03)


def test_edges_are_as_many_and_as_sharp_as_in_the_real_set(drawn: tuple[Images, NDArray[np.int64]]) -> None:
    x = drawn[0][..., 0]
    assert np.abs(np.diff(x, axis=2)).mean() == pytest.approx(REAL_STEP_ACROSS, rel=0.15)
    assert np.abs(np.diff(x, axis=1)).mean() == pytest.approx(REAL_STEP_DOWN, rel=0.15)


def test_hands_are_darker_than_the_wall_as_in_the_real_set(drawn: tuple[Images, NDArray[np.int64]]) -> None:
    x = drawn[0][..., 0]
    assert x[:, 10:18, 10:18].mean() == pytest.approx(REAL_MIDDLE, abs=0.06)
    assert x[:, :8, 20:].mean() == pytest.approx(REAL_UPPER_RIGHT, abs=0.06)


def test_nothing_but_the_hand_tells_a_letter_the_corners_do_not(
    drawn: tuple[Images, NDArray[np.int64]],
) -> None:
    """The upper corners, where hands seldom reach, are as bright on average for each letter as for all."""
    x, y = drawn
    corners = x[:, :3, [0, 1, 2, 25, 26, 27], 0].mean(axis=(1, 2))
    means = np.array([corners[y == letter].mean() for letter in range(24)])
    chance = corners.std() / np.sqrt(100)
    pointing = [signs.CLASS_NAMES.index(letter) for letter in "GHPQT"]  # their arms come from the side
    others = np.delete(means, pointing)
    assert np.abs(others - corners.mean()).max() < 4.5 * chance


def test_every_letter_has_a_pose_and_every_pose_a_letter() -> None:
    assert {pose.letter for pose in load_poses()} == set(signs.CLASS_NAMES)
    assert len({pose.name for pose in load_poses()}) == len(load_poses())


def test_poses_of_a_letter_are_drawn_as_often_as_their_shares_say() -> None:
    dice = np.random.default_rng(0).random(4000)
    choice = choose_poses(np.full(4000, "Y"), dice)
    own = [pose for pose in load_poses() if pose.letter == "Y"]
    drawn_as_often = [np.mean([load_poses()[i] is pose for i in choice]) for pose in own]
    expected = [pose.share / sum(each.share for each in own) for pose in own]
    assert drawn_as_often == pytest.approx(expected, abs=0.03)


def test_joints_bend_as_joints_can() -> None:
    for pose in load_poses():
        assert np.abs(pose.spread).max() <= 30, pose.name
        assert pose.bend.min() >= 0, pose.name
        assert pose.bend.max() <= 115, pose.name


def joints(letter: str) -> NDArray[np.floating]:
    """(16, 3): the joints of the four fingers of an average hand, upright before us, thumb to the right."""
    held = hold(choose_poses(np.array([letter]), np.zeros(1)), Still(0))
    upright = type(held)(**{**vars(held), "view": np.zeros((1, 3))})
    return build(upright, Still(0)).reach[0, :16]


class Still(Chance):
    """No accidents: every hand is the average one."""

    def normal(self, what: str, *shape: int) -> NDArray[np.float32]:
        return np.zeros(shape, dtype=np.float32)


def test_the_finger_tips_of_a_flat_hand_are_up_and_those_of_a_fist_are_in_the_palm() -> None:
    tips, knuckles = [3, 7, 11, 15], [0, 4, 8, 12]
    flat, fist = joints("B"), joints("A")
    assert (flat[tips, 1] - flat[knuckles, 1] > 6).all()
    assert (fist[tips, 1] < fist[knuckles, 1]).all()
    assert (fist[tips, 2] > 0).all()


def test_two_fingers_of_scissors_are_up_and_apart() -> None:
    hand = joints("V")
    index, middle, ring = hand[3], hand[7], hand[11]
    assert index[1] > 15
    assert middle[1] > 15
    assert ring[1] < 12
    assert index[0] - middle[0] > 4


def test_crossed_fingers_cross() -> None:
    hand = joints("R")
    assert hand[0, 0] > hand[4, 0]
    assert hand[3, 0] < hand[7, 0]


def test_turning_a_hand_by_a_right_angle_turns_its_palm_to_our_right() -> None:
    flesh = FleshBuilder(1)
    flesh.add(np.zeros(3), np.array([0, 0, 5]), 1, 1, 0.1)
    turned = flesh.finish(np.zeros((1, 1, 3))).turned(np.array([[90.0, 0, 0]]))
    np.testing.assert_allclose(turned.stop[0, 0], [5, 0, 0], atol=1e-6)


def test_rolling_a_hand_turns_the_picture_clockwise() -> None:
    flesh = FleshBuilder(1)
    flesh.add(np.zeros(3), np.array([0, 5, 0]), 1, 1, 0.1)
    rolled = flesh.finish(np.zeros((1, 1, 3))).turned(np.array([[0, 0, 90.0]]))
    np.testing.assert_allclose(rolled.stop[0, 0], [5, 0, 0], atol=1e-6)


def capsule(start: list[float], stop: list[float], wide: float, narrow: float) -> Capsules:
    """One capsule in one picture."""
    one = np.ones((1, 1), dtype=np.float32)
    ends = [np.array(end, dtype=np.float32).reshape(1, 1, 3) for end in (start, stop)]
    return Capsules(*ends, wide * one, narrow * one, 1e-3 * one, one, 0 * one, 0 * ends[0])


def test_the_front_of_a_tapered_capsule_is_that_of_the_ball_that_sweeps_it() -> None:
    """Against 2,000 balls along the way, each pixel's nearest point kept."""
    start, stop, wide, narrow = [8.0, 9.0, 1.0], [22.0, 17.0, 9.0], 5.0, 2.5
    seen = surface(capsule(start, stop, wide, narrow), 28)
    way = np.linspace(0, 1, 2000)[:, None, None]
    x, y, z = (a + way * (b - a) for a, b in zip(start, stop, strict=True))
    pixels = np.arange(28) + 0.5
    square = (wide + way * (narrow - wide)) ** 2 - (pixels - x) ** 2 - (pixels[:, None] - y) ** 2
    swept = np.where(square > 0, z + np.sqrt(np.maximum(square, 0)), -np.inf).max(axis=0)
    hit = swept > -np.inf
    sure = np.where(square > 0.5, 1, 0).max(axis=0) > 0
    assert (seen.depth[0][sure] > FAR / 2).all()
    assert (seen.depth[0][~hit] < FAR / 2).mean() > 0.99
    np.testing.assert_allclose(seen.depth[0][sure], swept[sure], atol=0.02)
    length = np.sqrt(seen.x**2 + seen.y**2 + seen.z**2)[0][sure]
    np.testing.assert_allclose(length, 1, atol=0.01)
