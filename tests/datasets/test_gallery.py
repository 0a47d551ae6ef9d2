"""The gallery shows every data set that the workshop draws."""

from __future__ import annotations

from pathlib import Path

from helpers.datasets.catalog import ENTRIES
from helpers.datasets.gallery import draw_gallery

ROOT = Path(__file__).resolve().parents[2]


def test_the_gallery_has_a_picture_of_every_data_set(tmp_path: Path) -> None:
    pictures = draw_gallery(tmp_path)
    assert [picture.name for picture in pictures] == [f"bundled_{name}.png" for name in ENTRIES]
    for picture in pictures:
        assert picture.read_bytes().startswith(b"\x89PNG")


def test_the_gallery_page_shows_each_of_them() -> None:
    page = (ROOT / "docs" / "gallery.md").read_text(encoding="utf-8")
    for name in ENTRIES:
        assert f"(images/bundled_{name}.png)" in page
        assert (ROOT / "docs" / "images" / f"bundled_{name}.png").is_file()
