"""The frames that a student saves: `data/my_signs/SIGN/….png`, which never leave the computer.

They are photographs of a person's hand. Git ignores the folder, the students' zip leaves it out, and
`delete_my_signs` deletes all of them.
"""

from __future__ import annotations

import contextlib
import secrets
import warnings
from pathlib import Path
from typing import TYPE_CHECKING

from helpers.datasets.atomic import replacing
from helpers.datasets.folder import data_folder
from helpers.game.errors import GameError
from helpers.game.reader import SIDE
from helpers.game.rules import SIGNS

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

FOLDER = "my_signs"
MOST_FRAMES = 5_000
LARGEST_FILE = 10_000  # bytes; a PNG of 784 grey pixels has less than 1,000


def signs_folder() -> Path:
    """Where the frames lie: `my_signs` in the data folder."""
    return data_folder() / FOLDER


def save(frame: NDArray[np.uint8], sign: int) -> Path:
    """Saves a frame (28, 28) as an example of a sign; returns its file, which is there whole or not at all.

    Raises:
        GameError: there are too many already.
        UnwritableError: the folder can't be written to.
    """
    from PIL import Image

    files = _files()
    if len(files) >= MOST_FRAMES:
        raise GameError(f"{MOST_FRAMES:,} frames are saved in {signs_folder()}; delete some first.")
    number = 1 + max((_number(file) for file in files), default=0)
    # The ending keeps two kernels that save at the same moment apart.
    path = signs_folder() / SIGNS[sign] / f"{number:05}-{secrets.token_hex(2)}.png"
    with contextlib.suppress(OSError):  # what can't be made will be reported in writing to it
        signs_folder().mkdir(parents=True, exist_ok=True, mode=0o700)  # nobody else's on a shared computer
    with replacing(path) as temporary:
        Image.fromarray(frame).save(temporary, "PNG")
    return path


def undo() -> str | None:
    """Deletes the frame that was saved last; returns its sign, or None where there is none."""
    files = _files()
    if not files:
        return None
    last = max(files, key=_number)
    _delete([last])
    return last.parent.name


def counts() -> dict[str, int]:
    """How many frames are saved for each sign."""
    signs = [file.parent.name for file in _files()]
    return {sign: signs.count(sign) for sign in SIGNS}


def my_signs(*, quiet: bool = False) -> tuple[NDArray[np.float32], NDArray[np.int64]]:
    """The frames that were saved in the game, as data to train on; says how many in one line.

    Args:
        quiet: print nothing.

    Returns:
        x: images, float32 (n, 28, 28, 1), from 0 (black) to 1 (white), in the order in which they were saved.
        y: class indices as `datasets.load("rps")` has them, int64 (n,).
        Without any saved frames, n is 0.

    Raises:
        GameError: a file in the folder is no frame; the message names it.
    """
    import numpy as np

    files = sorted(_files(), key=_number)
    if not quiet:
        print(_told([file.parent.name for file in files]))
    x = np.zeros((len(files), SIDE, SIDE, 1), dtype=np.float32)
    for place, file in enumerate(files):
        x[place, :, :, 0] = _read(file)
    x /= 255
    y = np.array([SIGNS.index(file.parent.name) for file in files], dtype=np.int64)
    return x, y


def delete_my_signs() -> int:
    """Deletes all saved frames, for good; returns how many there were."""
    files = _files()
    _delete(files)
    for folder in (*(signs_folder() / sign for sign in SIGNS), signs_folder()):
        with contextlib.suppress(OSError):  # something else lies in it, which isn't ours to delete
            folder.rmdir()
    return len(files)


def _files() -> list[Path]:
    """All files of the signs' folders; a folder that is a link elsewhere is none of ours."""
    folders = [signs_folder() / sign for sign in SIGNS]
    own = [folder for folder in folders if not folder.is_symlink()]
    return [file for folder in own for file in sorted(folder.glob("[!.]*.png"))]


def _number(file: Path) -> int:
    """Its place in the order of saving; 0 for a file that somebody else put there."""
    digits = file.name.partition("-")[0]
    return int(digits) if digits.isascii() and digits.isdigit() and len(digits) < 10 else 0


def _told(signs: list[str]) -> str:
    if not signs:
        return "my signs: none saved yet"
    each = ", ".join(f"{signs.count(sign):,} {sign}" for sign in SIGNS)
    return f"my signs: {len(signs):,} saved on this computer ({each})"


def _read(file: Path) -> NDArray[np.uint8]:
    """Grey levels (28, 28) from a file that may hold anything."""
    import numpy as np
    from PIL import Image

    try:
        if file.is_symlink() or not file.is_file() or file.stat().st_size > LARGEST_FILE:
            raise _damaged(file, "it is too large, or no plain file")
        with warnings.catch_warnings(action="ignore"), Image.open(file, formats=["PNG"]) as picture:
            if picture.size != (SIDE, SIDE) or picture.mode != "L":
                width, height = picture.size
                raise _damaged(file, f"it has {width} × {height} pixels of the mode {picture.mode}")
            return np.asarray(picture, dtype=np.uint8)
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError) as error:  # Pillow has many ways
        raise _damaged(file, "it can't be read") from error


def _damaged(file: Path, reason: str) -> GameError:
    return GameError(
        f"{file.parent.name}/{file.name} is no frame that the game saved (grey PNG, {SIDE} × {SIDE} pixels): "
        f"{reason}. Delete it and try again.\n(the file is {file})"
    )


def _delete(files: list[Path]) -> None:
    for file in files:
        try:
            file.unlink(missing_ok=True)
        except OSError as error:
            raise GameError(f"{file} can't be deleted ({error.strerror}).") from error
