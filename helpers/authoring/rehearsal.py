"""An assignment's notebook run in this process: its cells in order, each check judged on fresh challenges.

Quick, and with none of a grader's precautions: for the project's own answers only.
"""

from __future__ import annotations

import contextlib
import io
import re
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from helpers.authoring.source import cell_name
from helpers.checks.exercise import attempt
from helpers.checks.items import ImageSource, ImageSources, item_for
from helpers.checks.observation import Observation, observe
from helpers.checks.specification import AssignmentSpecification
from helpers.checks.verdict import Verdict

_SEED = re.compile(r"^SEED = \d+$", re.MULTILINE)


@dataclass
class Rehearsal:
    """What came of it.

    verdicts: by item, one for each challenge; none where the check cell did not run to its end.
    errors:   by cell, what stopped it; the cells after it ran all the same, as in grading.
    seconds:  by cell, the CPU time that it took, on all cores together.
    answering: by item, that of the answer alone, where its check runs it.
    """

    verdicts: dict[str, list[Verdict]] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)
    seconds: dict[str, float] = field(default_factory=dict)
    answering: dict[str, float] = field(default_factory=dict)


def rehearse(
    notebook: Any,
    specification: AssignmentSpecification,
    folder: Path,
    images: ImageSources,
    challenge_seeds: Sequence[int],
    seed: int = 1,
) -> Rehearsal:
    """Runs a notebook's code cells in a namespace of their own, with SEED = `seed`.

    folder: where the notebook would lie, with assignment.toml in it.
    images: where challenges take their images from; each item is judged once for each of challenge_seeds.
    """
    rehearsal = Rehearsal()
    namespace: dict[str, Any] = {"__name__": "__main__"}
    stand_in = _StandIn(specification, images, challenge_seeds, rehearsal)
    silence = contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO())
    with contextlib.chdir(folder), silence[0], silence[1]:
        for cell in _code_cells(notebook):
            name = cell_name(cell)
            source = _SEED.sub(f"SEED = {seed}", cell.source)
            start = time.process_time()
            try:
                exec(compile(source, f"<{name}>", "exec"), namespace)
            except Exception as error:
                rehearsal.errors[name] = f"{type(error).__name__}: {error}"
            rehearsal.seconds[name] = time.process_time() - start
            namespace["exercise"] = stand_in
    return rehearsal


def _code_cells(notebook: Any) -> Iterable[Any]:
    return (cell for cell in notebook.cells if cell.cell_type == "code")


def fresh_images(specification: AssignmentSpecification) -> ImageSources:
    """Images for an assignment's challenges: drawn anew for bundled data, test images for full data."""
    variant = specification.variant_here()
    return {name: _fresh(name, variant) for name in specification.datasets}


def _fresh(name: str, variant: str) -> ImageSource:
    from helpers.datasets import bundled, load

    if variant == "full":
        data = load(name, quiet=True)

        @cache
        def chosen(n: int, seed: int) -> Any:
            order = np.random.default_rng(seed).permutation(len(data.x_test))[:n]
            return data.x_test[order], data.y_test[order]

        return chosen

    @cache
    def drawn(n: int, seed: int) -> Any:
        x, y = bundled.draw(name, n, seed)
        return (np.rint(x * 255) / 255).astype(np.float32), y  # in 256 grey levels, like those to train on

    return drawn


class _StandIn:
    """Takes the place of `exercise`: judges each answer on several challenges and keeps the verdicts."""

    def __init__(
        self,
        specification: AssignmentSpecification,
        images: ImageSources,
        challenge_seeds: Sequence[int],
        rehearsal: Rehearsal,
    ) -> None:
        self._specification = specification
        self._images = images
        self._seeds = challenge_seeds
        self._rehearsal = rehearsal

    def check(self, name: str, *answer: Any) -> None:
        item = item_for(self._specification.items[name])
        for seed in self._seeds:
            images = self._images[self._specification.dataset_of(name)]
            challenge = item.draw(images, np.random.default_rng(seed))
            start = time.process_time()
            evidence = attempt(item, answer, challenge.inputs)
            self._rehearsal.answering[name] = time.process_time() - start
            seen = Observation() if evidence.model is None else observe(evidence.model, challenge.unseen)
            self._rehearsal.verdicts.setdefault(name, []).append(item.judge(evidence, seen, challenge))

    def hint(self, name: str) -> None:
        pass

    def summary(self) -> None:
        pass
