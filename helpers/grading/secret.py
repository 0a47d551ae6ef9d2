"""The grader's secret: what every challenge is drawn from, so that nobody can prepare for one.

Made on first use, in a file of the instructor's own outside the repository. With the same secret an
assignment is graded on the same challenges again; whoever knows it can foresee them.
"""

from __future__ import annotations

import contextlib
import hashlib
import hmac
import os
import secrets
import stat
from dataclasses import dataclass, field
from pathlib import Path

from helpers.grading.errors import GradingError

FILE_VARIABLE = "WORKSHOP_SECRET_FILE"
_FOLDER, _NAME = "convolution-workshop", "grading-secret"
_BYTES = 32


@dataclass(frozen=True)
class Secret:
    """Random bytes that seeds are derived from, one for each purpose; never shown."""

    key: bytes = field(repr=False)

    def seed(self, *purpose: str) -> int:
        """A seed of 128 bits for one purpose, e.g. ("01_dense_mnist", "model", "challenge")."""
        message = b"".join(len(word := part.encode()).to_bytes(4, "big") + word for part in purpose)
        return int.from_bytes(hmac.digest(self.key, message, hashlib.sha256)[:16], "big")


def secret_path() -> Path:
    """Where the secret lies: WORKSHOP_SECRET_FILE, else the user's folder for settings."""
    chosen = os.environ.get(FILE_VARIABLE, "").strip()
    if chosen:
        return Path(chosen).expanduser().absolute()
    from platformdirs import user_config_path

    return user_config_path(_FOLDER, appauthor=False) / _NAME


def load_secret() -> Secret:
    """The grader's secret, made now if there is none yet.

    Raises:
        GradingError: it can't be read or made, others may read it, or it isn't whole.
    """
    path = secret_path()
    try:
        if not path.exists():
            _make(path)
        _refuse_open_file(path)
        text = path.read_text(encoding="ascii").strip()
        key = bytes.fromhex(text)
    except OSError as error:
        raise GradingError(
            f"The grader's secret {path} can't be used ({error.strerror}). Give yourself the right to read "
            f"and write it, or name another file in {FILE_VARIABLE}."
        ) from error
    except ValueError as error:
        raise _not_a_secret(path) from error
    if len(key) != _BYTES:
        raise _not_a_secret(path)
    return Secret(key)


def _make(path: Path) -> None:
    """Writes a new secret beside its place and links it there: whole, and whoever comes first wins."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    temporary = path.with_name(f".{path.name}.{secrets.token_hex(4)}.tmp")
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.write(secrets.token_hex(_BYTES) + "\n")
            file.flush()
            os.fsync(file.fileno())
        with contextlib.suppress(FileExistsError):
            os.link(temporary, path)
    finally:
        temporary.unlink()


def _refuse_open_file(path: Path) -> None:
    mode = stat.S_IMODE(path.stat().st_mode)
    if os.name == "posix" and mode & 0o077:
        raise GradingError(
            f"Others may read the grader's secret {path} (its mode is {mode:o}). Delete it, and a new one is "
            f"made; or, if nobody has read it, run: chmod 600 {path}"
        )


def _not_a_secret(path: Path) -> GradingError:
    return GradingError(
        f"{path} isn't a grader's secret: {2 * _BYTES} hexadecimal digits are expected. Delete it, and a new "
        "one is made; challenges will then be drawn anew."
    )
