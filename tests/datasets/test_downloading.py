"""A download arrives whole and verified or not at all, and goes on where it stopped."""

from __future__ import annotations

import hashlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from helpers.datasets.catalog import RemoteFile
from helpers.datasets.downloading import download
from helpers.datasets.errors import DataError, UnwritableError
from helpers.datasets.network import DownloadError, NoNetworkError, Patience
from tests.datasets.server import Behaviour, serving

DATA = bytes(range(256)) * 4000  # about a megabyte; breaks come after a multiple of what is written at once
PATIENT = Patience(connect_s=2, read_s=2, tries=3, first_wait_s=0.01)
ONE_TRY = Patience(connect_s=2, read_s=2, tries=1, first_wait_s=0.01)

Get = Callable[..., Path]


@pytest.fixture(autouse=True)
def _no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "https_proxy", "all_proxy", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)


@pytest.fixture
def behaviour() -> Behaviour:
    return Behaviour({"/file.bin": DATA})


@pytest.fixture
def address(behaviour: Behaviour) -> Iterator[str]:
    with serving(behaviour) as url:
        yield url


@pytest.fixture
def get(address: str, tmp_path: Path) -> Get:
    """`get()` downloads the file as published: DATA, with its length and checksum."""

    def run(patience: Patience = PATIENT, expected: bytes = DATA) -> Path:
        path = tmp_path / "data" / "file.bin"
        download(remote_file(address, expected), path, patience, lambda *_: None)
        return path

    return run


def remote_file(address: str, data: bytes = DATA) -> RemoteFile:
    return RemoteFile("file.bin", f"{address}/file.bin", len(data), hashlib.sha256(data).hexdigest())


def left_in(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


def test_a_whole_download_is_put_in_place_and_leaves_nothing_else(get: Get) -> None:
    path = get()
    assert path.read_bytes() == DATA
    assert left_in(path.parent) == {"file.bin"}


def test_progress_goes_from_nothing_to_everything(address: str, tmp_path: Path) -> None:
    seen: list[tuple[str, int, int]] = []
    download(remote_file(address), tmp_path / "file.bin", PATIENT, lambda *progress: seen.append(progress))
    assert seen[0] == ("file.bin", 0, len(DATA))
    assert seen[-1] == ("file.bin", len(DATA), len(DATA))
    assert [done for _, done, _ in seen] == sorted(done for _, done, _ in seen)


@pytest.mark.parametrize("send_length", [True, False])
def test_a_connection_that_breaks_off_is_taken_up_where_it_broke(
    get: Get, behaviour: Behaviour, send_length: bool
) -> None:
    behaviour.break_after = [327_680, 163_840]
    behaviour.send_length = send_length
    assert get().read_bytes() == DATA
    assert behaviour.ranges_asked() == ["", "bytes=327680-", "bytes=491520-"]


def test_what_an_earlier_run_left_is_continued(get: Get, behaviour: Behaviour) -> None:
    behaviour.break_after = [327_680]
    with pytest.raises(NoNetworkError, match="what has arrived is kept"):
        get(ONE_TRY)
    assert get(ONE_TRY).read_bytes() == DATA
    assert behaviour.ranges_asked() == ["", "bytes=327680-"]


def test_nothing_is_in_place_before_everything_is_there(
    get: Get, behaviour: Behaviour, tmp_path: Path
) -> None:
    behaviour.break_after = [327_680]
    with pytest.raises(DownloadError):
        get(ONE_TRY)
    assert left_in(tmp_path / "data") == {"file.bin.part", "file.bin.part.version"}


def test_a_remote_file_that_changed_in_between_starts_over(get: Get, behaviour: Behaviour) -> None:
    behaviour.files["/file.bin"] = DATA[::-1]
    behaviour.break_after = [327_680]
    with pytest.raises(DownloadError):
        get(ONE_TRY)
    behaviour.files["/file.bin"] = DATA
    behaviour.etag = '"two"'
    assert get(ONE_TRY).read_bytes() == DATA
    assert behaviour.requests[-1][1]["If-Range"] == '"one"'


def test_a_change_is_noticed_even_where_the_server_ignores_the_condition(
    get: Get, behaviour: Behaviour
) -> None:
    behaviour.honour_if_range = False
    behaviour.files["/file.bin"] = DATA[::-1]
    behaviour.break_after = [327_680]
    with pytest.raises(DownloadError):
        get(ONE_TRY)
    behaviour.files["/file.bin"] = DATA
    behaviour.etag = '"two"'
    assert get().read_bytes() == DATA
    assert behaviour.ranges_asked() == ["", "bytes=327680-", ""]


@pytest.mark.parametrize(
    ("etag", "last_modified", "second_range"),
    [
        ("", "Mon, 02 Jan 2017 00:00:00 GMT", "bytes=327680-"),
        ('W/"weak"', "Mon, 02 Jan 2017 00:00:00 GMT", "bytes=327680-"),
        ('W/"weak"', "", ""),
        ("", "", ""),
    ],
)
def test_only_what_is_surely_the_same_version_is_continued(
    get: Get, behaviour: Behaviour, etag: str, last_modified: str, second_range: str
) -> None:
    behaviour.etag, behaviour.last_modified = etag, last_modified
    behaviour.break_after = [327_680]
    assert get().read_bytes() == DATA
    assert behaviour.ranges_asked() == ["", second_range]


def test_a_server_without_ranges_starts_over(get: Get, behaviour: Behaviour) -> None:
    behaviour.ranges = False
    behaviour.break_after = [300_000, 300_000]
    assert get().read_bytes() == DATA
    assert len(behaviour.requests) == 3


def test_a_server_that_never_gets_further_is_given_up(get: Get, behaviour: Behaviour) -> None:
    behaviour.ranges = False
    behaviour.break_after = [500_000, 300_000] * 10
    with pytest.raises(DownloadError):
        get()
    assert len(behaviour.requests) == PATIENT.tries


def test_a_wrong_piece_is_not_pasted_in(get: Get, behaviour: Behaviour) -> None:
    behaviour.break_after = [327_680]
    behaviour.honest_range = False
    assert get().read_bytes() == DATA
    assert behaviour.ranges_asked() == ["", "bytes=327680-", ""]


def test_wrong_bytes_of_the_right_length_are_deleted_and_named(
    get: Get, behaviour: Behaviour, tmp_path: Path
) -> None:
    behaviour.files["/file.bin"] = DATA[:-1] + b"?"
    with pytest.raises(DownloadError, match=r"file\.bin arrived whole but damaged.*It was deleted"):
        get()
    assert left_in(tmp_path / "data") == set()
    behaviour.files["/file.bin"] = DATA
    assert get().read_bytes() == DATA


@pytest.mark.parametrize("size", [5_000, 2 * len(DATA)])
def test_a_file_of_another_length_is_refused_before_it_is_read(
    get: Get, behaviour: Behaviour, size: int
) -> None:
    behaviour.files["/file.bin"] = b"<html>" + b" " * size
    with pytest.raises(DownloadError, match=r"expected a file of 1,024,000 bytes.*log-in page"):
        get()
    assert len(behaviour.requests) == 1


@pytest.mark.parametrize("size", [5_000, 2 * len(DATA)])
def test_another_length_is_noticed_without_being_announced(
    get: Get, behaviour: Behaviour, tmp_path: Path, size: int
) -> None:
    behaviour.files["/file.bin"] = b" " * size
    behaviour.send_length = False
    with pytest.raises(DownloadError):
        get()
    assert "file.bin" not in left_in(tmp_path / "data")


def test_a_busy_server_is_asked_again(get: Get, behaviour: Behaviour) -> None:
    behaviour.statuses = [503, 429]
    assert get().read_bytes() == DATA


def test_a_server_that_stays_busy_is_named_with_its_answer(get: Get, behaviour: Behaviour) -> None:
    behaviour.statuses = [503] * 10
    with pytest.raises(DownloadError, match="the server answers 503 Service Unavailable"):
        get()
    assert len(behaviour.requests) == PATIENT.tries


def test_a_file_that_is_not_there_is_not_asked_for_twice(get: Get, behaviour: Behaviour) -> None:
    behaviour.files.clear()
    with pytest.raises(DownloadError, match="the server answers 404 Not Found, not the file"):
        get()
    assert len(behaviour.requests) == 1


def test_no_server_is_a_clear_message(tmp_path: Path) -> None:
    with serving(Behaviour({})) as address:
        pass
    with pytest.raises(
        NoNetworkError, match=r"(?s)Cannot reach 127\.0\.0\.1: the connection was refused.*import"
    ):
        download(remote_file(address), tmp_path / "file.bin", PATIENT, lambda *_: None)


def test_a_name_that_cannot_be_looked_up_reads_as_no_network(tmp_path: Path) -> None:
    with pytest.raises(NoNetworkError, match=r"nowhere\.invalid: its name cannot be looked up"):
        download(remote_file("http://nowhere.invalid"), tmp_path / "file.bin", ONE_TRY, lambda *_: None)


def test_a_server_that_falls_silent_is_left_after_the_time_limit(get: Get, behaviour: Behaviour) -> None:
    behaviour.bytes_per_s = 20.0  # one byte every twentieth of a second
    hasty = Patience(connect_s=2, read_s=0.01, tries=1)
    started = time.perf_counter()
    with pytest.raises(NoNetworkError):
        get(hasty)
    assert time.perf_counter() - started < 2


def test_a_proxy_is_used(behaviour: Behaviour, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with serving(behaviour) as proxy:
        monkeypatch.setenv("http_proxy", proxy)
        download(remote_file("http://data.invalid/sets"), tmp_path / "file.bin", ONE_TRY, lambda *_: None)
    assert (tmp_path / "file.bin").read_bytes() == DATA
    assert [path for path, _ in behaviour.requests] == ["http://data.invalid/sets/file.bin"]


def test_a_proxy_that_refuses_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with serving(Behaviour({})) as proxy:
        monkeypatch.setenv("https_proxy", proxy)  # it knows no CONNECT
        with pytest.raises(NoNetworkError, match="the proxy"):
            download(remote_file("https://data.invalid"), tmp_path / "file.bin", ONE_TRY, lambda *_: None)


def test_a_killed_download_leaves_nothing_in_place_and_is_continued(
    behaviour: Behaviour, address: str, tmp_path: Path
) -> None:
    behaviour.bytes_per_s = 2_000_000
    remote, path = remote_file(address), tmp_path / "file.bin"
    part = tmp_path / "file.bin.part"
    code = (
        "from pathlib import Path\n"
        "from helpers.datasets.catalog import RemoteFile\n"
        "from helpers.datasets.downloading import download\n"
        "from helpers.datasets.network import Patience\n"
        f"download({remote!r}, Path({str(path)!r}), Patience(), lambda *_: None)\n"
    )
    process = subprocess.Popen([sys.executable, "-c", code])
    try:
        while process.poll() is None and not (part.exists() and part.stat().st_size > 100_000):
            time.sleep(0.005)
    finally:
        os.kill(process.pid, signal.SIGKILL)
    assert process.wait() == -signal.SIGKILL
    assert not path.exists()
    arrived = part.stat().st_size
    behaviour.bytes_per_s = 0
    download(remote, path, ONE_TRY, lambda *_: None)
    assert path.read_bytes() == DATA
    assert behaviour.ranges_asked() == ["", f"bytes={arrived}-"]


def test_a_part_that_is_complete_needs_no_network(tmp_path: Path) -> None:
    (tmp_path / "file.bin.part").write_bytes(DATA)
    download(remote_file("http://nowhere.invalid"), tmp_path / "file.bin", ONE_TRY, lambda *_: None)
    assert (tmp_path / "file.bin").read_bytes() == DATA


def test_a_part_that_is_too_long_or_unmarked_starts_over(
    get: Get, behaviour: Behaviour, tmp_path: Path
) -> None:
    (tmp_path / "data").mkdir()
    for left in (DATA + b"more", DATA[:1000]):
        (tmp_path / "data" / "file.bin.part").write_bytes(left)
        assert get().read_bytes() == DATA
    assert behaviour.ranges_asked() == ["", ""]


def test_a_file_where_the_folder_should_be_is_a_clear_message(address: str, tmp_path: Path) -> None:
    (tmp_path / "data").write_text("in the way")
    with pytest.raises(UnwritableError, match="WORKSHOP_DATA_DIR"):
        download(remote_file(address), tmp_path / "data" / "file.bin", ONE_TRY, lambda *_: None)


def test_more_than_the_disk_has_is_refused_before_it_is_asked_for(
    behaviour: Behaviour, address: str, tmp_path: Path
) -> None:
    huge = RemoteFile("file.bin", f"{address}/file.bin", 10**16, "0" * 64)
    with pytest.raises(DataError, match=r"Too little room in .*MB needed, .*MB free"):
        download(huge, tmp_path / "file.bin", ONE_TRY, lambda *_: None)
    assert behaviour.requests == []


@pytest.mark.skipif(sys.platform == "win32", reason="POSIX limits")
def test_a_disk_that_fills_up_on_the_way_is_a_clear_message_and_the_part_is_kept(
    behaviour: Behaviour, address: str, tmp_path: Path
) -> None:
    """A limit on file sizes stands for the full disk: write fails in the same way, with another number."""
    path = tmp_path / "file.bin"
    code = (
        "import resource, signal\n"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (300_000, 300_000))\n"
        "from pathlib import Path\n"
        "from helpers.datasets.catalog import RemoteFile\n"
        "from helpers.datasets.downloading import download\n"
        "from helpers.datasets.errors import UnwritableError\n"
        "from helpers.datasets.network import Patience\n"
        "try:\n"
        f"    download({remote_file(address)!r}, Path({str(path)!r}), Patience(), lambda *_: None)\n"
        "except UnwritableError as error:\n"
        "    print(error)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert "Cannot write" in done.stdout
    assert "too large" in done.stdout
    assert not path.exists()
    download(remote_file(address), path, ONE_TRY, lambda *_: None)
    assert path.read_bytes() == DATA
    assert behaviour.ranges_asked()[-1] != ""
