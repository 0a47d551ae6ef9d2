"""Data sets that kagglehub downloads. It resumes, checks the MD5 that Kaggle gives, and needs no account."""

from __future__ import annotations

import contextlib
import os
import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path

from helpers.datasets.network import DownloadError, NoNetworkError, Patience


def download_from_kaggle(handle: str, folder: Path, patience: Patience, *, quiet: bool) -> Path:
    """Get all files of the data set `handle`, such as "owner/name"; returns the folder that they are in.

    Everything stays under `folder`, which is kagglehub's cache meanwhile: what has arrived when a download
    breaks off is there for the next one.

    Raises:
        NoNetworkError: Kaggle cannot be reached.
        DownloadError: kagglehub gave up; the message has its reason.
    """
    _knock(patience)
    settings = {"KAGGLEHUB_CACHE": str(folder), "KAGGLEHUB_VERBOSITY": "error"}
    if quiet:
        settings["TQDM_DISABLE"] = "1"
    with _environment(settings):
        import kagglehub
        import requests

        try:
            return Path(kagglehub.dataset_download(handle))
        except Exception as error:  # whatever it raises, the user needs its reason and a way on
            if not isinstance(error, requests.RequestException):
                forget(folder)  # what has arrived is damaged; kagglehub would take it for whole next time
            reason = str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
            raise DownloadError(
                f"kagglehub could not get {handle}: {reason}\n"
                f"Try again later. Or get it with a browser from https://www.kaggle.com/datasets/{handle}, "
                "unpack it and run `workshop data import signs FOLDER`."
            ) from error


def forget(folder: Path) -> None:
    """Remove what kagglehub keeps under `folder`."""
    shutil.rmtree(folder, ignore_errors=True)


def _knock(patience: Patience) -> None:
    """Find out in time whether Kaggle is there at all: kagglehub's first question has no time limit."""
    import requests
    from kagglesdk.kaggle_env import get_endpoint, get_env  # type: ignore[import-untyped]

    endpoint = str(get_endpoint(get_env()))
    try:
        requests.head(endpoint, timeout=(patience.connect_s, patience.read_s))
    except requests.RequestException as error:
        raise NoNetworkError(endpoint, error) from error


@contextlib.contextmanager
def _environment(settings: Mapping[str, str]) -> Iterator[None]:
    before = {name: os.environ.get(name) for name in settings}
    os.environ.update(settings)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value
