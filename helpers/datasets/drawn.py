"""The bundled data sets: drawn by `helpers.datasets.bundled` from fixed seeds, kept in the data folder."""

from __future__ import annotations

import contextlib
import hashlib
from pathlib import Path

import numpy as np

from helpers.datasets.atomic import replacing
from helpers.datasets.catalog import Entry
from helpers.datasets.errors import DamagedFileError, UnwritableError
from helpers.datasets.npz import read_npz, write_npz
from helpers.datasets.splits import Split, Splits

_RENDERERS = Path(__file__).parent / "bundled"
_unsaved: dict[str, Splits] = {}


def images(entry: Entry, folder: Path) -> Splits:
    """The bundled images of `entry`: from the cache under `folder`, else drawn and put there.

    Labels are class indices. Where nothing can be written, one line says so and the images stay in memory.
    """
    path = cache_path(entry, folder)
    if path.name in _unsaved:
        return _unsaved[path.name]
    with contextlib.suppress(OSError, DamagedFileError):
        return read_npz(path)
    splits = _draw(entry)
    _save(path, entry, splits)
    return splits


def cache_path(entry: Entry, folder: Path) -> Path:
    """Where the images of `entry` are kept, as the renderers and the catalog are now."""
    return folder / "bundled" / f"{entry.name}-{_fingerprint(entry)}.npz"


def _fingerprint(entry: Entry) -> str:
    """Changes with the renderers' code and templates, the seeds and the counts: no old cache is ever used."""
    digest = hashlib.sha256(repr((entry.name, entry.drawing)).encode())
    for source in sorted(path for path in _RENDERERS.rglob("*") if path.suffix in {".py", ".toml", ".json"}):
        digest.update(source.relative_to(_RENDERERS).as_posix().encode())
        digest.update(source.read_bytes())
    return digest.hexdigest()[:12]


def _draw(entry: Entry) -> Splits:
    drawing = entry.drawing
    return Splits(
        _draw_split(entry.name, drawing.train_images, drawing.train_seed),
        _draw_split(entry.name, drawing.test_images, drawing.test_seed),
    )


def _draw_split(name: str, count: int, seed: int) -> Split:
    """Drawn images in the 256 grey levels of the real ones, so that a cached set equals a fresh one."""
    from helpers.datasets import bundled

    x, y = bundled.draw(name, count, seed)
    return Split(np.rint(x[..., 0] * 255).astype(np.uint8), y)


def _save(path: Path, entry: Entry, splits: Splits) -> None:
    try:
        with replacing(path) as temporary:
            write_npz(temporary, splits)
    except UnwritableError as error:
        _unsaved[path.name] = splits
        print(f"{entry.name}: kept in memory only, {path.parent} cannot be written ({error.reason}).")
        return
    for old in path.parent.glob(f"{entry.name}-*.npz"):
        if old != path:
            with contextlib.suppress(OSError):
                old.unlink()
