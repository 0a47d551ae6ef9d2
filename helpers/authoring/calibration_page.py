"""Calibrations as tables: in the terminal, and in docs/calibration.md, a section for each."""

from __future__ import annotations

import re
from collections.abc import Iterator
from math import isnan
from pathlib import Path
from statistics import mean, stdev
from typing import Any

from helpers.authoring.calibration import Calibration, Row
from helpers.authoring.errors import BuildError
from helpers.checks.specification import Ramp

_PAGE = "docs/calibration.md"
_HEAD = """# Calibration

Points for a trained network rise between two thresholds. This page shows that the thresholds hold: answers
that are right clear the upper one every time, with room to spare, and answers that are wrong never do.

How it is measured: `workshop calibrate ASSIGNMENT` runs the assignment's notebook with its own solution (the
reference) and with each answer of `tests/answers/` that trains a network, once for each seed. Every run
starts from its own random weights and is judged on its own unseen images: freshly drawn ones for bundled
data, for full data test images chosen at random (so runs share some of them). The spread that the tables show
is that of both together.
*Margin* is the distance of the mean to the upper threshold in standard deviations: positive above it,
negative below, infinite where all runs measured the same. *Full marks* counts the runs that got all points
of the task, so an answer may be accurate and still get none of them, if another part of it is wrong. *CPU s*
is the processor time of the training.
"""


def markdown(calibration: Calibration) -> str:
    """The section on one calibration."""
    ramp, seeds = calibration.ramp, calibration.seeds
    lines = [
        _key(calibration),
        "",
        f"No points up to {ramp.zero:.1%}, all from {ramp.full:.1%}; {seeds} seeds. {_versions()}",
        "",
        "| answer | mean % | sd | min | max | margin | full marks | CPU s | |",
        "|---|--:|--:|--:|--:|--:|--:|--:|---|",
    ]
    return "\n".join([*lines, *(_line(row, ramp) for row in calibration.rows)])


def _line(row: Row, ramp: Ramp) -> str:
    return "| " + " | ".join([row.name, *figures(row, ramp), row.note or row.about]) + " |"


def figures(row: Row, ramp: Ramp) -> list[str]:
    """Mean, deviation, least, most (in per cent), margin, full marks and CPU seconds, as texts."""
    counted = f"{row.full_marks} of {row.runs}"
    if not row.values:
        return ["–"] * 5 + [counted, f"{row.seconds:.1f}"]
    spread = stdev(row.values) if len(row.values) > 1 else 0.0
    shares = [f"{100 * value:.2f}" for value in (mean(row.values), spread, min(row.values), max(row.values))]
    margin = row.margin(ramp)
    return [*shares, _signed(margin), counted, f"{row.seconds:.1f}"]


def _signed(margin: float) -> str:
    return "–" if isnan(margin) else f"{margin:+.1f}".replace("inf", "∞")


def _versions() -> str:
    import keras
    import numpy as np
    import tensorflow as tf

    return f"TensorFlow {tf.__version__}, Keras {keras.__version__}, NumPy {np.__version__}."


def write_section(course: Path, calibration: Calibration) -> Path:
    """Puts a section into docs/calibration.md, in place of an older one of the same kind."""
    path = course / _PAGE
    try:
        page = path.read_text(encoding="utf-8") if path.exists() else _HEAD
        sections = dict(_sections(page))
        sections[_key(calibration)] = markdown(calibration)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("\n\n".join([_HEAD.strip(), *sections.values()]) + "\n", encoding="utf-8")
    except OSError as error:
        raise BuildError(f"{path} can't be written ({error.strerror}).") from error
    return path


def _key(calibration: Calibration) -> str:
    one = calibration
    return f"## {one.assignment}, {one.variant} data: {one.part} of the item {one.item}"


def _sections(page: str) -> Iterator[tuple[str, str]]:
    for section in re.split(r"^(?=## )", page, flags=re.MULTILINE)[1:]:
        yield section.split("\n", 1)[0], section.strip()


def display(calibration: Calibration) -> Any:
    """The table for the terminal."""
    from rich.box import SIMPLE_HEAD
    from rich.table import Table

    ramp = calibration.ramp
    table = Table(
        box=SIMPLE_HEAD,
        padding=(0, 1, 0, 0),
        title=_key(calibration).removeprefix("## "),
        caption=f"no points up to {ramp.zero:.1%}, all from {ramp.full:.1%}",
    )
    table.add_column("answer", no_wrap=True)
    for name in ("mean %", "sd", "min", "max", "margin", "full marks", "CPU s"):
        table.add_column(name, justify="right", no_wrap=True)
    for row in calibration.rows:
        table.add_row(row.name, *figures(row, ramp))
    return table
