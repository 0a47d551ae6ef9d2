"""Images for grading: unseen by students, and a data folder for students without them."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from helpers import datasets
from helpers.datasets.catalog import ENTRIES, SIGN_MNIST, Drawing
from helpers.datasets.errors import DataError
from helpers.datasets.splits import Split
from helpers.grading.errors import GradingError
from helpers.grading.images import Drawn, student_data, unseen_images
from helpers.grading.secret import Secret
from tests.datasets.files import csv_lines


@pytest.fixture
def bundled(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An empty data folder, and so few bundled digits that they are drawn at once."""
    monkeypatch.setenv("WORKSHOP_DATA_DIR", str(tmp_path / "empty"))
    monkeypatch.delenv("WORKSHOP_DATA", raising=False)
    few = dataclasses.replace(ENTRIES["digits"], drawing=Drawing(30, 20, 1, 2))
    monkeypatch.setattr("helpers.datasets.catalog.ENTRIES", {**ENTRIES, "digits": few})


def as_set(images: NDArray[np.float32]) -> set[bytes]:
    return {np.rint(image * 255).astype(np.uint8).tobytes() for image in images}


@pytest.mark.usefixtures("bundled")
def test_bundled_images_are_drawn_afresh_by_seed_and_secret(secret: Secret) -> None:
    images = unseen_images("digits", secret)
    x, y = images(20, seed=1)
    assert x.shape == (20, 28, 28, 1)
    assert x.dtype == np.float32
    assert y.dtype == np.int64
    np.testing.assert_array_equal(x, images(20, seed=1)[0])
    for other in (images(20, seed=2)[0], Drawn("digits", Secret(bytes(32)))(20, seed=1)[0]):
        assert not as_set(x) & as_set(other)


@pytest.mark.usefixtures("bundled")
def test_an_assignment_on_bundled_data_is_graded_on_it_whatever_is_there(
    secret: Secret, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("helpers.grading.images.variant_in_use", lambda name: "full")
    monkeypatch.setenv("WORKSHOP_DATA", "full")
    assert unseen_images("digits", secret, "bundled") == Drawn("digits", secret)
    assert student_data(["digits"], secret, "bundled").variables()["WORKSHOP_DATA"] == "bundled"


@pytest.mark.usefixtures("bundled")
def test_bundled_images_have_the_grey_levels_of_those_that_models_were_trained_on(secret: Secret) -> None:
    x, _ = unseen_images("digits", secret)(20, seed=1)
    np.testing.assert_allclose(x * 255, np.rint(x * 255), atol=1e-4)


@pytest.mark.usefixtures("bundled")
def test_students_find_the_bundled_set_in_a_folder_of_their_own(
    secret: Secret, monkeypatch: pytest.MonkeyPatch
) -> None:
    mine = datasets.load("digits", quiet=True)
    data = student_data(["digits"], secret)
    assert data.variant == "bundled"
    for name, value in data.variables().items():
        monkeypatch.setenv(name, value)
    theirs = datasets.load("digits", quiet=True)
    np.testing.assert_array_equal(theirs.x_test, mine.x_test)
    assert as_set(theirs.x_test).isdisjoint(as_set(unseen_images("digits", secret)(50, seed=1)[0]))


@pytest.mark.usefixtures("data_folder")
def test_held_out_images_are_missing_from_what_students_find(
    secret: Secret, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = datasets.load("digits", quiet=True)
    held_out, labels = unseen_images("digits", secret)(500, seed=1)
    data = student_data(["digits"], secret)
    assert data.variant == "full"
    for name, value in data.variables().items():
        monkeypatch.setenv(name, value)
    seen = datasets.load("digits", quiet=True)
    np.testing.assert_array_equal(seen.x_train, whole.x_train)
    assert as_set(seen.x_test) | as_set(held_out) == as_set(whole.x_test)
    assert not as_set(seen.x_test) & as_set(held_out)
    by_image = {image.tobytes(): label for image, label in zip(whole.x_test, whole.y_test, strict=True)}
    assert [by_image[image.tobytes()] for image in held_out] == list(labels)


@pytest.mark.usefixtures("data_folder")
def test_another_secret_holds_out_other_images(secret: Secret) -> None:
    mine, _ = unseen_images("digits", secret)(500, seed=1)
    theirs, _ = unseen_images("digits", Secret(bytes(32)))(500, seed=1)
    assert 150 < len(as_set(mine) & as_set(theirs)) < 350
    assert student_data(["digits"], secret) != student_data(["digits"], Secret(bytes(32)))


@pytest.mark.usefixtures("data_folder")
def test_no_image_is_dealt_twice(secret: Secret) -> None:
    images = unseen_images("digits", secret)
    first, second = images(200, seed=1)[0], images(300, seed=1)[0]
    assert not as_set(first) & as_set(second)
    with pytest.raises(GradingError, match="500 of digits's test images are held out"):
        images(1, seed=1)


def test_the_students_folder_is_made_once_and_anew_for_other_files(secret: Secret, data_folder: Path) -> None:
    first = student_data(["digits"], secret)
    made = (first.folder / "mnist.npz").stat().st_mtime_ns
    assert student_data(["digits"], secret) == first
    assert (first.folder / "mnist.npz").stat().st_mtime_ns == made
    (data_folder / "mnist.npz").touch()
    assert student_data(["digits"], secret) != first


def test_sets_in_kaggles_csv_layout_are_divided_too(
    secret: Secret, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    random = np.random.default_rng(1)
    for name, count in zip(SIGN_MNIST.layouts[0], (50, 200), strict=True):
        labels = random.choice(np.array(SIGN_MNIST.labels, dtype=np.int64), count)
        split = Split(random.integers(0, 256, (count, 28, 28), dtype=np.uint8), labels)
        (tmp_path / name).write_text("\n".join(csv_lines(split)) + "\n")
    monkeypatch.setenv("WORKSHOP_DATA_DIR", str(tmp_path))
    whole = datasets.load("signs", quiet=True)
    held_out, _ = unseen_images("signs", secret)(100, seed=1)
    for name, value in student_data(["signs"], secret).variables().items():
        monkeypatch.setenv(name, value)
    seen = datasets.load("signs", quiet=True)
    np.testing.assert_array_equal(seen.x_train, whole.x_train)
    assert as_set(seen.x_test) | as_set(held_out) == as_set(whole.x_test)


def test_sets_made_of_the_same_files_lie_in_one_folder(
    secret: Secret, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    random = np.random.default_rng(1)
    labels = np.resize(np.array([0, 1, 21, 4], dtype=np.int64), 80)
    split = Split(random.integers(0, 256, (80, 28, 28), dtype=np.uint8), labels)
    for name in SIGN_MNIST.layouts[0]:
        (tmp_path / name).write_text("\n".join(csv_lines(split)) + "\n")
    monkeypatch.setenv("WORKSHOP_DATA_DIR", str(tmp_path))
    held_out = {name: as_set(unseen_images(name, secret)(20, seed=1)[0]) for name in ("rps", "signs")}
    for name, value in student_data(["rps", "signs"], secret).variables().items():
        monkeypatch.setenv(name, value)
    for name, images in held_out.items():
        assert not images & as_set(datasets.load(name, quiet=True).x_test)
    assert len(datasets.load("signs", quiet=True).x_test) == 40


def test_bundled_sets_lie_in_one_folder(
    secret: Secret, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WORKSHOP_DATA_DIR", str(tmp_path / "empty"))
    few = {
        name: dataclasses.replace(ENTRIES[name], drawing=Drawing(30, 20, 1, 2)) for name in ("digits", "rps")
    }
    monkeypatch.setattr("helpers.datasets.catalog.ENTRIES", {**ENTRIES, **few})
    data = student_data(["digits", "rps"], secret)
    kept = [path.name.split("-")[0] for path in sorted((data.folder / "bundled").iterdir())]
    assert kept == ["digits", "rps"]
    assert data != student_data(["digits"], secret)


@pytest.mark.usefixtures("bundled")
def test_asking_for_full_data_that_isnt_there_says_how_to_get_it(
    secret: Secret, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WORKSHOP_DATA", "full")
    with pytest.raises(DataError, match="workshop data fetch"):
        unseen_images("digits", secret)


@pytest.mark.usefixtures("data_folder")
def test_a_cache_that_cant_be_written_is_named(
    secret: Secret, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("WORKSHOP_CACHE_DIR", str(tmp_path / "file"))
    with pytest.raises(GradingError, match="WORKSHOP_CACHE_DIR"):
        student_data(["digits"], secret)
