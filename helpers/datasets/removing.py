"""`workshop data remove`: what the workshop keeps in its data folder, and removing that alone."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from helpers.datasets import catalog
from helpers.datasets.errors import UnwritableError
from helpers.datasets.installing import layout_files


def removable(names: Iterable[str], folder: Path) -> list[Path]:
    """The files of these data sets in `folder`: full, bundled, and what is left of a download.

    Files that two data sets share ("signs" and "rps") are named for either.

    Raises:
        DataError: there is no data set of one of the names.
    """
    found: dict[Path, None] = {}
    for entry in [catalog.entry(name) for name in names]:
        found |= dict.fromkeys(layout_files(entry.source, folder))
        found |= dict.fromkeys(sorted((folder / "bundled").glob(f"{entry.name}-*.npz")))
        found |= dict.fromkeys(_left_of_downloads(entry.source, folder / "partial"))
    return list(found)


def remove(paths: Iterable[Path]) -> None:
    """Remove these files; one that is a link goes alone, what it points to stays.

    Raises:
        UnwritableError: one of them cannot be removed.
    """
    for path in paths:
        try:
            path.unlink(missing_ok=True)
        except OSError as error:
            raise UnwritableError(path, error) from error


def _left_of_downloads(source: catalog.Source, partial: Path) -> list[Path]:
    left = [path for file in source.remote for path in sorted(partial.glob(f"{file.name}*"))]
    if source.kaggle:
        left += [path for path in sorted((partial / "kaggle").rglob("*")) if path.is_file()]
    return left
