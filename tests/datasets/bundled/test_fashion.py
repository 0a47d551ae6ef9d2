"""Drawn garments: as many as asked for, each of its own, framed and lit as Fashion-MNIST's photographs are.

The published figures of the real set, over all pixels of its 60,000 training images, are mean 0.2860 and
standard deviation 0.3530 (72.94 and 90.02 of 255): the numbers with which recipes for training normalise it.
"""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from helpers.datasets import bundled
from helpers.datasets.bundled import fashion
from helpers.datasets.bundled.garments import measures
from helpers.datasets.catalog import ENTRIES
from helpers.errors import WorkshopError

REAL_MEAN, REAL_SPREAD = 0.2860, 0.3530
NEAR = 0.02

SHOES = ("Sandal", "Sneaker", "Ankle boot")
TALL = ("Trouser", "Dress")

Images = NDArray[np.float32]


@pytest.fixture(scope="module")
def drawn() -> tuple[Images, NDArray[np.int64]]:
    """2,000 garments, the same for all tests here."""
    return bundled.draw("fashion", 2000, seed=31)


def of_class(drawn: tuple[Images, NDArray[np.int64]], name: str) -> Images:
    x, y = drawn
    return x[y == fashion.CLASS_NAMES.index(name), :, :, 0]


def extent(images: Images, axis: int) -> NDArray[np.int64]:
    """How many rows (axis 2) or columns (axis 1) of each image have something in them."""
    return (images.max(axis=axis) > 0.05).sum(axis=1)


def test_the_classes_are_those_of_fashion_mnist_in_its_order() -> None:
    assert ENTRIES["fashion"].class_names == fashion.CLASS_NAMES


def test_images_are_grey_levels_in_the_shape_of_every_set(drawn: tuple[Images, NDArray[np.int64]]) -> None:
    x, y = drawn
    assert x.shape == (2000, 28, 28, 1)
    assert x.dtype == np.float32
    assert x.min() == 0
    assert x.max() == 1
    np.testing.assert_allclose(x * 255, np.rint(x * 255), atol=1e-4)
    assert np.bincount(y).tolist() == [200] * 10


@pytest.mark.slow
def test_no_two_of_ten_thousand_are_alike_nor_nearly_so() -> None:
    x, _ = bundled.draw("fashion", 10_000, seed=8)
    grey = np.rint(x * 255).astype(np.uint8).reshape(len(x), -1)
    assert len(np.unique(grey, axis=0)) == len(x)
    coarse = (x.reshape(-1, 14, 2, 14, 2).mean(axis=(2, 4)) * 8).astype(np.uint8).reshape(len(x), -1)
    assert len(np.unique(coarse, axis=0)) == len(x)


def test_brightness_and_contrast_are_those_published_of_the_real_set(
    drawn: tuple[Images, NDArray[np.int64]],
) -> None:
    x, _ = drawn
    assert x.mean() == pytest.approx(REAL_MEAN, abs=NEAR)
    assert x.std() == pytest.approx(REAL_SPREAD, abs=NEAR)


def test_the_ground_is_black_and_the_garment_has_many_greys(drawn: tuple[Images, NDArray[np.int64]]) -> None:
    x, _ = drawn
    images = x[..., 0]
    assert (images == 0).mean() > 0.4
    assert ((images == 0).mean(axis=(1, 2)) > 0.01).all()
    greys = [len(np.unique(image)) for image in images]
    assert np.median(greys) > 60
    assert min(greys) > 8


def test_the_longer_side_of_a_garment_fills_the_picture(drawn: tuple[Images, NDArray[np.int64]]) -> None:
    x, _ = drawn
    longest = np.maximum(extent(x[..., 0], axis=1), extent(x[..., 0], axis=2))
    assert (longest >= 26).mean() > 0.97


@pytest.mark.parametrize("name", SHOES)
def test_shoes_lie_across_the_whole_width(drawn: tuple[Images, NDArray[np.int64]], name: str) -> None:
    assert (extent(of_class(drawn, name), axis=1) >= 26).mean() > 0.97


@pytest.mark.parametrize("name", ["Sneaker", "Ankle boot"])
def test_toes_point_to_the_left(drawn: tuple[Images, NDArray[np.int64]], name: str) -> None:
    filled = of_class(drawn, name) > 0.05
    toe, heel = filled[:, :, 1:8].sum(axis=(1, 2)), filled[:, :, 20:27].sum(axis=(1, 2))
    assert (heel > toe).mean() > 0.97


@pytest.mark.parametrize("name", TALL)
def test_trousers_and_dresses_stand_narrow_in_the_whole_height(
    drawn: tuple[Images, NDArray[np.int64]], name: str
) -> None:
    images = of_class(drawn, name)
    assert (extent(images, axis=2) >= 26).mean() > 0.97
    assert np.median(extent(images, axis=1)) < 20


def test_long_sleeves_hang_beside_the_body_and_legs_stand_apart(
    drawn: tuple[Images, NDArray[np.int64]],
) -> None:
    pullovers, trousers = of_class(drawn, "Pullover"), of_class(drawn, "Trouser")
    assert np.median(extent(pullovers[:, 18:24], axis=1)) > np.median(extent(pullovers[:, 2:5], axis=1))
    between = trousers[:, 22:27, 12:16].min(axis=2).mean(axis=1)
    beside = trousers[:, 22:27].max(axis=2).mean(axis=1)
    assert (between < 0.5 * beside).mean() > 0.5


def test_bags_come_with_and_without_handles(drawn: tuple[Images, NDArray[np.int64]]) -> None:
    bags = of_class(drawn, "Bag") > 0.05
    rows = bags.sum(axis=2)
    first = rows.argmax(axis=1)
    top = rows[np.arange(len(rows)), np.minimum((rows > 0).argmax(axis=1) + 3, 27)]
    with_handle = top < 0.5 * rows.max(axis=1)
    assert 0.3 < with_handle.mean() < 0.9
    assert (first > 0).any()


def test_sandals_have_gaps_that_sneakers_have_not(drawn: tuple[Images, NDArray[np.int64]]) -> None:
    def filled(name: str) -> float:
        return float((of_class(drawn, name) > 0.05).mean())

    assert filled("Sandal") < 0.85 * filled("Sneaker")


def test_labels_and_seeds_that_are_none_are_named() -> None:
    with pytest.raises(WorkshopError, match=r"Label 10 at position 1.*0 to 9"):
        fashion.render(np.array([3, 10]), seed=1)
    with pytest.raises(WorkshopError, match="whole numbers"):
        fashion.render(np.array([0.5]), seed=1)
    with pytest.raises(WorkshopError, match="-1 is no seed"):
        fashion.render(np.array([3]), seed=-1)


def test_every_style_and_set_in_the_file_is_used() -> None:
    known = measures.wardrobe()
    assert {style.label for style in known.styles} == set(fashion.CLASS_NAMES)
    assert {style.kind for style in known.styles} == set(fashion.CUTTERS)
    chosen = {
        (group, name) for style in known.styles for group in style.choices for name, _ in style.choices[group]
    }
    assert chosen == set(known.sets)


def test_a_measure_is_fixed_or_between_limits_or_there_at_times() -> None:
    file = {
        "measures": {"sleeve": 0.5, "hem": [0.2, 0.4], "hood": "25 %"},
        "outline": {},
        "neckline": {},
        "cloth": {"plain": {"hem": 0.9}},
        "style": [{"class": "Coat", "name": "cape", "kind": "top", "share": 1, "cloth": {"plain": 1}}],
    }
    (style,) = measures._read(file).styles
    values = style.limits.pick(np.array([[0.1, 0.5, 0.2], [0.9, 1.0, 0.3]], dtype=np.float32))
    np.testing.assert_allclose(values, [[0.5, 0.3, 1], [0.5, 0.4, 0]], rtol=1e-6)


@pytest.mark.parametrize(
    ("entry", "complaint"),
    [({"sleve": 0.3}, "'sleve' is no measure"), ({"cloth": {"tweed": 1}}, "no cloth called 'tweed'")],
)
def test_a_slip_in_the_file_of_measures_is_named(entry: dict[str, object], complaint: str) -> None:
    style = {"class": "Coat", "name": "cape", "kind": "top", "share": 1, **entry}
    file = {"measures": {"sleeve": 0.5}, "outline": {}, "neckline": {}, "cloth": {}, "style": [style]}
    with pytest.raises(ValueError, match=complaint):
        measures._read(file)
