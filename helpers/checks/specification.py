"""assignment.toml: the graded items of one assignment, read once and checked when it is read."""

from __future__ import annotations

import math
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from helpers.errors import WorkshopError

FILE_NAME = "assignment.toml"
_NAME = re.compile(r"[A-Za-z0-9_-]+")


class SpecificationError(WorkshopError):
    """assignment.toml is missing, or says something that can't be."""


@dataclass(frozen=True)
class Ramp:
    """Partial credit between two thresholds: nothing up to `zero`, everything from `full` on."""

    zero: float
    full: float

    def share(self, value: float) -> float:
        """The share earned by a measured value, from 0 to 1; NaN earns nothing."""
        if not value > self.zero:
            return 0.0
        return min(1.0, (value - self.zero) / (self.full - self.zero))


@dataclass(frozen=True)
class ItemSpecification:
    """One graded item.

    name:     the nbgrader grade_id of its check cell, too.
    check:    "module:Class" within helpers.checks: how it is checked.
    points:   by part; an item of one part has one entry.
    ramps:    by part, where partial credit is given: on the full data.
    ramps_bundled: by part, where the ramp is another one on the bundled data, which may be harder or easier.
    hints:    from the gentlest to the most explicit, never the answer.
    settings: whatever else the check reads (limits, sizes, amounts).
    settings_bundled: those of them that are others on the bundled data.
    dataset:  whose images it is drawn from; "" where that is the assignment's.
    """

    name: str
    title: str
    check: str
    points: Mapping[str, float]
    hints: tuple[str, ...]
    ramps: Mapping[str, Ramp] = field(default_factory=dict)
    ramps_bundled: Mapping[str, Ramp] = field(default_factory=dict)
    settings: Mapping[str, Any] = field(default_factory=dict)
    settings_bundled: Mapping[str, Any] = field(default_factory=dict)
    dataset: str = ""

    @property
    def possible(self) -> float:
        """The points of all parts."""
        return sum(self.points.values())


@dataclass(frozen=True)
class Limits:
    """What one submission may take while it is graded.

    seconds, cell_seconds: of the clock, all of it and each cell.
    cpu_seconds:           of the processor, each process.
    memory_megabytes:      all its processes together.
    processes:             at a time.
    file_megabytes:        each file.
    scratch_megabytes:     all files together.
    evidence_megabytes:    what each item may hand over.
    """

    seconds: int = 180
    cell_seconds: int = 120
    cpu_seconds: int = 900
    memory_megabytes: int = 4096
    processes: int = 64
    file_megabytes: int = 256
    scratch_megabytes: int = 1024
    evidence_megabytes: int = 64


@dataclass(frozen=True)
class AssignmentSpecification:
    """Everything that assignment.toml says.

    variant: "bundled" where it is always about the bundled data; "" where about whichever is there.
    """

    name: str
    title: str
    dataset: str
    items: Mapping[str, ItemSpecification]
    limits: Limits
    variant: str = ""

    @property
    def possible(self) -> float:
        """The points of the whole assignment."""
        return sum(item.possible for item in self.items.values())

    @property
    def datasets(self) -> tuple[str, ...]:
        """All data sets that it is about: its own first, then those of its items."""
        return tuple(dict.fromkeys((self.dataset, *map(self.dataset_of, self.items))))

    def dataset_of(self, item: str) -> str:
        """The data set that an item is drawn from."""
        return self.items[item].dataset or self.dataset

    def variant_here(self) -> str:
        """The variant of the data that it is about on this computer, "full" or "bundled"."""
        from helpers.datasets import variant_in_use

        return self.variant or variant_in_use(self.dataset)

    def on(self, variant: str) -> AssignmentSpecification:
        """The same with the ramps and settings for a variant of the data, "full" or "bundled"."""
        if variant != "bundled":
            return self
        items = {
            name: replace(
                item,
                ramps={**item.ramps, **item.ramps_bundled},
                settings={**item.settings, **item.settings_bundled},
            )
            for name, item in self.items.items()
        }
        return replace(self, items=items)


def read(path: Path) -> AssignmentSpecification:
    """Reads an assignment.toml; the assignment's name is that of its folder.

    Raises SpecificationError, which names the file, the entry and what is expected there.
    """
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise SpecificationError(
            f"{path} can't be read ({error.strerror}). Open the notebook from its own folder in release/, "
            f"where {FILE_NAME} lies beside it."
        ) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SpecificationError(f"{path} isn't valid TOML: {error}. Fetch the file again.") from error
    return _parse(table, path)


def _parse(table: dict[str, Any], path: Path) -> AssignmentSpecification:
    reader = _Reader(path)
    reader.only(table, {"title", "dataset", "variant", "limits", "items"}, "the top level")
    items = reader.get(table, "items", dict, "the top level")
    if not items:
        raise reader.error("items", "at least one graded item")
    return AssignmentSpecification(
        name=path.resolve().parent.name,
        title=reader.get(table, "title", str, "the top level"),
        dataset=reader.get(table, "dataset", str, "the top level"),
        items={name: reader.item(name, entry) for name, entry in items.items()},
        limits=reader.limits(table.get("limits", {})),
        variant=reader.variant(table),
    )


@dataclass(frozen=True)
class _Reader:
    """Takes entries out of the parsed table, with errors that name the file and the place."""

    path: Path

    def error(self, where: str, expected: str) -> SpecificationError:
        return SpecificationError(f"{self.path}: {where} must hold {expected}.")

    def get(self, table: dict[str, Any], key: str, kind: type[Any], where: str) -> Any:
        if not isinstance(table.get(key), kind):
            raise self.error(where, f"an entry {key!r} of type {kind.__name__}")
        return table[key]

    def variant(self, table: dict[str, Any]) -> str:
        if table.get("variant", "bundled") != "bundled":
            raise self.error("variant", '"bundled", or not be there')
        return str(table.get("variant", ""))

    def only(self, table: dict[str, Any], known: set[str], where: str) -> None:
        unknown = sorted(set(table) - known)
        if unknown:
            raise self.error(where, f"only {', '.join(sorted(known))}; not {', '.join(unknown)}")

    def limits(self, table: dict[str, Any]) -> Limits:
        known = set(Limits.__dataclass_fields__)
        self.only(table, known, "limits")
        for key, value in table.items():
            if not isinstance(value, int) or isinstance(value, bool) or value <= 0:
                raise self.error(f"limits.{key}", "a whole number above 0")
        return Limits(**table)

    def item(self, name: str, table: Any) -> ItemSpecification:
        where = f"items.{name}"
        if not _NAME.fullmatch(name):  # it names a cell and a folder, too
            raise self.error("items", f"names of letters, digits, - and _; not {name!r}")
        if not isinstance(table, dict):
            raise self.error(where, "a table")
        entries = {"title", "check", "points", "hints", "dataset"}
        by_variant = {"ramps", "ramps_bundled", "settings", "settings_bundled"}
        self.only(table, entries | by_variant, where)
        return ItemSpecification(
            name=name,
            title=self.get(table, "title", str, where),
            check=self.get(table, "check", str, where),
            points=self.points(self.get(table, "points", dict, where), where),
            hints=self.hints(self.get(table, "hints", list, where), where),
            ramps=self.ramps(table, "ramps", where),
            ramps_bundled=self.ramps(table, "ramps_bundled", where),
            settings=self.optional(table, "settings", where),
            settings_bundled=self.settings_bundled(table, where),
            dataset=self.get({"dataset": "", **table}, "dataset", str, where),
        )

    def settings_bundled(self, table: dict[str, Any], where: str) -> dict[str, Any]:
        entries = self.optional(table, "settings_bundled", where)
        self.only(entries, set(self.optional(table, "settings", where)), f"{where}.settings_bundled")
        return entries

    def optional(self, table: dict[str, Any], key: str, where: str) -> dict[str, Any]:
        return self.get({key: {}, **table}, key, dict, where)  # type: ignore[no-any-return]

    def points(self, table: dict[str, Any], where: str) -> dict[str, float]:
        for part, value in table.items():
            if not isinstance(value, int | float) or isinstance(value, bool) or not 0 < value < math.inf:
                raise self.error(f"{where}.points.{part}", "a number above 0")
        if not table:
            raise self.error(f"{where}.points", "at least one part")
        return {part: float(value) for part, value in table.items()}

    def hints(self, entries: list[Any], where: str) -> tuple[str, ...]:
        if len(entries) < 3 or not all(isinstance(hint, str) and hint for hint in entries):
            raise self.error(f"{where}.hints", "three texts or more, from gentle to explicit")
        return tuple(entries)

    def ramps(self, table: dict[str, Any], key: str, where: str) -> dict[str, Ramp]:
        ramps = {}
        where = f"{where}.{key}"
        for part, entry in self.optional(table, key, where).items():
            if part not in table["points"]:
                raise self.error(where, f"parts that have points; {part!r} has none")
            try:
                ramp = Ramp(float(entry["zero"]), float(entry["full"]))
            except (KeyError, TypeError, ValueError):
                raise self.error(f"{where}.{part}", "two numbers, 'zero' and 'full'") from None
            if not ramp.zero < ramp.full:
                raise self.error(f"{where}.{part}", "'zero' below 'full'")
            ramps[part] = ramp
        return ramps
