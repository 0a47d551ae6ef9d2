"""The figures of a class report: of items, of what went wrong, of what was measured."""

from __future__ import annotations

import re
import textwrap
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import numpy as np

from helpers.grading.standing import Standing

_ARRAY = re.compile(r"\[[-…., ]+\]|\[\[…\](?:,? ?\[…\])*\]")
_SENTENCE = 180  # letters of a reason that are shown


class Kind(StrEnum):
    """What became of an item, from best to worst."""

    FULL = "full marks"
    PARTLY = "partly right"
    WRONG = "wrong"
    NOTHING = "nothing usable came of it"
    CUT = "stopped while it ran"
    UNTOUCHED = "not attempted"


@dataclass(frozen=True)
class ItemFigures:
    """One item in a class of those who have a score for it.

    mean:           the share of its points that was earned, on average.
    kinds:          how many submissions became what.
    discrimination: the correlation of its score with the score of all other items, from -1 to 1; None where
                    either is the same for everyone. An item near 0 says nothing of how good a submission is.
    reasons:        what was said most often of what is wrong, with how often; numbers are left out.
    """

    name: str
    title: str
    points: float
    mean: float
    kinds: Mapping[Kind, int]
    discrimination: float | None
    reasons: tuple[tuple[str, int], ...]


@dataclass(frozen=True)
class Measured:
    """What a ramp was applied to: by student, with the thresholds for no and for full marks."""

    item: str
    part: str
    values: Mapping[str, float]
    zero: float
    full: float


def item_figures(class_: Sequence[Standing], points: Mapping[str, float]) -> list[ItemFigures]:
    """Figures of each item, in the assignment's order."""
    return [_figures(name, points, class_) for name in points]


def measured(class_: Sequence[Standing]) -> list[Measured]:
    """All that was measured against thresholds, by item and part."""
    found: dict[tuple[str, str], dict[str, float]] = {}
    ramps: dict[tuple[str, str], tuple[float, float]] = {}
    for one in class_:
        for item, account in one.accounts.items():
            for part in account.get("parts", []):
                if part.get("measured") is not None and part.get("full") is not None:
                    key = (item, part["part"])
                    found.setdefault(key, {})[one.student] = float(part["measured"])
                    ramps[key] = (float(part["zero"]), float(part["full"]))
    return [Measured(*key, values, *ramps[key]) for key, values in found.items()]


def kind_of(one: Standing, item: str, possible: float) -> Kind | None:
    """What became of an item of a submission; None where it has no score."""
    score = one.scores.get(item)
    if score is None:
        return None
    if score >= possible:
        return Kind.FULL
    if score > 0:
        return Kind.PARTLY
    account: Mapping[str, Any] = one.accounts.get(item, {})
    if account.get("state") == "not attempted":
        return Kind.UNTOUCHED
    if account and not account.get("parts"):
        return Kind.CUT if one.cut and account.get("reason") == one.cut else Kind.NOTHING
    return Kind.WRONG


def _figures(name: str, points: Mapping[str, float], class_: Sequence[Standing]) -> ItemFigures:
    scored = [one for one in class_ if one.scores.get(name) is not None]
    own = np.array([one.scores[name] for one in scored], dtype=float)
    rest = np.array([_rest(one, name) for one in scored])
    titles = [one.accounts[name]["title"] for one in scored if name in one.accounts]
    kinds = Counter(kind for one in scored if (kind := kind_of(one, name, points[name])))
    return ItemFigures(
        name=name,
        title=titles[0] if titles else name,
        points=points[name],
        mean=float(own.mean() / points[name]) if len(own) and points[name] else 0.0,
        kinds={kind: kinds[kind] for kind in Kind},
        discrimination=_correlation(own, rest),
        reasons=tuple(_reasons(scored, name).most_common(4)),
    )


def _rest(one: Standing, name: str) -> float:
    return sum(score or 0.0 for item, score in one.scores.items() if item != name)


def _correlation(one: Any, other: Any) -> float | None:
    if len(one) < 3 or np.ptp(one) == 0 or np.ptp(other) == 0:
        return None
    return float(np.corrcoef(one, other)[0, 1])


def _reasons(scored: Sequence[Standing], name: str) -> Counter[str]:
    """Sentences about what is wrong; those that differ in numbers alone are one."""
    said: Counter[str] = Counter()
    for one in scored:
        account = one.accounts.get(name, {})
        if account.get("state") != "wrong":
            continue
        sentences = [
            part["message"] for part in account.get("parts", []) if part["earned"] < part["possible"]
        ]
        said.update({_plain(sentence) for sentence in [*sentences, account.get("reason", "")] if sentence})
    return said


def _plain(sentence: str) -> str:
    """Without its numbers, and arrays as […]; a digit within a name, as in Conv2D, is none."""
    plain = re.sub(r"\b\d[\d.,]*\d\b|\b\d\b", "…", " ".join(sentence.split()))
    before = ""
    while plain != before:
        before, plain = plain, _ARRAY.sub("[…]", plain)
    return textwrap.shorten(plain, _SENTENCE, placeholder=" …")
