"""VGG16 takes the workshop's images where its weights can be had, and one sentence says where they can't."""

from __future__ import annotations

import hashlib
import socket
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from helpers.models import load_vgg16
from helpers.models import vgg16 as module
from tests.datasets.server import Behaviour, serving

GOES_ON = "the lesson goes on with the backbone"


@pytest.fixture(scope="module")
def vgg16() -> Any:
    """With random weights."""
    return load_vgg16(weights=None)


@pytest.fixture(scope="module")
def file(vgg16: Any, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """These weights in a file like Keras's own."""
    path = tmp_path_factory.mktemp("vgg16") / module.FILE
    vgg16.layers[-1].save(path)
    return path


@pytest.fixture
def server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Behaviour]:
    """What Keras downloads comes from here, into an empty cache; nothing else says where data comes from."""
    from keras.src.applications import vgg16 as keras_vgg16
    from keras.src.backend import config

    monkeypatch.setattr(config, "_KERAS_DIR", str(tmp_path))
    monkeypatch.setenv("KERAS_HOME", str(tmp_path))
    for name in ("WORKSHOP_DATA", "http_proxy", "https_proxy", "all_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)
    behaviour = Behaviour({})
    with serving(behaviour) as address:
        monkeypatch.setattr(module, "ADDRESS", address)
        monkeypatch.setattr(keras_vgg16, "WEIGHTS_PATH_NO_TOP", f"{address}/{module.FILE}")
        yield behaviour


def test_it_takes_small_grey_images(vgg16: Any) -> None:
    assert vgg16.name == "vgg16_for_small_images"
    assert vgg16.output_shape == (None, 1, 1, 512)
    assert vgg16(np.zeros((2, 28, 28, 1), np.float32)).shape == (2, 1, 1, 512)


def test_its_own_preprocessing_is_inside(vgg16: Any) -> None:
    import keras

    before = keras.Model(vgg16.input, vgg16.operations[-2].output)
    seen = before(np.full((1, 28, 28, 1), 0.5, np.float32)).numpy()
    assert seen.shape == (1, 32, 32, 3)
    means_of_blue_green_and_red = np.array([103.939, 116.779, 123.68])
    np.testing.assert_allclose(seen[0, 16, 16], 127.5 - means_of_blue_green_and_red, atol=1e-3)


def test_a_copy_of_keras_file_does_without_a_network(vgg16: Any, file: Path) -> None:
    same = load_vgg16(weights=file)
    np.testing.assert_array_equal(same.get_weights()[-2], vgg16.get_weights()[-2])


def test_a_copy_that_is_no_such_file_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / module.FILE
    path.write_bytes(b"<html>Log in to our Wi-Fi</html>")
    assert load_vgg16(weights=path) is None
    assert_one_sentence(capsys)


def test_it_is_downloaded_once(
    server: Behaviour,
    vgg16: Any,
    file: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    from keras.src.utils import file_utils

    get_file = file_utils.get_file
    own_sum = hashlib.md5(file.read_bytes()).hexdigest()  # random weights have another one than ImageNet's
    monkeypatch.setattr(file_utils, "get_file", lambda *a, **k: get_file(*a, **{**k, "file_hash": own_sum}))
    server.files[f"/{module.FILE}"] = file.read_bytes()
    for _ in range(2):
        loaded = load_vgg16()
        np.testing.assert_array_equal(loaded.get_weights()[-2], vgg16.get_weights()[-2])
    assert [path for path, _ in server.requests] == [f"/{module.FILE}"]
    assert GOES_ON not in capsys.readouterr().out


def test_another_file_than_the_published_one_is_refused(
    server: Behaviour, capsys: pytest.CaptureFixture[str]
) -> None:
    server.files[f"/{module.FILE}"] = b"<html>Log in to our Wi-Fi</html>"
    assert load_vgg16() is None
    assert_one_sentence(capsys)


def test_a_server_without_it_is_told(server: Behaviour, capsys: pytest.CaptureFixture[str]) -> None:
    assert load_vgg16() is None
    assert_one_sentence(capsys)


def test_without_a_network_it_is_told_at_once(
    server: Behaviour, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(module, "ADDRESS", "http://workshop.invalid")
    assert load_vgg16() is None
    assert "no network, as it seems" in assert_one_sentence(capsys)


def test_where_nothing_answers_it_is_told_after_the_time_given(
    server: Behaviour, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        monkeypatch.setattr(module, "ADDRESS", f"http://127.0.0.1:{silent.getsockname()[1]}")
        began = time.monotonic()
        assert load_vgg16(within_s=0.3) is None
        assert time.monotonic() - began < 20
    assert "no network, as it seems" in assert_one_sentence(capsys)


def test_a_server_that_falls_silent_is_given_up(
    server: Behaviour, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from keras.src.applications import vgg16 as keras_vgg16

    monkeypatch.setattr(module, "SILENCE_S", 0.3)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        address = f"http://127.0.0.1:{silent.getsockname()[1]}/{module.FILE}"
        monkeypatch.setattr(keras_vgg16, "WEIGHTS_PATH_NO_TOP", address)
        began = time.monotonic()
        assert load_vgg16() is None
        assert time.monotonic() - began < 20
    assert_one_sentence(capsys)
    assert socket.getdefaulttimeout() is None


def test_where_bundled_data_was_asked_for_nothing_is_downloaded(
    server: Behaviour, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("WORKSHOP_DATA", "bundled")
    assert load_vgg16() is None
    assert "WORKSHOP_DATA is “bundled”" in assert_one_sentence(capsys)
    assert server.requests == []


def assert_one_sentence(capsys: pytest.CaptureFixture[str]) -> str:
    """The last line says that the lesson goes on; nothing was written to stderr."""
    out, err = capsys.readouterr()
    assert err == ""
    line = out.strip().splitlines()[-1]
    assert line.startswith("VGG16 isn't here (")
    assert line.endswith(f"{GOES_ON}, which comes with the workshop.")
    return line
