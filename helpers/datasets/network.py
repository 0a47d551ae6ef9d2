"""How long to wait for a network, and what to say when it is not there."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from helpers.datasets.errors import DataError

if TYPE_CHECKING:
    import requests


@dataclass(frozen=True)
class Patience:
    """Time limits of a download. `tries` counts attempts in a row that brought nothing new."""

    connect_s: float = 10.0
    read_s: float = 30.0
    tries: int = 4
    first_wait_s: float = 1.0


QUICK = Patience(connect_s=3.0, read_s=10.0, tries=1)
"""For asking by the way: one attempt, and no long wait where there is no network."""


def answers(url: str, within_s: float) -> bool:
    """Whether anything at all answers at `url` in that time, looking up its name included."""
    import threading

    import requests

    answered = threading.Event()

    def knock() -> None:
        with contextlib.suppress(requests.RequestException):
            requests.head(url, timeout=within_s)
            answered.set()

    knocking = threading.Thread(target=knock, daemon=True)
    knocking.start()
    knocking.join(within_s)
    return answered.is_set()


class DownloadError(DataError):
    """A file could not be downloaded; nothing in the data folder has changed."""


class NoNetworkError(DownloadError):
    """The server could not be reached at all."""

    def __init__(self, url: str, error: requests.RequestException) -> None:
        self.host = urlsplit(url).hostname or url
        super().__init__(
            f"Cannot reach {self.host}: {_reason(error)}.\n"
            "Nothing is lost: what has arrived is kept, and the next `workshop data fetch` goes on there. "
            "Without a network, `workshop data import` takes files that you have, and the lessons that have "
            "bundled images go on with those."
        )


def _reason(error: requests.RequestException) -> str:
    import requests

    text = str(error)
    if isinstance(error, requests.exceptions.ProxyError):
        return "the proxy (HTTPS_PROXY or HTTP_PROXY) does not let this through"
    if isinstance(error, requests.exceptions.SSLError):
        return f"its certificate cannot be verified ({text.rsplit('(', 1)[-1].strip(')')})"
    if "NameResolution" in text or "getaddrinfo" in text:
        return "its name cannot be looked up; there seems to be no network"
    if isinstance(error, requests.exceptions.Timeout):
        return "it does not answer in time"
    if "refused" in text:
        return "the connection was refused"
    return "the connection broke off" if isinstance(error, requests.ConnectionError) else text
