"""A fetched data set is verified before any of it is put in place, and replaces nothing unasked."""

from __future__ import annotations

import dataclasses
import hashlib
import http.server
import io
import json
import socketserver
import threading
import zipfile
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest

from helpers.commands.data import fetch_sources
from helpers.datasets import catalog, load
from helpers.datasets.catalog import ENTRIES, FASHION_MNIST, MNIST, SIGN_MNIST, RemoteFile, Source
from helpers.datasets.errors import DataError, UnwritableError
from helpers.datasets.fetching import fetch, sources
from helpers.datasets.lock import only_one
from helpers.datasets.network import DownloadError, NoNetworkError, Patience
from tests.datasets import files
from tests.datasets.server import Behaviour, serving

ONE_TRY = Patience(connect_s=2, read_s=2, tries=1, first_wait_s=0.01)


@pytest.fixture
def behaviour() -> Behaviour:
    return Behaviour({})


@pytest.fixture
def address(behaviour: Behaviour, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    for name in ("http_proxy", "https_proxy", "all_proxy", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)
    with serving(behaviour) as url:
        yield url


def published(source: Source, paths: list[Path], address: str, behaviour: Behaviour) -> Source:
    """`source` as if these files were the published ones, which the server has from now on."""
    remote = []
    for path in paths:
        data = path.read_bytes()
        behaviour.files[f"/{path.name}"] = data
        url = f"{address}/{path.name}"
        remote.append(RemoteFile(path.name, url, len(data), hashlib.sha256(data).hexdigest()))
    return dataclasses.replace(source, remote=tuple(remote))


@pytest.fixture
def digits(address: str, behaviour: Behaviour, some: files.Maker, tmp_path: Path) -> Source:
    return published(MNIST, [files.write_keras_npz(tmp_path / "mnist.npz", some(MNIST))], address, behaviour)


@pytest.fixture
def fashion(address: str, behaviour: Behaviour, some: files.Maker, tmp_path: Path) -> Source:
    paths = files.write_idx(tmp_path, some(FASHION_MNIST), zipped=True)
    return published(FASHION_MNIST, paths, address, behaviour)


def get(source: Source, folder: Path, patience: Patience = ONE_TRY) -> None:
    fetch(source, folder, patience, lambda *_: None, quiet=True)


def in_place(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir() if path.is_file()}


def test_digits_are_fetched_verified_and_loaded(digits: Source, folder: Path, some: files.Maker) -> None:
    get(digits, folder)
    assert in_place(folder) == {"mnist.npz"}
    np.testing.assert_array_equal(load("digits", "full", quiet=True).y_train, some(MNIST).train.labels)


def test_of_four_files_none_is_in_place_before_all_have_arrived(
    fashion: Source, folder: Path, behaviour: Behaviour
) -> None:
    test_images = behaviour.files.pop("/t10k-images-idx3-ubyte.gz")
    with pytest.raises(DownloadError, match="404"):
        get(fashion, folder)
    assert in_place(folder) == set()

    behaviour.files["/t10k-images-idx3-ubyte.gz"] = test_images
    asked = len(behaviour.requests)
    get(fashion, folder)
    assert len(behaviour.requests) - asked == 2, "the two that had arrived are not fetched again"
    assert len(in_place(folder)) == 4
    assert len(load("fashion", "full", quiet=True).y_test) == 30
    assert [path.name for path in (folder / "partial").iterdir()] == [".lock"]


def test_a_file_that_was_damaged_while_waiting_for_the_others_is_fetched_again(
    fashion: Source, folder: Path, behaviour: Behaviour
) -> None:
    labels = behaviour.files.pop("/t10k-labels-idx1-ubyte.gz")
    with pytest.raises(DownloadError):
        get(fashion, folder)
    (folder / "partial" / "train-labels-idx1-ubyte.gz").write_bytes(b"damaged")
    behaviour.files["/t10k-labels-idx1-ubyte.gz"] = labels
    get(fashion, folder)
    assert len(load("fashion", "full", quiet=True).y_test) == 30


def test_a_failed_fetch_leaves_what_was_there(
    digits: Source, folder: Path, behaviour: Behaviour, some: files.Maker
) -> None:
    before = files.write_keras_npz(folder / "mnist.npz", some(MNIST, train=10, test=5)).read_bytes()
    behaviour.files["/mnist.npz"] = behaviour.files["/mnist.npz"][:-9] + b"different"
    with pytest.raises(DownloadError, match="damaged"):
        get(digits, folder)
    assert (folder / "mnist.npz").read_bytes() == before


def test_a_fetched_set_is_not_hidden_by_an_older_one_in_another_layout(
    fashion: Source, folder: Path, some: files.Maker
) -> None:
    files.write_keras_npz(folder / "fashion_mnist.npz", some(FASHION_MNIST, train=10, test=5))
    get(fashion, folder)
    assert "fashion_mnist.npz" not in in_place(folder)
    assert len(load("fashion", "full", quiet=True).y_test) == 30


def test_a_second_fetch_at_the_same_time_is_told_so(digits: Source, folder: Path) -> None:
    with only_one(folder / "partial"), pytest.raises(DataError, match="Another `workshop` is downloading"):
        get(digits, folder)
    get(digits, folder)


def test_a_folder_that_cannot_be_written_is_named(digits: Source, tmp_path: Path) -> None:
    (tmp_path / "in the way").write_text("")
    with pytest.raises(UnwritableError, match="WORKSHOP_DATA_DIR"):
        get(digits, tmp_path / "in the way")


def test_what_is_there_is_kept_unless_forced(
    digits: Source,
    folder: Path,
    behaviour: Behaviour,
    some: files.Maker,
    capsys: pytest.CaptureFixture[str],
) -> None:
    files.write_keras_npz(folder / "mnist.npz", some(MNIST, train=10, test=5))
    assert fetch_sources([digits], ONE_TRY) == []
    assert capsys.readouterr().out == ("MNIST is there: other copy (the official one has 60,000 + 10,000).\n")
    assert behaviour.requests == []
    assert fetch_sources([digits], ONE_TRY, force=True) == []
    assert capsys.readouterr().out == "MNIST fetched: official files (checksums match).\n"


def test_a_damaged_copy_does_not_count_as_being_there(digits: Source, folder: Path) -> None:
    (folder / "mnist.npz").write_bytes(b"half of it")
    assert fetch_sources([digits], ONE_TRY) == []
    assert len(load("digits", "full", quiet=True).y_test) == 30


def test_one_set_that_fails_does_not_keep_the_others_from_being_fetched(
    digits: Source, fashion: Source, folder: Path, behaviour: Behaviour
) -> None:
    del behaviour.files["/mnist.npz"]
    problems = fetch_sources([digits, fashion], ONE_TRY)
    assert [type(problem) for problem in problems] == [DownloadError]
    assert len(in_place(folder)) == 4


def test_rps_and_signs_are_one_source() -> None:
    assert [source.name for source in sources(["rps", "signs", "digits"])] == ["digits", "signs"]
    assert [source.name for source in sources(ENTRIES)] == ["digits", "fashion", "signs"]


def test_the_catalog_asks_where_keras_itself_gets_its_data() -> None:
    keras = find_spec("keras")
    assert keras is not None
    assert keras.origin is not None
    loaders = Path(keras.origin).parent / "src" / "datasets"
    (npz,) = MNIST.remote
    code = (loaders / "mnist.py").read_text()
    assert npz.sha256 in code
    assert npz.url.removesuffix(npz.name) in code
    code = (loaders / "fashion_mnist.py").read_text()
    for file in FASHION_MNIST.remote:
        assert file.name in code
        assert file.url == npz.url.removesuffix(npz.name) + file.name
    assert tuple(file.name for file in FASHION_MNIST.remote) in catalog.FASHION_MNIST.layouts


class Kaggle(socketserver.ThreadingMixIn, http.server.HTTPServer):
    """Kaggle as kagglehub sees it through a proxy: two questions to the API, then an archive."""

    daemon_threads = True
    archive = b""
    md5 = ""
    break_after: int | None = None
    asked: list[str]


class _KaggleHandler(http.server.BaseHTTPRequestHandler):
    server: Kaggle

    def do_HEAD(self) -> None:
        self._answer(200, {}, b"")

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.server.asked.append(self.path)
        if self.path.endswith("/GetDataset"):
            body = json.dumps({"currentVersionNumber": 1}).encode()
            self._answer(200, {"Content-Type": "application/json"}, body)
        elif self.path.endswith("/DownloadDataset"):
            self._answer(302, {"Location": "http://localhost/storage/archive.zip"}, b"")
        else:
            self._answer(404, {}, b"")

    def do_GET(self) -> None:
        self.server.asked.append(f"{self.path} {self.headers.get('Range', '')}".strip())
        start = int(self.headers.get("Range", "bytes=0-")[6:-1])
        headers = {"Accept-Ranges": "bytes", "Content-Type": "application/zip"}
        if self.server.md5:
            headers["x-goog-hash"] = f"md5={self.server.md5}"
        self._answer(206 if start else 200, headers, self.server.archive[start:])

    def _answer(self, status: int, headers: dict[str, str], body: bytes) -> None:
        self.send_response(status)
        for name, value in {**headers, "Content-Length": str(len(body))}.items():
            self.send_header(name, value)
        self.end_headers()
        if self.command != "HEAD":
            breaks = self.server.break_after if "zip" in headers.get("Content-Type", "") else None
            self.wfile.write(body[:breaks])
            if breaks is not None:
                self.server.break_after = None

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


@pytest.fixture
def kaggle(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Kaggle]:
    """A local stand-in for Kaggle's servers, reached by kagglehub's real code as a proxy for http://localhost."""
    for name in ("http_proxy", "https_proxy", "all_proxy", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)
    with Kaggle(("127.0.0.1", 0), _KaggleHandler) as server:
        server.asked = []
        monkeypatch.setenv("http_proxy", f"http://127.0.0.1:{server.server_address[1]}")
        monkeypatch.setenv("KAGGLE_API_ENVIRONMENT", "LOCALHOST")
        monkeypatch.setenv("HOME", str(tmp_path))  # nobody's account
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        yield server
        server.shutdown()
        thread.join()


@pytest.fixture
def signs(kaggle: Kaggle, some: files.Maker, tmp_path: Path) -> Source:
    """Sign Language MNIST in small, as an archive on the stand-in."""
    splits = some(SIGN_MNIST)
    (tmp_path / "original").mkdir()
    paths = files.write_signs(tmp_path / "original", splits)
    kaggle.archive = archive({f"somewhere/{path.name}": path.read_bytes() for path in paths})
    return dataclasses.replace(SIGN_MNIST, train_images=60, test_images=30)


def archive(members: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as file:
        for name, data in {"sample.png": b"\x89PNG", **members}.items():
            file.writestr(name, data)
    return buffer.getvalue()


def test_signs_come_through_kagglehub_without_an_account(
    signs: Source, folder: Path, kaggle: Kaggle, some: files.Maker
) -> None:
    get(signs, folder)
    assert in_place(folder) == {"sign_mnist_train.csv", "sign_mnist_test.csv"}
    loaded = load("signs", "full", quiet=True)
    np.testing.assert_array_equal(np.rint(loaded.x_test[..., 0] * 255), some(SIGN_MNIST).test.images)
    assert [path.name for path in (folder / "partial").iterdir()] == [".lock"]
    assert kaggle.asked[0] == "http://localhost/api/v1/datasets.DatasetApiService/GetDataset"


def test_a_download_from_kaggle_that_broke_off_goes_on_there(
    signs: Source, folder: Path, kaggle: Kaggle
) -> None:
    kaggle.break_after = 50_000
    with pytest.raises(DownloadError, match="kagglehub could not get datamunge/sign-language-mnist"):
        get(signs, folder)
    assert in_place(folder) == set()
    get(signs, folder)
    assert any("bytes=" in asked for asked in kaggle.asked)
    assert len(load("signs", "full", quiet=True).y_test) == 30


@pytest.mark.parametrize("damage", ["another checksum", "no archive", "half of it", "a flipped byte"])
def test_a_damaged_archive_is_refused_and_does_not_stand_in_the_way_of_a_whole_one(
    signs: Source, folder: Path, kaggle: Kaggle, damage: str
) -> None:
    whole = kaggle.archive
    middle = len(whole) // 2
    if damage == "another checksum":
        kaggle.md5 = "AAAAAAAAAAAAAAAAAAAAAA=="
    elif damage == "no archive":
        kaggle.archive = b"<html>sorry</html>"
    elif damage == "half of it":
        kaggle.archive = whole[:middle]
    else:
        kaggle.archive = whole[:middle] + bytes([whole[middle] ^ 1]) + whole[middle + 1 :]
    with pytest.raises(DownloadError, match="kagglehub could not get"):
        get(signs, folder)
    assert in_place(folder) == set()
    kaggle.archive, kaggle.md5 = whole, ""
    get(signs, folder)
    assert len(load("signs", "full", quiet=True).y_test) == 30


@pytest.mark.parametrize(
    ("members", "problem"),
    [
        ({}, "no longer contains sign_mnist_train.csv"),
        (
            {"sign_mnist_train.csv": b"id,pixel1\n", "sign_mnist_test.csv": b""},
            'should be "label", found "id"',
        ),
    ],
)
def test_what_arrives_from_kaggle_is_checked_and_forgotten_where_it_is_wrong(
    signs: Source, folder: Path, kaggle: Kaggle, members: dict[str, bytes], problem: str
) -> None:
    right, kaggle.archive = kaggle.archive, archive(members)
    with pytest.raises(DataError, match=problem):
        get(signs, folder)
    assert in_place(folder) == set()
    kaggle.archive = right
    get(signs, folder)


def test_another_number_of_images_than_the_published_one_is_refused(
    signs: Source, folder: Path, kaggle: Kaggle
) -> None:
    with pytest.raises(DownloadError, match=r"has 60 \+ 30 images; expected 27,455 \+ 7,172"):
        get(SIGN_MNIST, folder)
    assert in_place(folder) == set()


def test_kaggle_out_of_reach_is_known_in_time(
    folder: Path, monkeypatch: pytest.MonkeyPatch, kaggle: Kaggle
) -> None:
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    with pytest.raises(NoNetworkError, match="Cannot reach localhost"):
        get(SIGN_MNIST, folder)
