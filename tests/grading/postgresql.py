"""A PostgreSQL server of a test's own: on loopback, in a folder of its own, and gone afterwards."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import quote

from tests.ports import free_port

USER = "grader"
PASSWORD = "p@ss/word:%1"  # with all that an address needs escaped
_DEBIAN = Path("/usr/lib/postgresql")
_SECONDS_TO_START = 60


def programs() -> Path | None:
    """The folder of PostgreSQL's server programs; None where it isn't installed."""
    on_path = shutil.which("initdb")
    if on_path:
        return Path(on_path).resolve().parent
    found = sorted(_DEBIAN.glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    return found[-1].parent if found else None


@dataclass(frozen=True)
class Server:
    """A server that runs."""

    port: int
    password: str = PASSWORD

    def address(self, database: str) -> str:
        """The address of one of its databases, as nbgrader and SQLAlchemy write it."""
        return f"postgresql://{USER}:{quote(self.password, safe='')}@127.0.0.1:{self.port}/{database}"

    def with_password(self, password: str) -> Server:
        return replace(self, password=password)

    def run(self, statement: str, database: str = "postgres") -> list[tuple[object, ...]]:
        """Runs a statement in a database; the rows that it gives."""
        import psycopg

        with psycopg.connect(
            host="127.0.0.1", port=self.port, user=USER, password=self.password, dbname=database
        ) as connection:
            connection.autocommit = True
            rows = connection.execute(statement.encode())
            return rows.fetchall() if rows.description else []


@contextlib.contextmanager
def started(folder: Path) -> Iterator[Server]:
    """Starts a server with its data in a folder that isn't there yet, and stops it."""
    own = _rights()
    place = programs()
    assert place is not None
    with tempfile.NamedTemporaryFile("w", dir=folder) as secret:
        secret.write(PASSWORD)
        secret.flush()
        if own:
            os.chown(secret.name, own["user"], -1)
        options = ["--username", USER, "--pwfile", secret.name, "--auth", "scram-sha-256", "--no-sync"]
        options += ["--encoding=UTF8", "--no-locale"]
        _must_run([str(place / "initdb"), *options, str(folder / "data")], own)
    port = free_port()
    settings = {"listen_addresses": "127.0.0.1", "unix_socket_directories": "", "fsync": "off"}
    command = [str(place / "postgres"), "-D", str(folder / "data"), "-p", str(port)]
    command += [f"--{name}={value}" for name, value in settings.items()]
    with (folder / "log.txt").open("wb") as log:
        process = subprocess.Popen(command, stdout=log, stderr=log, cwd="/", **own)
    try:
        server = Server(port)
        _wait_for(server, process, folder / "log.txt")
        yield server
    finally:
        process.send_signal(signal.SIGINT)  # which ends connections, too
        process.wait(timeout=60)


@contextlib.contextmanager
def own_folder() -> Iterator[Path]:
    """A temporary folder that the server's user reaches, whoever that is; pytest's own are private."""
    folder = Path(tempfile.mkdtemp(prefix="workshop-postgresql-"))
    try:
        own = _rights()
        if own:
            os.chown(folder, own["user"], own["group"])
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _rights() -> dict[str, int]:
    """As whom the server runs: as this user; root, whom it refuses, takes another one."""
    if os.geteuid() != 0:
        return {}
    import pwd

    users = {one.pw_name: one for one in pwd.getpwall()}
    other = users.get("postgres") or users["nobody"]
    return {"user": other.pw_uid, "group": other.pw_gid}


def _must_run(command: list[str], rights: dict[str, int]) -> None:
    done = subprocess.run(command, capture_output=True, text=True, cwd="/", check=False, **rights)
    assert done.returncode == 0, done.stderr


def _wait_for(server: Server, process: subprocess.Popen[bytes], log: Path) -> None:
    import psycopg

    deadline = time.monotonic() + _SECONDS_TO_START
    while True:
        try:
            server.run("SELECT 1")
            return
        except psycopg.OperationalError:
            assert process.poll() is None, log.read_text()
            assert time.monotonic() < deadline, log.read_text()
            time.sleep(0.1)
