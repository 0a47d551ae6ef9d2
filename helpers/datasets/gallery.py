"""The gallery of bundled images in docs/: `python -m helpers.datasets.gallery [FOLDER]` draws it anew."""

from __future__ import annotations

import sys
from pathlib import Path

from helpers.datasets import bundled
from helpers.datasets.catalog import ENTRIES
from helpers.plotting import samples

SEED = 7
TITLES = {
    "digits": "Bundled digits",
    "fashion": "Bundled garments",
    "signs": "Bundled hands: 24 letters",
    "rps": "Bundled hands: rock, paper, scissors",
}


def draw_gallery(folder: Path) -> list[Path]:
    """Draws a few images of each class of each data set; returns the pictures, one a data set."""
    folder.mkdir(parents=True, exist_ok=True)
    pictures = []
    for name, entry in ENTRIES.items():
        per_class = 8 if len(entry.class_names) > 12 else 12
        images, labels = bundled.draw(name, per_class * len(entry.class_names), SEED)
        figure = samples(images, labels, entry.class_names, per_class=per_class, title=TITLES[name])
        pictures.append(figure.save(folder / f"bundled_{name}.png"))
    return pictures


if __name__ == "__main__":
    for picture in draw_gallery(Path(sys.argv[1] if len(sys.argv) > 1 else "docs/images")):
        print(picture)
