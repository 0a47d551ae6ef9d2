"""Images on their way to a model: fewer bytes where they have 256 levels, and the same images always."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from helpers.checks import evidence as evidence_files
from helpers.checks.evidence import EvidenceError
from helpers.grading.image_levels import pack_images, unpack_images
from helpers.grading.images import Drawn
from helpers.grading.secret import Secret

EVERY_LEVEL = np.arange(256, dtype=np.uint8).reshape(1, 16, 16, 1)
RANDOM = np.random.default_rng(1)


def in_levels(levels: NDArray[np.uint8]) -> NDArray[np.float32]:
    return levels.astype(np.float32) / np.float32(255)


def assert_same(given: NDArray[Any], got: NDArray[Any]) -> None:
    assert got.dtype == given.dtype
    np.testing.assert_array_equal(got, given)


@pytest.mark.parametrize(
    "images",
    [in_levels(EVERY_LEVEL), in_levels(RANDOM.integers(0, 256, (50, 28, 28, 1), dtype=np.uint8))],
    ids=["every level", "random"],
)
def test_images_of_256_levels_take_a_quarter(images: NDArray[np.float32]) -> None:
    packed = pack_images({"unseen": images})
    assert len(packed) < images.nbytes / 4 + 1000
    assert_same(images, unpack_images(packed, 2**20)["unseen"])


def test_drawn_images_are_such() -> None:
    images, _ = Drawn("digits", Secret(b"x" * 32))(20, seed=1)
    packed = pack_images({"unseen": images})
    assert len(packed) < images.nbytes / 4 + 1000
    assert_same(images, unpack_images(packed, 2**20)["unseen"])


@pytest.mark.parametrize(
    "images",
    [
        np.nextafter(in_levels(EVERY_LEVEL), np.float32(2)),
        in_levels(EVERY_LEVEL) * 2,
        -in_levels(EVERY_LEVEL),
        in_levels(EVERY_LEVEL).astype(np.float64),
        EVERY_LEVEL,
        np.full((2, 2), np.nan, np.float32),
        np.zeros((0, 28, 28, 1), np.float32),
    ],
    ids=["between levels", "too bright", "negative", "float64", "uint8", "not a number", "none"],
)
def test_all_others_come_as_they_are(images: NDArray[Any]) -> None:
    both = {"unseen": images, "levels": in_levels(EVERY_LEVEL)}
    unpacked = unpack_images(pack_images(both), 2**20)
    assert list(unpacked) == ["unseen", "levels"]
    assert_same(images, unpacked["unseen"])


def test_damaged_ones_are_an_error() -> None:
    packed = pack_images({"unseen": in_levels(EVERY_LEVEL)})
    with pytest.raises(EvidenceError):
        unpack_images(packed[:-10], 2**20)
    with pytest.raises(EvidenceError, match="larger"):
        unpack_images(evidence_files.pack({"levels of unseen": np.zeros(2000, np.uint8)}), 1000)
