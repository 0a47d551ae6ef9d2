"""Downloading one file: resumed where it stopped, verified when it is whole, and only then given its name."""

from __future__ import annotations

import contextlib
import os
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from helpers.datasets.catalog import RemoteFile
from helpers.datasets.checksums import sha256_of
from helpers.datasets.errors import UnwritableError
from helpers.datasets.network import DownloadError, NoNetworkError, Patience
from helpers.datasets.space import require_space

if TYPE_CHECKING:
    import requests

Progress = Callable[[str, int, int], None]
"""Called with a file's name, the bytes that are there, and the bytes that there will be."""

_CHUNK = 1 << 14
_TRY_AGAIN = {408, 425, 429, 500, 502, 503, 504}


class _Interrupted(Exception):
    """An attempt ended early for a reason that may pass."""

    def __init__(self, cause: requests.RequestException | str) -> None:
        self.cause = cause
        super().__init__(str(cause))


def download(remote: RemoteFile, path: Path, patience: Patience, progress: Progress) -> None:
    """Get `remote` and put it at `path`, verified by length and SHA-256.

    While it arrives it is called `path`.part. A part that an earlier run left is continued, provided that the
    server says that its file is still the same one; otherwise the download starts over.

    Raises:
        NoNetworkError: the server cannot be reached; the part is kept.
        DownloadError: the server does not have the file, or sent another one, which is deleted.
        UnwritableError: the folder cannot be written to, or is full.
    """
    part = _Part(path, remote)
    with _writing(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        require_space(path.parent, remote.size - part.size())
        _fill(part, patience, progress)
        _verify(part)
        os.replace(part.path, path)
        part.discard()


class _Part:
    """What has arrived of a file, with the server's mark of the version that it belongs to (ETag or date)."""

    def __init__(self, path: Path, remote: RemoteFile) -> None:
        self.remote = remote
        self.path = path.with_name(f"{path.name}.part")
        self._mark = path.with_name(f"{path.name}.part.version")

    def size(self) -> int:
        """Bytes that are there; 0 where they cannot be continued."""
        try:
            size = self.path.stat().st_size
        except OSError:
            return 0
        usable = size == self.remote.size or (size < self.remote.size and bool(self.version()))
        return size if usable else 0

    def version(self) -> str:
        try:
            return self._mark.read_text()
        except OSError:
            return ""

    def start_over(self, version: str) -> None:
        self.discard()
        self.path.touch()
        if version:
            self._mark.write_text(version)

    def discard(self) -> None:
        for path in (self.path, self._mark):
            path.unlink(missing_ok=True)


def _fill(part: _Part, patience: Patience, progress: Progress) -> None:
    failures, most = 0, part.size()
    while part.size() < part.remote.size:
        try:
            _attempt(part, patience, progress)
        except _Interrupted as interrupted:
            failures = 1 if part.size() > most else failures + 1
            most = max(most, part.size())
            if failures >= patience.tries:
                raise _give_up(part, interrupted) from interrupted
            time.sleep(patience.first_wait_s * 2 ** (failures - 1))


def _give_up(part: _Part, interrupted: _Interrupted) -> DownloadError:
    if isinstance(interrupted.cause, str):
        return DownloadError(f"{part.remote.url}: {interrupted.cause}. Try again later.")
    return NoNetworkError(part.remote.url, interrupted.cause)


def _attempt(part: _Part, patience: Patience, progress: Progress) -> None:
    """Ask for what is missing and write what comes. Raises _Interrupted where that is not all."""
    import requests

    try:
        with requests.get(
            part.remote.url,
            headers=_headers(part),
            stream=True,
            timeout=(patience.connect_s, patience.read_s),
        ) as response:
            _check_answer(part, response)
            if response.status_code != requests.codes.partial_content:
                part.start_over(_version(response))
            _write(part, response, progress)
    except requests.RequestException as error:
        raise _Interrupted(error) from error
    if part.size() < part.remote.size:
        raise _Interrupted("the connection ended before the file did")


def _headers(part: _Part) -> dict[str, str]:
    headers = {"Accept-Encoding": "identity"}
    if size := part.size():
        headers |= {"Range": f"bytes={size}-", "If-Range": part.version()}
    return headers


def _version(response: requests.Response) -> str:
    """What If-Range can be given later: a strong ETag, else the date of the last change, else nothing."""
    etag = str(response.headers.get("ETag", ""))
    return etag if etag.startswith('"') else str(response.headers.get("Last-Modified", ""))


def _check_answer(part: _Part, response: requests.Response) -> None:
    """Return where the answer is the file, or the rest of it."""
    status, url = response.status_code, part.remote.url
    if status in _TRY_AGAIN:
        raise _Interrupted(f"the server answers {status} {response.reason}")
    if status == 416:
        part.discard()
        raise _Interrupted("the server cannot continue the download")
    if status == 206:
        expected = f"bytes {part.size()}-{part.remote.size - 1}/{part.remote.size}"
        version = _version(response) or part.version()
        if response.headers.get("Content-Range") != expected or version != part.version():
            part.discard()
            raise _Interrupted("the server sent another part of the file than the one asked for")
        return
    if status != 200:
        raise DownloadError(f"{url}: the server answers {status} {response.reason}, not the file.")
    length = response.headers.get("Content-Length", str(part.remote.size))
    if length != str(part.remote.size):
        raise DownloadError(
            f"{url}: expected a file of {part.remote.size:,} bytes, the server offers {length}. "
            "This may be the log-in page of a Wi-Fi network; open a web page in a browser, then try again."
        )


def _write(part: _Part, response: requests.Response, progress: Progress) -> None:
    remote = part.remote
    done = part.path.stat().st_size
    with open(part.path, "ab") as file:
        progress(remote.name, done, remote.size)
        for chunk in response.iter_content(_CHUNK):
            done += len(chunk)
            if done > remote.size:
                break
            file.write(chunk)
            progress(remote.name, done, remote.size)
    if done > remote.size:
        part.discard()
        raise DownloadError(f"{remote.url}: the server sent more than the expected {remote.size:,} bytes.")


def _verify(part: _Part) -> None:
    with open(part.path, "rb+") as file:
        os.fsync(file.fileno())
    found = sha256_of(part.path)
    if found != part.remote.sha256:
        part.discard()
        raise DownloadError(
            f"{part.remote.name} arrived whole but damaged: expected the SHA-256 {part.remote.sha256}, "
            f"found {found}. It was deleted; try again, or give `workshop data import` a copy that you have."
        )


@contextlib.contextmanager
def _writing(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise UnwritableError(path, error) from error
