"""`workshop data fetch`: getting a full data set from where it is published."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from helpers.datasets import catalog, full, kaggle
from helpers.datasets.catalog import Source
from helpers.datasets.checksums import sha256_of
from helpers.datasets.downloading import Progress, download
from helpers.datasets.errors import DataError
from helpers.datasets.installing import copying, install
from helpers.datasets.lock import only_one
from helpers.datasets.network import DownloadError, Patience
from helpers.datasets.space import require_space
from helpers.datasets.status import describe_copy

_KAGGLE_BYTES = (
    400_000_000  # archive, what is in it, and the copy in the data folder, for a while all at once
)


def sources(names: Iterable[str]) -> list[Source]:
    """The published data sets behind these names, each once, in the order of the catalog.

    Raises:
        DataError: there is no data set of one of the names.
    """
    wanted = {catalog.entry(name).source.name for name in names}
    return [entry.source for entry in catalog.ENTRIES.values() if entry.name in wanted]


def describe_present(source: Source, folder: Path) -> str:
    """What is known of the whole and undamaged copy in `folder`; "" where there is none."""
    paths = full.find(source, folder)
    if not paths:
        return ""
    try:
        return describe_copy(source, paths, full.read(source, paths))
    except DataError:
        return ""


def fetch(source: Source, folder: Path, patience: Patience, progress: Progress, *, quiet: bool) -> None:
    """Download `source` into `folder`, verify it, and replace what was there of it.

    Raises:
        NoNetworkError, DownloadError: it did not arrive; what was in `folder` is as it was.
        DataError: no room, no permission, or another process is fetching.
    """
    partial = folder / "partial"
    with only_one(partial):
        if source.kaggle:
            _fetch_from_kaggle(source, folder, partial / "kaggle", patience, quiet=quiet)
        else:
            _fetch_files(source, folder, partial, patience, progress)


def _fetch_files(source: Source, folder: Path, partial: Path, patience: Patience, progress: Progress) -> None:
    arrived = [partial / file.name for file in source.remote]
    for file, path in zip(source.remote, arrived, strict=True):
        if not (path.exists() and sha256_of(path) == file.sha256):
            download(file, path, patience, progress)
    full.read(source, tuple(arrived))
    install(source, folder, {path.name: copying(path) for path in arrived})
    for path in arrived:
        path.unlink()


def _fetch_from_kaggle(source: Source, folder: Path, cache: Path, patience: Patience, *, quiet: bool) -> None:
    require_space(folder, _KAGGLE_BYTES)
    arrived = kaggle.download_from_kaggle(source.kaggle, cache, patience, quiet=quiet)
    try:
        paths = _locate(source, arrived)
        splits = full.read(source, paths)
        found, expected = (len(splits.train), len(splits.test)), (source.train_images, source.test_images)
        if found != expected:
            raise DownloadError(
                f"{source.kaggle} has {found[0]:,} + {found[1]:,} images; "
                f"expected {expected[0]:,} + {expected[1]:,}. Nothing was taken from it."
            )
    except DataError:
        kaggle.forget(cache)
        raise
    install(source, folder, {path.name: copying(path) for path in paths})
    kaggle.forget(cache)


def _locate(source: Source, folder: Path) -> tuple[Path, ...]:
    paths = []
    for name in source.layouts[0]:
        found = sorted(folder.rglob(name))
        if not found or not found[0].is_file():
            raise DownloadError(
                f"{source.kaggle} on Kaggle no longer contains {name}. Nothing was taken from it."
            )
        paths.append(found[0])
    return tuple(paths)
