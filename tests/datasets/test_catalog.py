"""The catalog and its cards agree."""

from __future__ import annotations

from pathlib import Path

import pytest

from helpers.datasets import bundled
from helpers.datasets.catalog import ENTRIES, SOURCES, Entry, Source

CARDS = (Path(__file__).resolve().parents[2] / "data" / "README.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("source", SOURCES, ids=lambda source: source.name)
def test_each_source_has_a_card_with_its_origin_licence_and_checksums(source: Source) -> None:
    (card,) = [part for part in CARDS.split("\n## ") if part.startswith(source.title)]
    flat = " ".join(card.split())
    for fact in (source.home, source.licence, source.credit, source.kaggle):
        assert fact in flat
    for file in source.remote:
        assert f"| `{file.name}` | {file.size:,} | `{file.sha256}` |" in card


@pytest.mark.parametrize("entry", ENTRIES.values(), ids=lambda entry: entry.name)
def test_each_data_set_is_in_the_table_with_its_sizes(entry: Entry) -> None:
    (row,) = [line for line in CARDS.splitlines() if line.startswith(f"| `{entry.name}` |")]
    assert f"| {len(entry.labels)} |" in row
    assert f"| {entry.drawing.train_images:,} + {entry.drawing.test_images:,} |" in row
    if entry.labels == entry.source.labels:
        assert f"| {entry.source.train_images:,} + {entry.source.test_images:,} |" in row


@pytest.mark.parametrize("entry", ENTRIES.values(), ids=lambda entry: entry.name)
def test_classes_labels_and_seeds_fit_together(entry: Entry) -> None:
    assert len(entry.class_names) == len(entry.labels) == len(set(entry.labels))
    assert set(entry.labels) <= set(entry.source.labels)
    seeds = [seed for one in ENTRIES.values() for seed in (one.drawing.train_seed, one.drawing.test_seed)]
    assert len(set(seeds)) == len(seeds), "no two sets are drawn from one seed"


@pytest.mark.parametrize("name", bundled.RENDERERS)
def test_drawn_classes_are_those_of_the_catalog(name: str) -> None:
    assert ENTRIES[name].class_names == bundled.renderer(name).CLASS_NAMES
