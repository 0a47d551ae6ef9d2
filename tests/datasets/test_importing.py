"""Local files become a full data set, or the first thing that is wrong is named and nothing changes."""

from __future__ import annotations

import gzip
import io
import os
import struct
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from helpers.datasets import load
from helpers.datasets.catalog import FASHION_MNIST, MNIST, SIGN_MNIST, Source
from helpers.datasets.errors import DataError, UnwritableError
from helpers.datasets.importing import import_files
from helpers.datasets.splits import Split, Splits
from tests.datasets import files


@pytest.fixture
def downloads(tmp_path: Path) -> Path:
    """Where the user's files are."""
    path = tmp_path / "downloads"
    path.mkdir()
    return path


@pytest.fixture(autouse=True)
def _nothing_unexpected(folder: Path) -> None:
    """Every test has a data folder of its own."""


def in_place(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def assert_loads(name: str, splits: Splits) -> None:
    loaded = load(name, "full", quiet=True)
    np.testing.assert_array_equal(np.rint(loaded.x_train[..., 0] * 255), splits.train.images)
    np.testing.assert_array_equal(np.rint(loaded.x_test[..., 0] * 255), splits.test.images)


@pytest.mark.parametrize(
    ("source", "expected"),
    [(MNIST, "mnist.npz"), (FASHION_MNIST, "fashion_mnist.npz"), (SIGN_MNIST, "sign_mnist.npz")],
)
def test_an_npz_is_taken_as_it_is(
    folder: Path, downloads: Path, some: files.Maker, source: Source, expected: str
) -> None:
    path = files.write_keras_npz(downloads / "some name.npz", some(source))
    import_files(source, [path], folder)
    assert in_place(folder) == [expected]
    assert (folder / expected).read_bytes() == path.read_bytes()
    assert_loads(source.name, some(source))


@pytest.mark.parametrize("zipped", [True, False])
def test_idx_files_of_fashion_are_taken_as_they_are_and_those_of_digits_become_an_npz(
    folder: Path, downloads: Path, some: files.Maker, zipped: bool
) -> None:
    paths = files.write_idx(downloads, some(FASHION_MNIST), zipped=zipped)
    import_files(FASHION_MNIST, paths[::-1], folder)
    assert in_place(folder) == sorted(path.name for path in paths)
    assert_loads("fashion", some(FASHION_MNIST))

    import_files(MNIST, paths, folder)
    assert "mnist.npz" in in_place(folder)
    assert_loads("digits", some(FASHION_MNIST))


def test_idx_files_without_telling_names_are_taken_in_the_order_given(
    folder: Path, downloads: Path, some: files.Maker
) -> None:
    paths = files.write_idx(downloads, some(MNIST), zipped=True)
    plain = [path.rename(downloads / f"part{number}") for number, path in enumerate(paths)]
    import_files(MNIST, plain, folder)
    assert_loads("digits", some(MNIST))


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_csvs_are_told_apart_by_their_names(
    folder: Path, downloads: Path, some: files.Maker, newline: str
) -> None:
    splits = some(SIGN_MNIST)
    train = files.write_csv(downloads / "my train rows.csv", splits.train, newline=newline)
    test = files.write_csv(downloads / "my test rows.csv", splits.test, newline=newline)
    import_files(SIGN_MNIST, [test, train], folder)
    assert in_place(folder) == ["sign_mnist_test.csv", "sign_mnist_train.csv"]
    assert_loads("signs", splits)


def test_csvs_of_fashion_become_an_npz(folder: Path, downloads: Path, some: files.Maker) -> None:
    splits = some(FASHION_MNIST)
    paths = [files.write_csv(downloads / f"{part}.csv", getattr(splits, part)) for part in ("train", "test")]
    import_files(FASHION_MNIST, paths, folder)
    assert in_place(folder) == ["fashion_mnist.npz"]
    assert_loads("fashion", splits)


def test_a_file_without_a_last_newline_and_with_a_byte_order_mark_is_fine(
    folder: Path, downloads: Path, some: files.Maker
) -> None:
    splits = some(SIGN_MNIST)
    train, test = files.write_signs(downloads, splits)
    train.write_bytes(b"\xef\xbb\xbf" + train.read_bytes().rstrip(b"\n"))
    import_files(SIGN_MNIST, [train, test], folder)
    assert_loads("signs", splits)


def test_a_folder_stands_for_the_data_files_in_it(folder: Path, downloads: Path, some: files.Maker) -> None:
    files.write_signs(downloads, some(SIGN_MNIST))
    (downloads / "american_sign_language.PNG").write_bytes(b"\x89PNG")
    (downloads / "sign_mnist_train").mkdir()
    files.write_keras_npz(downloads / "mnist.npz", some(MNIST))
    import_files(SIGN_MNIST, [downloads], folder)
    assert_loads("signs", some(SIGN_MNIST))
    (downloads / "mnist.npz").rename(downloads / "digits of mine.npz")
    for path in downloads.glob("*.csv"):
        path.unlink()
    import_files(MNIST, [downloads], folder)
    assert_loads("digits", some(MNIST))


def test_a_link_to_a_file_is_followed(folder: Path, downloads: Path, some: files.Maker) -> None:
    files.write_keras_npz(downloads / "far away.npz", some(MNIST))
    (downloads / "link.npz").symlink_to(downloads / "far away.npz")
    import_files(MNIST, [downloads / "link.npz"], folder)
    assert not (folder / "mnist.npz").is_symlink()
    assert_loads("digits", some(MNIST))


def test_one_csv_alone_replaces_its_half(folder: Path, downloads: Path, some: files.Maker) -> None:
    splits = some(SIGN_MNIST, train=50, test=20)
    test_only = files.write_csv(downloads / "new_test.csv", splits.test)
    with pytest.raises(DataError, match="alone is half of a data set: give the training and the test file"):
        import_files(SIGN_MNIST, [test_only], folder)

    files.write_signs(folder, some(SIGN_MNIST))
    import_files(SIGN_MNIST, [test_only], folder)
    assert_loads("signs", Splits(some(SIGN_MNIST).train, splits.test))
    (folder / "sign_mnist_test.csv").unlink()
    import_files(SIGN_MNIST, [test_only], folder)
    assert_loads("signs", Splits(some(SIGN_MNIST).train, splits.test))
    with pytest.raises(DataError, match="half of a data set"):
        import_files(SIGN_MNIST, [test_only.rename(downloads / "rows.csv")], folder)


def test_what_was_there_in_another_layout_goes(folder: Path, downloads: Path, some: files.Maker) -> None:
    files.write_idx(folder, some(FASHION_MNIST, train=10, test=5), zipped=True)
    path = files.write_keras_npz(downloads / "new.npz", some(FASHION_MNIST))
    import_files(FASHION_MNIST, [path], folder)
    assert in_place(folder) == ["fashion_mnist.npz"]


def test_the_data_folders_own_files_can_be_imported(folder: Path, some: files.Maker) -> None:
    path = files.write_keras_npz(folder / "mnist.npz", some(MNIST))
    import_files(MNIST, [path], folder)
    assert_loads("digits", some(MNIST))


def test_digits_are_not_taken_for_fashion_nor_fashion_for_digits(
    folder: Path, downloads: Path, some: files.Maker
) -> None:
    splits = some(FASHION_MNIST)
    splits.test.labels[:12] = FASHION_MNIST.first_test_labels
    paths = files.write_idx(downloads, splits, zipped=True)
    with pytest.raises(DataError, match=r"labels of Fashion-MNIST, not of MNIST.*import fashion"):
        import_files(MNIST, paths, folder)
    import_files(FASHION_MNIST, paths, folder)
    splits.test.labels[:12] = MNIST.first_test_labels
    files.write_idx(folder, splits, zipped=True)
    with pytest.raises(DataError, match="labels of MNIST, not of Fashion-MNIST"):
        load("fashion")


# ------------------------------------------------------------------ what can be wrong with a CSV

Damage = Callable[[list[str]], None]


def field(line: int, column: int, value: str) -> Damage:
    """Put `value` into a line of the file (1 is the header) and a column (0 is the label)."""

    def damage(lines: list[str]) -> None:
        values = lines[line - 1].split(",")
        values[column] = value
        lines[line - 1] = ",".join(values)

    return damage


def cut(line: int, values: int) -> Damage:
    def damage(lines: list[str]) -> None:
        lines[line - 1] = ",".join(lines[line - 1].split(",")[:values])

    return damage


def put(line: int, text: str) -> Damage:
    def damage(lines: list[str]) -> None:
        lines.insert(line - 1, text)

    return damage


@pytest.mark.parametrize(
    ("damage", "message"),
    [
        (
            field(17, 203, "abc"),
            ", line 17, column pixel203: expected a whole number from 0 to 255, found 'abc'",
        ),
        (
            field(17, 203, "256"),
            ", line 17, column pixel203: expected a whole number from 0 to 255, found '256'",
        ),
        (
            field(2, 784, "0.5"),
            ", line 2, column pixel784: expected a whole number from 0 to 255, found '0.5'",
        ),
        (field(9, 1, "-1"), ", line 9, column pixel1: expected a whole number from 0 to 255, found '-1'"),
        (field(9, 1, ""), ", line 9, column pixel1: expected a whole number from 0 to 255, found ''"),
        (field(9, 1, " 7"), ", line 9, column pixel1: expected a whole number from 0 to 255, found ' 7'"),
        (field(9, 1, "٣"), ", line 9, column pixel1: expected a whole number from 0 to 255, found '٣'"),
        (field(9, 5, "1" * 90), "found '111111111111111111111111111…'"),
        (field(5, 0, "9"), ", line 5, column label: expected a label from 0 to 24 without 9, found '9'"),
        (field(61, 0, "25"), ", line 61, column label: expected a label from 0 to 24 without 9, found '25'"),
        (field(5, 0, "A"), ", line 5, column label: expected a label from 0 to 24 without 9, found 'A'"),
        (cut(61, 400), ", line 61: expected 785 values, found 400"),
        (put(30, ""), ", line 30: expected 785 values, found an empty line"),
        (put(30, ",".join(["1"] * 786)), ", line 30: expected 785 values, found 786"),
        (field(1, 0, "letter"), ', line 1: column 1 should be "label", found "letter"'),
        (field(1, 3, "pixel4"), ', line 1: column 4 should be "pixel3", found "pixel4"'),
        (cut(1, 700), ", line 1: expected 785 column names, found 700"),
        (lambda lines: lines.pop(0) and None, ', line 1: column 1 should be "label", found'),
        (lambda lines: lines.__delitem__(slice(1, None)), "no rows under the header"),
    ],
)
def test_what_is_wrong_with_a_csv_is_named_by_line_and_column(
    folder: Path, downloads: Path, some: files.Maker, damage: Damage, message: str
) -> None:
    train, test = files.write_signs(downloads, some(SIGN_MNIST))
    lines = train.read_text().splitlines()
    damage(lines)
    train.write_text("\n".join(lines) + "\n")
    with pytest.raises(DataError) as raised:
        import_files(SIGN_MNIST, [train, test], folder)
    assert str(raised.value).startswith("sign_mnist_train.csv")
    assert message in str(raised.value)
    assert str(train) in str(raised.value)
    assert in_place(folder) == []


def test_the_line_is_right_far_into_a_large_file(downloads: Path, folder: Path) -> None:
    """Blocks of a megabyte are parsed at once; this is in the fourth."""
    random = np.random.default_rng(1)
    images = random.integers(0, 256, (1_300, 28, 28), dtype=np.uint8)
    split = Split(images, np.zeros(1_300, dtype=np.int64))
    train = files.write_csv(downloads / "train.csv", split)
    lines = train.read_text().splitlines()
    field(1_234, 77, "x")(lines)
    train.write_text("\n".join(lines))
    assert train.stat().st_size > 3 * 2**20
    with pytest.raises(DataError, match=r"line 1234, column pixel77"):
        import_files(SIGN_MNIST, [train, files.write_csv(downloads / "test.csv", split)], folder)


def test_a_file_that_is_one_endless_line_is_refused_without_reading_it_all(
    downloads: Path, folder: Path, some: files.Maker
) -> None:
    train, test = files.write_signs(downloads, some(SIGN_MNIST))
    with open(train, "wb") as file:
        file.write(files.HEADER.encode() + b"\n")
        file.truncate(2**33)  # eight gigabytes of nothing, on a disk that keeps holes as holes
    started = time.perf_counter()
    with pytest.raises(DataError, match="line 2"):
        import_files(SIGN_MNIST, [train, test], folder)
    assert time.perf_counter() - started < 2


# ------------------------------------------------------------------ what can be wrong with an idx file


def idx_header(magic: int, *dimensions: int) -> bytes:
    return struct.pack(f">I{len(dimensions)}I", magic, *dimensions)


@pytest.mark.parametrize(
    ("name", "data", "message"),
    [
        (
            "train-images-idx3-ubyte",
            idx_header(0x0803, 60, 28, 28) + bytes(100),
            "truncated: expected 47,040",
        ),
        (
            "train-images-idx3-ubyte",
            idx_header(0x0803, 1, 28, 28) + bytes(785),
            "more bytes than the 1 images",
        ),
        ("train-images-idx3-ubyte", idx_header(0x0803, 9, 32, 32) + bytes(9216), "found 32 × 32"),
        (
            "train-images-idx3-ubyte",
            idx_header(0x0803, 2**31, 28, 28),
            "1 to 200,000 images, found 2,147,483,648",
        ),
        ("train-images-idx3-ubyte", idx_header(0x0803, 0, 28, 28), "found 0"),
        ("train-images-idx3-ubyte", idx_header(0x0803, 60)[:6], "expected the magic number 0x0803"),
        ("train-images-idx3-ubyte", idx_header(0x0D03, 60, 28, 28), "neither an npz nor an idx file"),
        ("train-labels-idx1-ubyte", idx_header(0x0801, 59) + bytes(59), "59 labels, but train-images"),
        ("train-labels-idx1-ubyte", idx_header(0x0801, 60) + bytes(59) + b"\x0a", "label 60 is 10"),
        (
            "train-labels-idx1-ubyte",
            idx_header(0x0803, 60, 28, 28) + bytes(47_040),
            "Expected one npz, two CSVs",
        ),
    ],
)
@pytest.mark.parametrize("zipped", [True, False])
def test_what_is_wrong_with_an_idx_file_is_named(
    folder: Path, downloads: Path, some: files.Maker, zipped: bool, name: str, data: bytes, message: str
) -> None:
    paths = files.write_idx(downloads, some(FASHION_MNIST), zipped=zipped)
    (damaged,) = [path for path in paths if path.name.startswith(name)]
    damaged.write_bytes(gzip.compress(data) if zipped else data)
    with pytest.raises(DataError) as raised:
        import_files(FASHION_MNIST, paths, folder)
    assert message in str(raised.value)
    assert damaged.name in str(raised.value)
    assert in_place(folder) == []


@pytest.mark.parametrize("damage", ["truncated", "flipped"])
def test_a_damaged_gzip_file_is_named(folder: Path, downloads: Path, some: files.Maker, damage: str) -> None:
    paths = files.write_idx(downloads, some(FASHION_MNIST), zipped=True)
    data = paths[0].read_bytes()
    middle = len(data) // 2
    bad = data[:middle] if damage == "truncated" else data[:middle] + b"????????" + data[middle + 8 :]
    paths[0].write_bytes(bad)
    with pytest.raises(DataError, match=r"train-images-idx3-ubyte\.gz: not a whole gzip file"):
        import_files(FASHION_MNIST, paths, folder)


def test_a_gzip_bomb_is_not_unpacked(folder: Path, downloads: Path, some: files.Maker) -> None:
    paths = files.write_idx(downloads, some(FASHION_MNIST), zipped=True)
    with gzip.open(paths[1], "wb") as file:
        file.write(idx_header(0x0801, 60))
        for _ in range(300):
            file.write(bytes(2**20))
    with pytest.raises(DataError, match="more bytes than the 60 labels"):
        import_files(FASHION_MNIST, paths, folder)


# ------------------------------------------------------------------ what can be wrong with an npz


def npz(**changes: object) -> bytes:
    """An npz of 5 + 5 digits with some arrays replaced; None leaves one out, bytes go in as they are."""
    arrays: dict[str, object] = {
        "x_train": np.zeros((5, 28, 28), np.uint8),
        "y_train": np.arange(5, dtype=np.uint8),
        "x_test": np.zeros((5, 28, 28), np.uint8),
        "y_test": np.arange(5, dtype=np.uint8),
    } | changes
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, array in arrays.items():
            if isinstance(array, np.ndarray):
                member = io.BytesIO()
                np.save(member, array, allow_pickle=True)
                archive.writestr(f"{name}.npy", member.getvalue())
            elif isinstance(array, bytes):
                archive.writestr(f"{name}.npy", array)
    return buffer.getvalue()


def header_only(shape: tuple[int, ...]) -> bytes:
    member = io.BytesIO()
    np.lib.format.write_array_header_1_0(member, {"descr": "|u1", "fortran_order": False, "shape": shape})
    return member.getvalue()


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (npz(y_test=None), "no array y_test; expected x_train, y_train, x_test, y_test, found x_test.npy"),
        (
            npz(x_train=np.zeros((5, 32, 32), np.uint8)),
            "x_train: expected uint8 (n, 28, 28), found uint8 (5, 32, 32)",
        ),
        (npz(x_train=np.zeros((5, 28, 28))), "x_train: expected uint8 (n, 28, 28), found float64"),
        (
            npz(y_train=np.zeros((5, 10), np.uint8)),
            "y_train: expected whole numbers (n,), found uint8 (5, 10)",
        ),
        (npz(y_train=np.zeros(5)), "y_train: expected whole numbers (n,), found float64"),
        (npz(y_train=np.zeros(4, np.uint8)), "x_train has 5 images, y_train 4 labels"),
        (npz(y_train=np.array([0, 1, 2, 3, 10])), "training label 5 is 10; MNIST has labels from 0 to 9"),
        (npz(y_test=np.array([0, 1, 2, 3, -1])), "test label 5 is -1"),
        (npz(y_test=np.array([None] * 5)), "y_test: holds pickled Python objects, which are never loaded"),
        (npz(x_test=b"no array at all"), "x_test: not a NumPy array"),
        (npz(x_test=b""), "x_test: not a NumPy array"),
        (npz(x_test=header_only((5, 28, 28)) + bytes(99)), "x_test: expected 3,920 bytes of data"),
        (npz(x_test=header_only((5, 28, 28)) + bytes(3_921)), "x_test: expected 3,920 bytes of data"),
        (
            npz(x_test=header_only((10**9, 28, 28))),
            "x_test: expected 1 to 200,000 images, found 1,000,000,000",
        ),
        (npz(x_test=np.zeros((0, 28, 28), np.uint8)), "x_test: expected 1 to 200,000 images, found 0"),
        (npz()[:-40], "truncated or damaged npz or zip file"),
        (npz()[:200], "truncated or damaged npz or zip file"),
    ],
)
def test_what_is_wrong_with_an_npz_is_named(folder: Path, downloads: Path, data: bytes, message: str) -> None:
    path = downloads / "mnist.npz"
    path.write_bytes(data)
    with pytest.raises(DataError) as raised:
        import_files(MNIST, [path], folder)
    assert message in str(raised.value)
    assert str(path) in str(raised.value)
    assert in_place(folder) == []


def test_every_bit_of_an_npz_counts(folder: Path, downloads: Path) -> None:
    """Flipping any byte in the middle of an array is noticed: the zip's checksums are looked at."""
    random = np.random.default_rng(3)
    data = npz(x_train=random.integers(0, 256, (5, 28, 28), dtype=np.uint8))
    path = downloads / "mnist.npz"
    path.write_bytes(data)
    import_files(MNIST, [path], folder)
    for at in random.integers(300, 3_000, 20):
        path.write_bytes(data[:at] + bytes([data[at] ^ 255]) + data[at + 1 :])
        with pytest.raises(DataError, match=r"mnist\.npz"):
            import_files(MNIST, [path], folder)


def test_an_npz_bomb_is_not_unpacked(folder: Path, downloads: Path) -> None:
    (downloads / "mnist.npz").write_bytes(npz(y_test=header_only((5,)) + bytes(300 * 2**20)))
    code = (
        "import resource, sys\n"
        "from pathlib import Path\n"
        "from helpers.datasets.catalog import MNIST\n"
        "from helpers.datasets.importing import import_files\n"
        "before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss\n"
        "try:\n"
        f"    import_files(MNIST, [Path({str(downloads / 'mnist.npz')!r})], Path({str(folder)!r}))\n"
        "except Exception as error:\n"
        "    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before, error)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    kilobytes, message = done.stdout.split(maxsplit=1)
    assert "y_test: 314,572,928 bytes are more than 200,000 images take" in message
    assert int(kilobytes) < 50_000


def test_arrays_in_fortran_order_are_read_right(folder: Path, downloads: Path, some: files.Maker) -> None:
    splits = some(MNIST)
    turned = Splits(Split(np.asfortranarray(splits.train.images), splits.train.labels), splits.test)
    import_files(MNIST, [files.write_keras_npz(downloads / "mnist.npz", turned)], folder)
    assert_loads("digits", splits)


# ------------------------------------------------------------------ what can be wrong with what is named


def test_files_that_are_not_there_or_nothing_to_read_are_named(folder: Path, downloads: Path) -> None:
    (downloads / "dangling.npz").symlink_to(downloads / "gone.npz")
    (downloads / "empty.npz").touch()
    (downloads / "page.npz").write_text("<!DOCTYPE html>")
    os.mkfifo(downloads / "pipe.npz")
    (downloads / "folder").mkdir()
    for name, message in {
        "nowhere.npz": "Cannot read .*nowhere.npz: No such file",
        "dangling.npz": "it is a link to .*gone.npz",
        "empty.npz": "empty.npz is empty",
        "page.npz": "begins with b'<!DOCTYP'",
        "pipe.npz": "not a file that can be read",
        "folder": "a folder without .npz, .csv or idx files",
    }.items():
        with pytest.raises(DataError, match=message):
            import_files(MNIST, [downloads / name], folder)


def test_a_zip_from_kaggle_is_told_to_be_unpacked(folder: Path, downloads: Path) -> None:
    with zipfile.ZipFile(downloads / "archive.zip", "w") as archive:
        archive.writestr("sign_mnist_train.csv", "label")
    with pytest.raises(DataError, match=r"archive\.zip is a zip archive \(sign_mnist_train\.csv.*unpack it"):
        import_files(SIGN_MNIST, [downloads / "archive.zip"], folder)


def test_too_few_or_too_many_files_are_listed_with_what_they_are(
    folder: Path, downloads: Path, some: files.Maker
) -> None:
    paths = files.write_idx(downloads, some(MNIST), zipped=True)
    with pytest.raises(DataError, match=r"found train-images-idx3-ubyte\.gz \(idx images\), train-labels"):
        import_files(MNIST, paths[:2], folder)
    csv = files.write_csv(downloads / "train1.csv", some(SIGN_MNIST).train)
    other = files.write_csv(downloads / "train2.csv", some(SIGN_MNIST).train)
    with pytest.raises(DataError, match="both say train in their names"):
        import_files(SIGN_MNIST, [csv, other], folder)
    with pytest.raises(DataError, match=r"found .*train1\.csv \(csv\)"):
        import_files(SIGN_MNIST, [csv, other, paths[0]], folder)


def test_a_set_of_other_classes_is_refused(folder: Path, downloads: Path, some: files.Maker) -> None:
    paths = files.write_signs(downloads, some(SIGN_MNIST))
    with pytest.raises(DataError, match="expected a label from 0 to 9, found"):
        import_files(FASHION_MNIST, paths, folder)


# --------------------------------------------------------------------------- nothing is lost


@pytest.fixture
def old(folder: Path, some: files.Maker) -> Splits:
    """Digits that are in the data folder already."""
    splits = some(MNIST, train=10, test=5)
    files.write_keras_npz(folder / "mnist.npz", splits)
    return splits


def test_a_bad_import_leaves_what_was_there(folder: Path, downloads: Path, old: Splits) -> None:
    (downloads / "mnist.npz").write_bytes(npz(y_test=None))
    with pytest.raises(DataError):
        import_files(MNIST, [downloads / "mnist.npz"], folder)
    assert_loads("digits", old)


def test_a_file_where_the_folder_should_be_is_a_clear_message(
    tmp_path: Path, downloads: Path, some: files.Maker
) -> None:
    (tmp_path / "in the way").write_text("")
    path = files.write_keras_npz(downloads / "mnist.npz", some(MNIST))
    with pytest.raises(UnwritableError, match=r"Cannot write .*mnist\.npz: .*WORKSHOP_DATA_DIR"):
        import_files(MNIST, [path], tmp_path / "in the way")


@pytest.mark.skipif(sys.platform == "win32", reason="POSIX limits")
def test_a_disk_that_fills_up_leaves_what_was_there(
    folder: Path, downloads: Path, old: Splits, some: files.Maker
) -> None:
    """The second of two files does not fit; a limit on file sizes stands for the full disk."""
    files.write_signs(folder, some(SIGN_MNIST, train=10, test=10))
    before = [(path.name, path.read_bytes()) for path in sorted(folder.iterdir())]
    files.write_signs(downloads, some(SIGN_MNIST, train=10, test=400))
    code = (
        "import resource, signal\n"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (300_000, 300_000))\n"
        "from helpers.cli import main\n"
        f"main(['data', 'import', 'signs', {str(downloads)!r}])\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.returncode == 1
    assert "Cannot write" in done.stderr
    assert "Traceback" not in done.stderr
    assert [(path.name, path.read_bytes()) for path in sorted(folder.iterdir())] == before


def on_a_small_disk(disk: Path, size: str, script: str) -> list[str]:
    """Run a shell script with a disk of its own at `disk`, that only it sees; gives the lines it printed."""
    if sys.platform != "linux":
        pytest.skip("mounts a disk as Linux does")
    disk.mkdir()
    mount = f"mount -t tmpfs -o size={size} none {disk} || exit 77\n"
    done = subprocess.run(["unshare", "-rm", "sh", "-c", mount + script], capture_output=True, text=True)
    if done.returncode == 77 or "unshare" in done.stderr:
        pytest.skip("no namespaces here")
    assert "Traceback" not in done.stderr
    return (done.stdout + done.stderr).splitlines()


def test_a_really_full_disk_leaves_what_was_there(tmp_path: Path, downloads: Path, some: files.Maker) -> None:
    disk = tmp_path / "disk"
    path = files.write_keras_npz(downloads / "mnist.npz", some(MNIST, train=400))
    script = (
        f"echo old > {disk}/mnist.npz\n"
        f"{sys.executable} - <<'END'\n"
        "from pathlib import Path\n"
        "from helpers.datasets import importing\n"
        "importing.require_space = lambda *_: None  # the disk fills up after it was asked\n"
        "from helpers.datasets.catalog import MNIST\n"
        "try:\n"
        f"    importing.import_files(MNIST, [Path({str(path)!r})], Path({str(disk)!r}))\n"
        "except Exception as error:\n"
        "    print(type(error).__name__, error)\n"
        "END\n"
        f"ls -A {disk}; cat {disk}/mnist.npz\n"
    )
    message, *left = on_a_small_disk(disk, "200k", script)
    assert message.startswith("UnwritableError Cannot write")
    assert "No space left on device" in message
    assert left == ["mnist.npz", "old"]


def test_a_read_only_folder_can_be_loaded_from_and_refuses_the_rest_calmly(
    tmp_path: Path, downloads: Path, some: files.Maker
) -> None:
    disk = tmp_path / "disk"
    there = files.write_keras_npz(downloads / "there.npz", some(MNIST))
    script = (
        f"cp {there} {disk}/mnist.npz && mount -o remount,ro {disk} || exit 77\n"
        f"export WORKSHOP_DATA_DIR={disk} COLUMNS=200\n"
        f"workshop='{sys.executable} -m helpers.cli'\n"
        f"{sys.executable} -c 'from helpers.datasets import load; load(\"digits\")'\n"
        "$workshop data status | grep digits\n"
        f"$workshop data import digits {there}; echo $?\n"
        "$workshop data fetch fashion; echo $?\n"
        "$workshop data remove digits --yes; echo $?\n"
    )
    printed = on_a_small_disk(disk, "40m", script)
    assert printed[0] == "digits: the full MNIST, from mnist.npz; 60 images to train on, 30 to test on"
    assert "full" in printed[1]
    assert printed.count("1") == 3
    assert sum("Read-only file system" in line for line in printed) == 3


def test_too_little_room_is_known_before_anything_is_written(
    folder: Path, downloads: Path, some: files.Maker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("helpers.datasets.space._SPARE", 10**16)
    path = files.write_keras_npz(downloads / "mnist.npz", some(MNIST))
    with pytest.raises(DataError, match="Too little room in"):
        import_files(MNIST, [path], folder)
    assert in_place(folder) == []


def test_a_csv_of_the_official_size_is_read_in_two_seconds(tmp_path: Path) -> None:
    from helpers.datasets.kaggle_csv import read_csv

    random = np.random.default_rng(2)
    block = random.integers(100, 256, (1_000, 785))
    block[:, 0] = random.choice(SIGN_MNIST.labels, 1_000)
    rows = "\n".join(",".join(map(str, row)) for row in block)
    path = tmp_path / "train.csv"
    with open(path, "w") as file:
        file.write(files.HEADER + "\n")
        for _ in range(28):
            file.write(rows + "\n")
    started = time.perf_counter()
    split = read_csv(path, SIGN_MNIST.labels)
    assert time.perf_counter() - started < 2
    assert len(split) == 28_000
