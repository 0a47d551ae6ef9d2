"""`load` gives every data set in one shape, from the variant that is there, and says which."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from helpers.datasets import Dataset, load, load_ahead
from helpers.datasets.catalog import ENTRIES, FASHION_MNIST, MNIST, SIGN_MNIST, Drawing, Entry
from helpers.datasets.errors import DataError
from helpers.datasets.splits import Splits
from tests.datasets import files


@pytest.fixture
def few_drawn(monkeypatch: pytest.MonkeyPatch) -> None:
    """Bundled digits of 40 + 20 images, so that drawing takes no time."""
    digits = ENTRIES["digits"]
    few = Entry(digits.name, digits.source, digits.labels, digits.class_names, Drawing(40, 20, 1, 2))
    monkeypatch.setattr("helpers.datasets.catalog.ENTRIES", {**ENTRIES, "digits": few})


def assert_well_formed(dataset: Dataset, train: int, test: int) -> None:
    for x, y, count in (
        (dataset.x_train, dataset.y_train, train),
        (dataset.x_test, dataset.y_test, test),
    ):
        assert x.shape == (count, 28, 28, 1)
        assert x.dtype == np.float32
        assert x.min() >= 0
        assert 0.5 < x.max() <= 1
        assert y.shape == (count,)
        assert y.dtype == np.int64
        assert y.min() >= 0
        assert y.max() < len(dataset.class_names)


def assert_holds(dataset: Dataset, splits: Splits) -> None:
    np.testing.assert_array_equal(np.rint(dataset.x_train[..., 0] * 255), splits.train.images)
    np.testing.assert_array_equal(np.rint(dataset.x_test[..., 0] * 255), splits.test.images)


def test_full_digits_come_from_mnist_npz(
    folder: Path, some: files.Maker, capsys: pytest.CaptureFixture[str]
) -> None:
    splits = some(MNIST)
    files.write_keras_npz(folder / "mnist.npz", splits)
    digits = load("digits")
    assert_well_formed(digits, 60, 30)
    assert_holds(digits, splits)
    np.testing.assert_array_equal(digits.y_train, splits.train.labels)
    assert digits.class_names == tuple("0123456789")
    assert capsys.readouterr().out == (
        "digits: the full MNIST, from mnist.npz; 60 images to train on, 30 to test on\n"
    )


@pytest.mark.parametrize("layout", ["npz", "idx", "idx.gz"])
def test_full_fashion_comes_from_an_npz_or_from_four_idx_files(
    folder: Path, some: files.Maker, layout: str
) -> None:
    splits = some(FASHION_MNIST)
    if layout == "npz":
        files.write_keras_npz(folder / "fashion_mnist.npz", splits)
    else:
        files.write_idx(folder, splits, zipped=layout == "idx.gz")
    fashion = load("fashion", quiet=True)
    assert_well_formed(fashion, 60, 30)
    assert_holds(fashion, splits)
    assert fashion.class_names[9] == "Ankle boot"


def test_the_signs_are_24_classes_in_the_order_of_the_alphabet_without_j(
    folder: Path, some: files.Maker
) -> None:
    splits = some(SIGN_MNIST, train=200, test=100)
    files.write_signs(folder, splits)
    signs = load("signs", quiet=True)
    assert_well_formed(signs, 200, 100)
    assert_holds(signs, splits)
    assert "".join(signs.class_names) == "ABCDEFGHIKLMNOPQRSTUVWXY"
    letters = [chr(ord("A") + label) for label in splits.train.labels]
    assert [signs.class_names[index] for index in signs.y_train] == letters


def test_rps_holds_only_the_signs_a_b_and_v(folder: Path, some: files.Maker) -> None:
    splits = some(SIGN_MNIST, train=300, test=200)
    files.write_signs(folder, splits)
    rps = load("rps", quiet=True)
    assert rps.class_names == ("rock", "paper", "scissors")
    kept = np.isin(splits.train.labels, [0, 1, 21])
    assert_well_formed(rps, int(kept.sum()), int(np.isin(splits.test.labels, [0, 1, 21]).sum()))
    letter_of = {0: 0, 1: 1, 2: 21}
    assert [letter_of[index] for index in rps.y_train] == list(splits.train.labels[kept])
    np.testing.assert_array_equal(np.rint(rps.x_train[..., 0] * 255), splits.train.images[kept])


@pytest.mark.usefixtures("few_drawn")
def test_auto_takes_bundled_where_full_is_not_there_and_says_so(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    digits = load("digits")
    assert_well_formed(digits, 40, 20)
    assert capsys.readouterr().out == (
        "digits: bundled images, drawn by the workshop; 40 images to train on, 20 to test on\n"
    )


@pytest.mark.usefixtures("few_drawn")
def test_auto_prefers_full_and_both_the_argument_and_the_variable_can_say_bundled(
    folder: Path, some: files.Maker, monkeypatch: pytest.MonkeyPatch
) -> None:
    files.write_keras_npz(folder / "mnist.npz", some(MNIST))
    assert "full" in load("digits", quiet=True).origin
    assert "bundled" in load("digits", "bundled", quiet=True).origin
    monkeypatch.setenv("WORKSHOP_DATA", "bundled")
    assert "bundled" in load("digits", quiet=True).origin
    assert "full" in load("digits", "full", quiet=True).origin


def test_images_begin_where_tensorflow_can_use_them_without_a_copy(folder: Path) -> None:
    digits = load("digits", "bundled", quiet=True)
    assert not any(images.ctypes.data % 64 for images in (digits.x_train, digits.x_test))
    assert digits.x_train.flags.writeable
    assert digits.x_train.flags.c_contiguous


def test_quiet_prints_nothing(folder: Path, some: files.Maker, capsys: pytest.CaptureFixture[str]) -> None:
    files.write_keras_npz(folder / "mnist.npz", some(MNIST))
    load("digits", quiet=True)
    captured = capsys.readouterr()
    assert captured.out == captured.err == ""


def test_full_that_is_not_there_says_what_is_missing_and_what_can_be_done(
    folder: Path, some: files.Maker
) -> None:
    with pytest.raises(DataError, match=r"mnist\.npz not found.*\n.*data fetch digits.*data import digits"):
        load("digits", "full")
    files.write_csv(folder / "sign_mnist_train.csv", some(SIGN_MNIST).train)
    with pytest.raises(DataError, match=r": sign_mnist_test\.csv not found"):
        load("rps", "full")


def test_every_data_set_has_a_renderer() -> None:
    from helpers.datasets import bundled

    assert set(bundled.RENDERERS) == set(ENTRIES)


def test_unknown_names_and_variants_are_named_with_what_there_is(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(DataError, match=r'no data set "cifar".*digits, fashion, signs, rps'):
        load("cifar")
    with pytest.raises(DataError, match=r'variant is "best".*auto.*full.*bundled'):
        load("digits", "best")
    monkeypatch.setenv("WORKSHOP_DATA", "real")
    with pytest.raises(DataError, match='WORKSHOP_DATA is "real"'):
        load("digits")


def test_a_damaged_full_set_is_an_error_and_not_a_reason_to_go_on_with_bundled(folder: Path) -> None:
    (folder / "mnist.npz").write_bytes(b"PK\x03\x04 but no zip")
    with pytest.raises(DataError, match=r"mnist\.npz: not a whole npz file"):
        load("digits")


@pytest.mark.parametrize("name", ENTRIES)
def test_a_label_that_the_set_does_not_have_is_named(folder: Path, some: files.Maker, name: str) -> None:
    source = ENTRIES[name].source
    splits = some(source)
    splits.test.labels[4] = 77
    if source is MNIST:
        files.write_keras_npz(folder / "mnist.npz", splits)
    elif source is FASHION_MNIST:
        files.write_idx(folder, splits, zipped=True)
    else:
        files.write_signs(folder, splits)
    with pytest.raises(DataError, match="77"):
        load(name)


@pytest.mark.skipif(not Path("/proc/self/mem").exists(), reason="takes a file of Linux that cannot be read")
def test_a_file_that_cannot_be_read_is_named(folder: Path) -> None:
    (folder / "mnist.npz").symlink_to("/proc/self/mem")
    with pytest.raises(DataError, match=r"mnist\.npz"):
        load("digits")


@pytest.mark.parametrize("variant", ["full", "bundled"])
def test_what_was_loaded_ahead_is_given_out_once_and_then_read_anew(
    folder: Path, some: files.Maker, few_drawn: None, variant: str
) -> None:
    files.write_keras_npz(folder / "mnist.npz", some(MNIST))
    expected = load("digits", "bundled", quiet=True), load("digits", "full", quiet=True)
    load_ahead(folder)
    files.write_keras_npz(folder / "mnist.npz", some(MNIST, train=50))
    first, second = (load("digits", variant, quiet=True) for _ in range(2))
    before = expected[variant == "full"]
    np.testing.assert_array_equal(first.x_train, before.x_train)
    np.testing.assert_array_equal(first.y_test, before.y_test)
    assert first.origin == before.origin
    assert len(second.x_train) == (50 if variant == "full" else 40)
    first.x_train[:] = 0
    assert second.x_train.any()


def test_data_of_another_folder_is_not_taken_from_memory(
    folder: Path, some: files.Maker, monkeypatch: pytest.MonkeyPatch
) -> None:
    files.write_keras_npz(folder / "mnist.npz", some(MNIST))
    load_ahead(folder)
    monkeypatch.setenv("WORKSHOP_DATA_DIR", str(folder / "another"))
    with pytest.raises(DataError, match="not found"):
        load("digits", "full")
