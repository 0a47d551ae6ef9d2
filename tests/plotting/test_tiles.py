"""Figures of many images show these images, in order, with the words that belong to them."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest

from helpers.plotting import PlottingError, image_grid, mistakes, predictions, samples, weights_as_images
from helpers.plotting.tiles import GAP
from tests.plotting.drawing import DIGITS, check_readable, images, texts


@dataclass(frozen=True)
class Tile:
    """One of the images of a figure, cut out of the line that was drawn, and where it is."""

    shown: np.ma.MaskedArray[Any, Any]
    left: float
    bottom: float
    top: float


def tiles(axes: Any, height: int = 28, width: int = 28) -> list[Tile]:
    """All images in order; each must be one unit wide, and nothing be drawn between two of them."""
    found = []
    for line in axes.images:
        array, (left, right, bottom, top) = np.ma.masked_invalid(line.get_array()), line.get_extent()
        times = len(array) // height
        unit = times * width
        assert array.shape[1] / (right - left) == pytest.approx(unit)
        for start in range(0, array.shape[1], unit + round(GAP * unit)):
            found.append(Tile(array[::times, start : start + unit : times], start / unit, bottom, top))
            assert np.ma.getmaskarray(array[:, start + unit : start + unit + round(GAP * unit)]).all()
    return found


def test_a_grid_shows_every_image_with_its_title() -> None:
    x = images(7)
    figure = image_grid(x, titles=list("abcdefg"), columns=3, title="Seven")
    axes = figure.figure.axes[0]
    assert all(np.allclose(tile.shown, image[..., 0]) for tile, image in zip(tiles(axes), x, strict=True))
    assert texts(axes) == list("abcdefg")
    assert figure.alt == "Seven. 7 images in 3 rows of up to 3: a, b, c, d, e, f and g."
    check_readable(figure)


def test_titles_may_be_an_array() -> None:
    figure = image_grid(images(2), titles=np.array(["a", "b"]))
    assert texts(figure.figure.axes[0]) == ["a", "b"]


def test_a_grid_goes_on_in_the_next_row() -> None:
    first, second, third, below = tiles(image_grid(images(4), columns=3).figure.axes[0])
    assert first.top == second.top == third.top < below.top
    assert first.left == below.left < second.left < third.left


@pytest.mark.parametrize("shape", [(28, 28), (28, 28, 1), (1, 28, 28), (1, 28, 28, 1)])
def test_one_image_is_taken_in_any_shape(shape: tuple[int, ...]) -> None:
    assert len(tiles(image_grid(np.zeros(shape)).figure.axes[0])) == 1


@pytest.mark.parametrize("shape", [(3, 5), (28, 28), (30, 40), (50, 20), (10, 75), (1, 3)])
def test_images_of_any_size_are_tiles(shape: tuple[int, int]) -> None:
    x = np.random.default_rng(0).random((5, *shape))
    found = tiles(image_grid(x, titles=list("abcde"), columns=2).figure.axes[0], *shape)
    assert all(np.allclose(tile.shown, image) for tile, image in zip(found, x, strict=True))
    assert all(tile.bottom - tile.top == pytest.approx(shape[0] / shape[1]) for tile in found)


def test_black_is_zero_and_white_is_one_in_every_image() -> None:
    for drawn in image_grid(images(2) * 0.5).figure.axes[0].images:
        assert drawn.get_clim() == (0, 1)
        assert drawn.get_cmap().name == "gray"


def test_samples_show_a_row_of_each_class() -> None:
    x = np.arange(30, dtype=float).reshape(30, 1, 1) / 30 * np.ones((1, 4, 4))
    y = np.arange(30) % 3
    figure = samples(x, y, ["ant", "bee", "cat"], per_class=5)
    axes = figure.figure.axes[0]
    shown = [round(float(tile.shown[0, 0]) * 30) for tile in tiles(axes, 4, 4)]
    for row in range(3):
        assert {number % 3 for number in shown[5 * row : 5 * row + 5]} == {row}
    assert len(set(shown)) == 15
    assert [label.get_text() for label in axes.get_yticklabels()] == ["ant", "bee", "cat"]
    assert "ant, bee and cat" in figure.alt
    check_readable(figure)


def test_names_of_classes_stand_beside_their_rows() -> None:
    axes = samples(images(30), np.arange(30) % 10, DIGITS, per_class=3).figure.axes[0]
    middles = [(tile.bottom + tile.top) / 2 for tile in tiles(axes)[::3]]
    assert np.allclose(axes.get_yticks(), middles)


def test_samples_are_the_same_for_the_same_seed_and_differ_for_another() -> None:
    x, y = images(200), np.arange(200) % 10
    assert samples(x, y, DIGITS, seed=1).png == samples(x, y, DIGITS, seed=1).png
    assert samples(x, y, DIGITS, seed=1).png != samples(x, y, DIGITS, seed=2).png


def test_a_class_with_too_few_images_leaves_gaps() -> None:
    figure = samples(images(4), [0, 0, 0, 1], ["many", "one"], per_class=3)
    empty = [bool(np.ma.getmaskarray(tile.shown).all()) for tile in tiles(figure.figure.axes[0])]
    assert empty == [False, False, False, False, True, True]


def test_predictions_mark_right_and_wrong_by_more_than_colour() -> None:
    figure = predictions(images(3), [1, 2, 3], [1, 7, 3], [0.9, 0.6, 1.0], DIGITS)
    axes = figure.figure.axes[0]
    assert texts(axes) == ["✓ 1, 90 %", "✗ 7, 60 %\nis 2", "✓ 3, 100 %"]
    right, wrong, _ = axes.patches
    assert right.get_linestyle() != wrong.get_linestyle()
    assert right.get_linewidth() < wrong.get_linewidth()
    assert figure.alt == "Predictions. 3 images, 2 predicted right and 1 wrong. Wrong: 2 taken for 7."
    check_readable(figure)


def test_predictions_take_their_probability_from_the_whole_table() -> None:
    table = np.full((2, 10), 0.05)
    table[0, 4], table[1, 8] = 0.55, 0.25
    assert texts(predictions(images(2), [4, 8], [4, 8], table).figure.axes[0]) == ["✓ 4, 55 %", "✓ 8, 25 %"]


def test_predictions_work_without_probabilities() -> None:
    assert texts(predictions(images(1), [4], [5]).figure.axes[0]) == ["✗ 5\nis 4"]


def test_mistakes_are_shown_with_the_surest_first() -> None:
    x, truth = images(5), [0, 1, 0, 1, 0]
    p = np.array([[0.9, 0.1], [0.7, 0.3], [0.2, 0.8], [0.0, 1.0], [0.05, 0.95]])  # 1, 2 and 4 are wrong
    figure = mistakes(x, truth, p, ["ant", "bee"])
    axes = figure.figure.axes[0]
    assert texts(axes) == ["✗ bee, 95 %\nis ant", "✗ bee, 80 %\nis ant", "✗ ant, 70 %\nis bee"]
    assert np.allclose(tiles(axes)[0].shown, x[4, ..., 0])
    assert figure.alt.startswith("The 3 surest of 3 mistakes.")
    assert len(tiles(mistakes(x, truth, p, ["ant", "bee"], count=2).figure.axes[0])) == 2
    check_readable(figure)


def test_long_class_names_have_room_beside_each_other() -> None:
    names = ["T-shirt/top", "Ankle boot"]
    figure = predictions(images(12), [0] * 12, [1] * 12, [1.0] * 12, names)
    axes = figure.figure.axes[0]
    figure.figure.canvas.draw()
    boxes = [text.get_window_extent() for text in axes.texts]
    assert not any(a.overlaps(b) for a, b in itertools.pairwise(boxes))
    assert figure.size[0] < 1000


def test_weights_become_images_of_each_unit() -> None:
    kernel = np.random.default_rng(0).normal(size=(784, 40))
    figure = weights_as_images(kernel, units=6)
    axes, bar = figure.figure.axes
    assert len(tiles(axes)) == 6
    assert np.allclose(tiles(axes)[5].shown, kernel[:, 5].reshape(28, 28))
    low, high = axes.images[0].get_clim()
    assert -low == high == pytest.approx(np.abs(kernel[:, :6]).max())
    assert "weight" in bar.get_ylabel()
    assert f"{high:.2f}" in figure.alt
    check_readable(figure)


@pytest.mark.parametrize(
    ("draw", "message"),
    [
        (lambda: image_grid(np.zeros((2, 28, 28, 3))), r"shape \(2, 28, 28, 3\)"),
        (lambda: image_grid(np.zeros((0, 28, 28))), "at least one"),
        (lambda: image_grid("no image"), "cannot be read as an array of numbers"),
        (lambda: image_grid(images(3), titles=["a"]), "3 images, but 1 titles"),
        (lambda: image_grid(images(3), columns=0), "columns is 0"),
        (lambda: image_grid(np.zeros((401, 2, 2))), "401 images are too many"),
        (lambda: samples(images(3), [0, 1], DIGITS), "3 images, but 2 labels"),
        (lambda: samples(images(2), [0, 10], DIGITS), "from 0 to 9"),
        (lambda: samples(images(2), np.eye(2), DIGITS), r"labels.argmax\(axis=1\)"),
        (lambda: samples(images(2), [0, 1], DIGITS, per_class=0), "per_class is 0"),
        (lambda: predictions(images(2), [0, 1], [0]), "2 images, but 1 predictions"),
        (lambda: predictions(images(2), [0, 1], [0, 1], [0.5]), "rows of probabilities"),
        (lambda: mistakes(images(2), [0, 1], np.eye(2), ["a", "b"]), "no mistake to show"),
        (lambda: mistakes(images(2), [0, 1], [0, 1], ["a", "b"]), r"shape \(n, 2\)"),
        (lambda: weights_as_images(np.zeros((100, 5))), r"shape \(784, units\)"),
    ],
)
def test_what_cannot_be_drawn_is_named(draw: object, message: str) -> None:
    with pytest.raises(PlottingError, match=message):
        draw()  # type: ignore[operator]
