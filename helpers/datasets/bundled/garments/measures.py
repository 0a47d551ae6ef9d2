"""The measures of each garment: read from garments.toml, which explains them, and taken at random."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from itertools import pairwise
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from helpers.datasets.bundled.chance import Chance

    Floats: TypeAlias = NDArray[np.floating[Any]]
    Number: TypeAlias = Floats | np.floating[Any] | float

GROUPS = ("outline", "neckline", "cloth")
"""Measures that come in named sets, of which a style offers several."""


@dataclass(frozen=True)
class Limits:
    """Between which values each of the file's M measures lies, or how often it is there.

    low, high, odds: (M,). Where odds is a number, the measure is 1 that often, else 0. NaN: not given.
    """

    low: Floats
    high: Floats
    odds: Floats

    def pick(self, dice: Floats) -> Floats:
        """Values (n, M) for dice (n, M) in [0, 1); NaN where a measure is not given."""
        between = self.low + (self.high - self.low) * dice
        return np.where(np.isnan(self.odds), between, dice < self.odds).astype(np.float32)


@dataclass(frozen=True)
class Style:
    """One way a class is cut: its kind, its measures, and which necklines, cloths and so on it comes in."""

    label: str
    name: str
    kind: str
    share: float
    limits: Limits
    choices: Mapping[str, tuple[tuple[str, float], ...]]


@dataclass(frozen=True)
class Wardrobe:
    """All of garments.toml: the names of the measures, the styles, and the sets that styles choose from."""

    measures: tuple[str, ...]
    styles: tuple[Style, ...]
    sets: Mapping[tuple[str, str], Limits]


@dataclass(frozen=True)
class Measures:
    """The measures of n garments: `measures["waist"]` is (n, 1, 1), ready to meet (n, side, side) pixels."""

    names: Mapping[str, int]
    values: Floats

    def __getitem__(self, name: str) -> Floats:
        return self.values[:, self.names[name], None, None]

    def __len__(self) -> int:
        return len(self.values)

    def take(self, rows: Any) -> Measures:
        """Those of some of the garments."""
        return Measures(self.names, self.values[rows])

    def those_with(self, name: str) -> NDArray[np.int64]:
        """Which garments have more than 0 of something."""
        return np.flatnonzero(self.values[:, self.names[name]] > 0)


@cache
def wardrobe() -> Wardrobe:
    """garments.toml, read once. Raises ValueError for a measure or a set that it does not explain."""
    text = resources.files(__package__).joinpath("garments.toml").read_text(encoding="utf-8")
    return _read(tomllib.loads(text))


def measure(
    labels: NDArray[np.int64], class_names: tuple[str, ...], chance: Chance
) -> tuple[NDArray[np.str_], Measures]:
    """The kind (n,) of each garment and its measures, for (n,) indices into class_names."""
    known = wardrobe()
    n = len(labels)
    dice = chance.uniform("measures", n, len(known.measures))
    choice = _weighted(chance.uniform("style", n), labels, known.styles, class_names)
    lots = {group: chance.uniform(group, n) for group in GROUPS}
    values = np.zeros((n, len(known.measures)), dtype=np.float32)
    for i in np.unique(choice):
        rows = np.flatnonzero(choice == i)
        style = known.styles[i]
        values[rows] = style.limits.pick(dice[rows])
        for group, options in style.choices.items():
            for own, limits in _parted(rows, lots[group], options, group, known):
                picked = limits.pick(dice[own])
                values[own] = np.where(np.isnan(picked), values[own], picked)
    kinds = np.array([style.kind for style in known.styles])[choice]
    return kinds, Measures({name: i for i, name in enumerate(known.measures)}, values)


def _weighted(
    dice: Floats, labels: NDArray[np.int64], styles: tuple[Style, ...], class_names: tuple[str, ...]
) -> NDArray[np.int64]:
    """(n,) indices into styles, each of its class, as often as their shares say."""
    choice = np.zeros(len(labels), dtype=np.int64)
    for label in np.unique(labels):
        own = np.array([i for i, style in enumerate(styles) if style.label == class_names[label]])
        steps = np.cumsum([styles[i].share for i in own])
        rows = labels == label
        choice[rows] = own[np.searchsorted(steps / steps[-1], dice[rows], side="right")]
    return choice


def _parted(
    rows: NDArray[np.int64], lots: Floats, options: tuple[tuple[str, float], ...], group: str, known: Wardrobe
) -> list[tuple[NDArray[np.int64], Limits]]:
    """Which of the rows take which of the options."""
    steps = np.concatenate([[0], np.cumsum([share for _, share in options])])
    steps = steps / steps[-1]
    parts = []
    for (name, _), (low, high) in zip(options, pairwise(steps), strict=True):
        parts.append((rows[(lots[rows] >= low) & (lots[rows] < high)], known.sets[group, name]))
    return parts


def _read(file: dict[str, Any]) -> Wardrobe:
    defaults: dict[str, Any] = file["measures"]
    names = tuple(defaults)
    sets = {
        (group, name): _limits(entry, names, f"{group}.{name}")
        for group in GROUPS
        for name, entry in file[group].items()
    }
    styles = tuple(_style(entry, defaults, names, sets) for entry in file["style"])
    return Wardrobe(names, styles, sets)


def _style(
    entry: dict[str, Any],
    defaults: dict[str, Any],
    names: tuple[str, ...],
    sets: Mapping[tuple[str, str], Limits],
) -> Style:
    entry = dict(entry)
    label, name, kind, share = (entry.pop(key) for key in ("class", "name", "kind", "share"))
    choices = {group: tuple(entry.pop(group).items()) for group in GROUPS if group in entry}
    for group, options in choices.items():
        for option, _ in options:
            if (group, option) not in sets:
                raise ValueError(f"{label}, {name}: there is no {group} called {option!r}.")
    return Style(label, name, kind, float(share), _limits(defaults | entry, names, name), choices)


def _limits(entry: Mapping[str, Any], names: tuple[str, ...], place: str) -> Limits:
    unknown = [name for name in entry if name not in names]
    if unknown:
        raise ValueError(f"{place}: {unknown[0]!r} is no measure; those that are stand under [measures].")
    spreads = np.array([_spread(entry.get(name)) for name in names], dtype=np.float32)
    return Limits(spreads[:, 0], spreads[:, 1], spreads[:, 2])


def _spread(value: Any) -> tuple[float, float, float]:
    """0.3 → always; [0.2, 0.4] → between; "30 %" → there that often."""
    if value is None:
        return np.nan, np.nan, np.nan
    if isinstance(value, str):
        return np.nan, np.nan, float(value.rstrip("% ")) / 100
    low, high = value if isinstance(value, list) else (value, value)
    return float(low), float(high), np.nan
