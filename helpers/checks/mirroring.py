"""Mirror images that keep the data true: each with the label of what it shows, or left out."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from helpers.checks.evidence import Arrays, Evidence
from helpers.checks.items import Challenge, ImageSource, Item, is_empty, outputs_as_arrays
from helpers.checks.observation import Observation
from helpers.checks.verdict import Finding


class Mirrored(Item):
    """`add_mirrored(images, labels, partner)`: the images, then mirror images with the labels that they have.

    partner: for each class, which class its mirror image shows; -1 where it shows none.
    """

    parts = ("images", "labels")

    def draw(self, images: ImageSource, rng: np.random.Generator) -> Challenge:
        n, (height, width) = int(rng.integers(40, 60)), rng.choice(np.arange(6, 20), 2, replace=False)
        order = rng.permutation(8)
        partner = np.arange(8)
        partner[order[:2]] = -1
        partner[order[2:6]] = order[[3, 2, 5, 4]]  # two pairs; the last two classes look alike mirrored
        labels = rng.permutation(np.concatenate([np.arange(8), rng.integers(0, 8, n - 8)]))
        pixels = rng.random((n, height, width, 1), dtype=np.float32)
        return Challenge(inputs={"images": pixels, "labels": labels, "partner": partner})

    def collect(self, answer: tuple[Any, ...], inputs: Arrays) -> Evidence:
        add_mirrored = answer[0]
        if add_mirrored is None or is_empty(add_mirrored):
            return Evidence(attempted=False)
        given = [inputs[name].copy() for name in ("images", "labels", "partner")]
        return Evidence(arrays=outputs_as_arrays(add_mirrored(*given), ("images", "labels")))

    def findings(self, evidence: Evidence, seen: Observation, challenge: Challenge) -> tuple[Finding, ...]:
        given = challenge.inputs
        problem_images = _mirror_problem(evidence.arrays.get("images"), given)
        problem_labels = _partner_problem(evidence.arrays.get("labels"), given)
        return (
            self.finding(
                "images",
                not problem_images,
                "Images: as they were, and then mirrored where that shows something.",
                f"Images: {problem_images}",
            ),
            self.finding(
                "labels",
                not problem_labels,
                "Labels: each says what its image shows.",
                f"Labels: {problem_labels}",
            ),
        )


def _mirror_problem(found: NDArray[Any] | None, given: Arrays) -> str:
    images, shows = given["images"], given["partner"][given["labels"]] >= 0
    expected = np.concatenate([images, images[shows, :, ::-1]])
    if found is None or found.ndim != 4 or found.shape[1:] != images.shape[1:]:
        shape = "nothing" if found is None else f"shape {found.shape}"
        return f"expected is shape {expected.shape}, but there is {shape}."
    looks = {
        "only mirror images are there; the images themselves are missing.": images[shows, :, ::-1],
        "those are there that show nothing any more when mirrored: their partner is -1.": np.concatenate(
            [images, images[:, :, ::-1]]
        ),
        "they are upside down. The axes are image, row, column, channel; left and right are columns.": (
            np.concatenate([images, images[shows, ::-1]])
        ),
    }
    if found.shape == expected.shape and np.allclose(found, expected, atol=1e-6):
        return ""
    for message, mistaken in looks.items():
        if found.shape == mistaken.shape and np.allclose(found, mistaken, atol=1e-6):
            return message
    if len(found) != len(expected):
        return f"there should be {len(expected)}, {shows.sum()} of them mirrored; there are {len(found)}."
    if not np.allclose(found[: len(images)], images, atol=1e-6):
        return "first should come all images as they were given, in their order."
    return "after the images, their mirror images should come, left to right, in the same order."


def _partner_problem(found: NDArray[Any] | None, given: Arrays) -> str:
    labels, partners = given["labels"], given["partner"][given["labels"]]
    shows = partners >= 0
    expected = np.concatenate([labels, partners[shows]])
    if found is not None and found.shape == expected.shape and np.array_equal(found, expected):
        return ""
    looks = {
        "a mirror image has the label of its original here. What does it show?": (labels, labels[shows]),
        "a mirror image has the label of its original here, and -1 is no label.": (labels, labels),
        "-1 is no label: where there is no partner, there is no mirror image.": (labels, partners),
        "only those of mirror images are there.": (partners[shows],),
        "the images that weren't mirrored keep their labels.": (partners, partners[shows]),
    }
    for message, mistaken in looks.items():
        wrong = np.concatenate(mistaken)
        if found is not None and found.shape == wrong.shape and np.array_equal(found, wrong):
            return message
    if found is None or found.shape != expected.shape:
        shape = "nothing" if found is None else f"shape {found.shape}"
        return f"expected is one for each image, shape {expected.shape}, but there is {shape}."
    place = int(np.flatnonzero(found != expected)[0])
    if place >= len(labels):
        place -= len(labels)
        original = int(np.flatnonzero(shows)[place])
        return (
            f"mirror image {place} was made of an image of class {labels[original]}, whose partner is "
            f"{partners[original]}; its label is {found[len(labels) + place]}."
        )
    return f"label {place} should be {expected[place]}, as it was given, but is {found[place]}."
