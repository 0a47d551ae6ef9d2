"""What is kept under a digest comes back as it was, or not at all."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from helpers.grading.store import Store

KEY = "execution-" + "ab" * 32
OTHER = "execution-" + "cd" * 32


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "results")


def entries(store: Store) -> list[Path]:
    return sorted(path for path in store.folder.rglob("*") if path.is_file())


def test_nothing_is_found_where_nothing_was_put(store: Store) -> None:
    assert store.get(KEY) is None
    assert store.clear() == 0


def test_what_was_put_comes_back(store: Store) -> None:
    store.put(KEY, b"first")
    store.put(KEY, b"second")
    store.put(OTHER, b"")
    assert store.get(KEY) == b"second"
    assert store.get(OTHER) == b""
    assert len(entries(store)) == 2


@pytest.mark.parametrize(
    "damage", [lambda b: b[:-1], lambda b: b + b"x", lambda b: b"", lambda b: b[:20] + b"!" + b[21:]]
)
def test_a_damaged_entry_is_none_and_can_be_put_again(store: Store, damage: object) -> None:
    store.put(KEY, b"content")
    (entry,) = entries(store)
    entry.write_bytes(damage(entry.read_bytes()))  # type: ignore[operator]
    assert store.get(KEY) is None
    assert entries(store) == []
    store.put(KEY, b"content")
    assert store.get(KEY) == b"content"


def test_an_entry_under_another_ones_name_is_none(store: Store) -> None:
    store.put(KEY, b"content")
    (entry,) = entries(store)
    place = store.folder / "cd" / OTHER
    place.parent.mkdir()
    entry.rename(place)
    assert store.get(OTHER) is None


def test_a_link_is_not_followed(store: Store, tmp_path: Path) -> None:
    store.put(KEY, b"content")
    (entry,) = entries(store)
    moved = entry.rename(tmp_path / "elsewhere")
    entry.symlink_to(moved)
    assert store.get(KEY) is None


def test_what_was_used_longest_ago_goes_first(store: Store) -> None:
    for number in range(4):
        key = f"observation-{number:064x}"
        store.put(key, bytes(1000))
        os.utime(store._path(key), (number, number))
    assert store.get(f"observation-{0:064x}") is not None  # used now
    assert store.trim(2100) == 2 * 1032
    left = [store.get(f"observation-{number:064x}") is not None for number in range(4)]
    assert left == [True, False, False, True]


def test_what_a_killed_run_left_half_written_goes_with_the_rest(store: Store) -> None:
    store.put(KEY, b"content")
    (store.folder / ".making-abc").write_bytes(bytes(100))
    assert store.clear() == 100 + 32 + len(b"content")
    assert entries(store) == []


def test_a_name_that_is_no_key_is_refused(store: Store) -> None:
    with pytest.raises(ValueError, match="not a key"):
        store.get("../../secret")
