"""A real HTTP server on this machine that serves a few files, well or badly."""

from __future__ import annotations

import contextlib
import http.server
import re
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field


@dataclass
class Behaviour:
    """How the server treats every request, and what it has seen.

    `break_after` closes the connection after so many bytes of a body (once for each number in the list);
    `statuses` are answered first, one a request; `honest_range=False` starts a 206 at the wrong byte.
    """

    files: dict[str, bytes]
    etag: str = '"one"'
    last_modified: str = ""
    ranges: bool = True
    honest_range: bool = True
    honour_if_range: bool = True
    send_length: bool = True
    break_after: list[int] = field(default_factory=list)
    statuses: list[int] = field(default_factory=list)
    bytes_per_s: float = 0.0
    requests: list[tuple[str, dict[str, str]]] = field(default_factory=list)

    def ranges_asked(self) -> list[str]:
        """The Range header of each request, "" where there was none."""
        return [headers.get("Range", "") for _, headers in self.requests]


class _Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Server

    def do_GET(self) -> None:
        behaviour = self.server.behaviour
        behaviour.requests.append((self.path, dict(self.headers)))
        self.close_connection = True
        if behaviour.statuses:
            self._answer(behaviour.statuses.pop(0), b"not now")
            return
        data = behaviour.files.get("/" + self.path.rsplit("/", 1)[-1])
        if data is None:
            self._answer(404, b"not here")
            return
        start = self._start()
        if start >= len(data) > 0:
            self._answer(416, b"")
        else:
            self._answer(206 if start else 200, data[start:], start, len(data))

    def _start(self) -> int:
        behaviour = self.server.behaviour
        asked = re.fullmatch(r"bytes=(\d+)-", self.headers.get("Range", ""))
        if not asked or not behaviour.ranges:
            return 0
        condition = self.headers.get("If-Range")
        current = (behaviour.etag, behaviour.last_modified)
        if behaviour.honour_if_range and condition and condition not in current:
            return 0
        return int(asked[1])

    def _answer(self, status: int, body: bytes, start: int = 0, total: int = 0) -> None:
        behaviour = self.server.behaviour
        self.send_response(status)
        if behaviour.send_length:
            self.send_header("Content-Length", str(len(body)))
        if behaviour.etag:
            self.send_header("ETag", behaviour.etag)
        if behaviour.last_modified:
            self.send_header("Last-Modified", behaviour.last_modified)
        if status == 206:
            claimed = start if behaviour.honest_range else start + 1
            self.send_header("Content-Range", f"bytes {claimed}-{total - 1}/{total}")
        self.send_header("Connection", "close")
        self.end_headers()
        if status in (200, 206) and behaviour.break_after:
            body = body[: behaviour.break_after.pop(0)]
        self._send(body)

    def _send(self, body: bytes) -> None:
        rate = self.server.behaviour.bytes_per_s
        step = max(1, int(rate / 20)) if rate else len(body) or 1
        for at in range(0, len(body), step):
            self.wfile.write(body[at : at + step])
            if rate:
                time.sleep(1 / 20)

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


class _Server(http.server.ThreadingHTTPServer):
    behaviour: Behaviour

    def handle_error(self, request: object, client_address: object) -> None:
        """Clients that hang up are what these tests are about."""


@contextlib.contextmanager
def serving(behaviour: Behaviour) -> Iterator[str]:
    """Serve until the block ends; gives the server's address, such as http://127.0.0.1:40123."""
    with _Server(("127.0.0.1", 0), _Handler) as server:
        server.behaviour = behaviour
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_address[1]}"
        finally:
            server.shutdown()
            thread.join()
