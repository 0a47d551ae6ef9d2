"""Trials of a calibration, kept as they are made: one that is interrupted goes on where it was.

What is kept belongs to one state of everything that decides it: the notebook's code, the answer, the check,
the images and the libraries. With any other of these, it isn't found. Thresholds decide nothing here.
"""

from __future__ import annotations

import hashlib
import inspect
import json
import os
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from helpers.checks import observation
from helpers.checks.items import item_for
from helpers.checks.specification import AssignmentSpecification, Ramp
from helpers.grading.images import cache_folder


@dataclass(frozen=True)
class Trial:
    """What one training of one answer came to.

    measured:    by part, the value that its ramp applies to; empty where a broken rule came first.
    rest_right:  whether all parts without a ramp were right.
    seconds:     the CPU time of the training.
    reason:      why nothing was measured.
    """

    measured: Mapping[str, float]
    rest_right: bool
    seconds: float
    reason: str

    def full_marks(self, ramps: Mapping[str, Ramp]) -> bool:
        """Whether the whole item was right, with these ramps."""
        return self.rest_right and all(
            part in self.measured and ramp.share(self.measured[part]) == 1.0 for part, ramp in ramps.items()
        )


class KeptTrials:
    """Trials of one assignment on one variant of the data, in the cache folder, a small file for each."""

    def __init__(self, notebook: Any, specification: AssignmentSpecification) -> None:
        self._folder = cache_folder() / "calibration"
        self._specification = specification
        self._state = [cell.source for cell in notebook.cells if cell.cell_type == "code"]
        self._state += [*_images(specification), _bundled_base(), *_versions()]

    def get(self, item: str, answer: str, seed: int) -> Trial | None:
        """The trial that was kept; None where there is none, or it can't be read."""
        path = self._path(item, answer, str(seed))
        try:
            return Trial(**json.loads(path.read_text(encoding="utf-8")))
        except (OSError, ValueError, TypeError):
            return None

    def put(self, item: str, answer: str, seed: int, trial: Trial) -> None:
        """Keeps a trial; where that can't be, it has to be made again another time."""
        path = self._path(item, answer, str(seed))
        temporary = path.with_suffix(f".{os.getpid()}")
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            temporary.write_text(json.dumps(asdict(trial)), encoding="utf-8")
            os.replace(temporary, path)
        except OSError:
            temporary.unlink(missing_ok=True)

    def _path(self, item: str, *words: str) -> Path:
        digest = hashlib.sha256()
        for text in (*self._state, *self._of_item(item), item, *words):
            digest.update(len(text.encode()).to_bytes(8, "big") + text.encode())
        return self._folder / f"{digest.hexdigest()[:32]}.json"

    def _of_item(self, name: str) -> Iterable[str]:
        """What the check is, and what it is told."""
        specification = self._specification.items[name]
        kinds = type(item_for(specification)).__mro__  # a checker, and those that it was made from
        checkers = [inspect.getmodule(kind) for kind in kinds if kind.__module__.startswith("helpers.")]
        sources = [inspect.getsource(module) for module in (*checkers, observation) if module]
        return [repr(sorted(specification.settings.items())), *sources]


def _images(specification: AssignmentSpecification) -> Iterable[str]:
    from helpers.datasets import catalog, drawn

    drawings = [drawn.cache_path(catalog.entry(name), Path()).name for name in specification.datasets]
    return [*specification.datasets, specification.variant_here(), *drawings]


def _bundled_base() -> str:
    """What tells the weights that some answers build on from any others."""
    from helpers.models import backbone

    return backbone.CARD.read_text(encoding="utf-8")


def _versions() -> Iterable[str]:
    import keras
    import numpy as np
    import tensorflow as tf

    return [tf.__version__, keras.__version__, np.__version__]
