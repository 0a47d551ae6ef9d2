"""Images that nobody's notebook has seen, and the data folder that students' notebooks get while graded.

Bundled data sets: fresh images are drawn from the secret, as many as are asked for. Full data sets: the
secret chooses half of the real test images; they are missing from the copy that students' code works with.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from helpers.checks.items import ImageSource
from helpers.datasets import bundled, catalog, drawn, full, load, variant_in_use
from helpers.datasets.catalog import Entry, Source
from helpers.datasets.folder import chosen_variant, data_folder
from helpers.datasets.npz import write_npz
from helpers.datasets.splits import Split, Splits
from helpers.grading.errors import GradingError
from helpers.grading.secret import Secret

CACHE_VARIABLE = "WORKSHOP_CACHE_DIR"
_HELD_OUT = 0.5  # of the real test images
_FORM = "2"  # of what is kept in the cache; another number makes it anew


@dataclass(frozen=True)
class StudentData:
    """What a student's notebook finds where `datasets.load` looks.

    variant: "full" or "bundled".
    folder:  a data folder with these data sets alone; of full ones, the held-out test images are missing.
    """

    variant: str
    folder: Path

    def variables(self) -> dict[str, str]:
        """The environment variables that point `datasets.load` there."""
        return {"WORKSHOP_DATA": self.variant, "WORKSHOP_DATA_DIR": str(self.folder)}


@dataclass(frozen=True)
class Drawn:
    """Fresh bundled images: another seed, other images; the same secret and seed, the same ones."""

    name: str
    secret: Secret

    def __call__(self, n: int, seed: int) -> tuple[NDArray[np.float32], NDArray[np.int64]]:
        x, y = bundled.draw(self.name, n, self.secret.seed("images", self.name, str(seed)))
        # In the 256 grey levels that the bundled sets are kept in, like those a model was trained on.
        return (np.rint(x * 255) / 255).astype(np.float32), y


class HeldOut:
    """Held-out real images, dealt like cards: no image is given twice, whoever asks.

    Some of them meet a student's code together with their labels (a function's inputs), others are what that
    student's model is judged on, so the two must not overlap.
    """

    def __init__(self, images: Split, name: str) -> None:
        self._images = images
        self._name = name
        self._dealt = 0

    def __call__(self, n: int, seed: int) -> tuple[NDArray[np.float32], NDArray[np.int64]]:
        if self._dealt + n > len(self._images):
            raise GradingError(
                "The assignment asks for more unseen images than there are: "
                f"{len(self._images):,} of {self._name}'s test images are held out. Ask for fewer in "
                "assignment.toml, or grade with bundled data (WORKSHOP_DATA=bundled)."
            )
        order = self._dealt + np.random.default_rng(seed).permutation(n)
        self._dealt += n
        pixels = self._images.images[order][..., np.newaxis]
        return pixels.astype(np.float32) / np.float32(255), self._images.labels[order]


def unseen_images(name: str, secret: Secret, variant: str = "") -> ImageSource:
    """Where challenges take their images from: `variant`, else what `datasets.load(name)` would give here.

    Full data sets made of the same files (signs and rps) are dealt each from a deck of its own: an assignment
    that is about both mustn't give students' functions images of the one while it judges models on the other.

    Raises DataError as `datasets.load` does.
    """
    entry = catalog.entry(name)
    if resolved_variant(entry, variant) == "bundled":
        return Drawn(name, secret)
    held_out, _ = _divided(entry, secret)
    return HeldOut(held_out.choose(entry.labels), name)


def student_data(names: Sequence[str], secret: Secret, variant: str = "") -> StudentData:
    """The data folder for students' notebooks, made now if it isn't in the cache.

    Its variant is the one that `datasets.load` gives of the first data set, for all of them.

    Raises DataError as `datasets.load` does, and GradingError where the cache can't be written.
    """
    entries = [catalog.entry(name) for name in names]
    variant = resolved_variant(entries[0], variant)
    folder = cache_folder() / "data" / _fingerprint(entries, variant, secret)
    if not folder.is_dir():
        try:
            _make(folder, entries, variant, secret)
        except OSError as error:
            raise GradingError(
                f"{folder} can't be written ({error.strerror}). Make room, or name another folder in "
                f"{CACHE_VARIABLE}."
            ) from error
    return StudentData(variant, folder)


def resolved_variant(entry: Entry, wanted: str = "") -> str:
    """The wanted variant; else the one that `datasets.load` takes here, by WORKSHOP_DATA and the files there.

    Raises DataError as `datasets.load` does where that would find nothing.
    """
    if wanted:
        return wanted
    variant = variant_in_use(entry.name)
    if variant == "bundled" and chosen_variant(None) == "full":
        load(entry.name, quiet=True)  # raises, with what to do about it
    return variant


def cache_folder() -> Path:
    """Where the grader keeps what it can make again: WORKSHOP_CACHE_DIR, else the user's cache folder."""
    chosen = os.environ.get(CACHE_VARIABLE, "").strip()
    if chosen:
        return Path(chosen).expanduser().absolute()
    from platformdirs import user_cache_path

    return user_cache_path("convolution-workshop", appauthor=False)


def _fingerprint(entries: Sequence[Entry], variant: str, secret: Secret) -> str:
    """Another one for other data, another version of it, or another secret."""
    facts = [_FORM, variant]
    for entry in entries:
        if variant == "bundled":
            facts += [entry.name, drawn.cache_path(entry, Path()).name]
        else:
            facts += [
                entry.name,
                str(secret.seed("held out", entry.source.name)),
                *map(_stamp, _files(entry)),
            ]
    digest = hashlib.sha256("\n".join(facts).encode()).hexdigest()
    return f"{'-'.join(entry.name for entry in entries)}-{variant}-{digest[:16]}"


def _stamp(path: Path) -> str:
    status = path.stat()
    return f"{path} {status.st_size} {status.st_mtime_ns}"


def _make(folder: Path, entries: Sequence[Entry], variant: str, secret: Secret) -> None:
    """Makes it beside its place and renames it, so that it is there whole or not at all."""
    folder.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    made = Path(tempfile.mkdtemp(dir=folder.parent, prefix=".making-"))
    try:
        for entry in entries:
            if variant == "bundled":
                path = drawn.cache_path(entry, made)
                path.parent.mkdir(exist_ok=True)
                write_npz(path, drawn.images(entry, data_folder()))
            elif not full.find(entry.source, made):  # two data sets may be made of the same files
                _, rest = _divided(entry, secret)
                _write_full(made, entry.source, rest)
        made.rename(folder)
    except OSError:
        shutil.rmtree(made, ignore_errors=True)
        if not folder.is_dir():  # else another process was faster, with the same content
            raise


def _write_full(folder: Path, source: Source, splits: Splits) -> None:
    single = [layout[0] for layout in source.layouts if len(layout) == 1]
    if single:
        write_npz(folder / single[0], splits)
        return
    for name, split in zip(source.layouts[0], (splits.train, splits.test), strict=True):
        _write_csv(folder / name, split)


def _write_csv(path: Path, split: Split) -> None:
    from helpers.datasets.kaggle_csv import COLUMNS

    table = np.column_stack([split.labels, split.images.reshape(len(split), -1)])
    np.savetxt(path, table, fmt="%d", delimiter=",", header=",".join(COLUMNS), comments="")


def _files(entry: Entry) -> tuple[Path, ...]:
    return full.find(entry.source, data_folder())


@lru_cache(maxsize=1)
def _read(source: Source, paths: tuple[Path, ...], stamps: tuple[str, ...]) -> Splits:
    return full.read(source, paths)


def _divided(entry: Entry, secret: Secret) -> tuple[Split, Splits]:
    """The held-out test images, in the order they are dealt, and what is left for students."""
    paths = _files(entry)
    splits = _read(entry.source, paths, tuple(map(_stamp, paths)))
    test = splits.test
    order = np.random.default_rng(secret.seed("held out", entry.source.name)).permutation(len(test))
    count = int(len(test) * _HELD_OUT)
    held, left = order[:count], np.sort(order[count:])
    return (
        Split(test.images[held], test.labels[held]),
        Splits(splits.train, Split(test.images[left], test.labels[left])),
    )
