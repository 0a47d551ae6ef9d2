"""Observing students' models in a clean process: no labels, no student code, no more than it takes.

An `Observer` is what verification asks for. The one here starts one process for all models of a submission,
because importing TensorFlow takes longer than the rest. A model that takes it down costs only itself.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from numpy.typing import NDArray

from helpers.checks import evidence as evidence_files
from helpers.checks.evidence import Arrays, EvidenceError, printable
from helpers.checks.observation import Observation
from helpers.checks.weights import from_facts
from helpers.grading.errors import GradingError
from helpers.grading.files import read_plain_file
from helpers.grading.image_levels import pack_images
from helpers.grading.isolation.model_process import FACTS, IMAGES, MODEL, PREDICTIONS, STARTED
from helpers.grading.isolation.processes import Allowance, Run, Task
from helpers.grading.isolation.sandbox import chosen_run

_SECONDS = 120  # of the clock, for one start of the process
_FACTS_LIMIT = 2**20
_PREDICTIONS_LIMIT = 64 * 2**20


@dataclass(frozen=True)
class Exhibit:
    """A model to be observed: the bytes of a .keras file, and the images that it is to predict."""

    model: bytes
    images: Arrays


class Observer(Protocol):
    """Observes models, by item. What a model does wrong is in its observation; nothing is raised for it."""

    def __call__(self, exhibits: Mapping[str, Exhibit]) -> Mapping[str, Observation]: ...


class CleanProcess:
    """Observes in a process of its own on this computer, in the sandbox, with limited resources.

    run: another way than the sandbox (helpers.grading.isolation.sandbox).
    """

    def __init__(self, seconds: float = _SECONDS, run: Run | None = None) -> None:
        self.seconds = seconds
        self._chosen = run

    def __call__(self, exhibits: Mapping[str, Exhibit]) -> dict[str, Observation]:
        """Raises GradingError where no model could be observed here at all."""
        with tempfile.TemporaryDirectory(prefix="observing-") as folder:
            scratch = Path(folder)
            places = {item: scratch / str(number) for number, item in enumerate(exhibits)}
            for item, exhibit in exhibits.items():
                places[item].mkdir()
                (places[item] / MODEL).write_bytes(exhibit.model)
                (places[item] / IMAGES).write_bytes(pack_images(exhibit.images))
            while any(not (place / FACTS).exists() for place in places.values()):
                self._run(scratch, places)
            return {item: read_observation(place) for item, place in places.items()}

    def _run(self, scratch: Path, places: Mapping[str, Path]) -> None:
        """Starts the process once; the model at which it ended, if it did, is told so."""
        (scratch / STARTED).unlink(missing_ok=True)
        ending = (self._chosen or chosen_run())(self._task(places.values()), scratch)
        if not (scratch / STARTED).exists() and not ending.problem:
            raise GradingError(f"No model can be loaded on this computer:\n{ending.log}")
        left = [place for place in places.values() if not (place / FACTS).exists()]
        if left:
            how = "took too long" if ending.status is None else "ended the process, or needed too much memory"
            problem = f"The model can't be used: loading it and predicting {how}."
            (left[0] / FACTS).write_text(json.dumps({"problem": problem}), encoding="utf-8")

    def _task(self, places: Iterable[Path]) -> Task:
        wanted = {STARTED: 0}
        for place in places:
            wanted[f"{place.name}/{FACTS}"] = _FACTS_LIMIT + 1
            wanted[f"{place.name}/{PREDICTIONS}"] = _PREDICTIONS_LIMIT + 1
        return Task("helpers.grading.isolation.model_process", wanted, Allowance(self.seconds, processes=16))


def read_observation(place: Path) -> Observation:
    """What was written about one model; the model may have had a hand in it, so nothing is trusted."""
    unreadable = Observation(problem="The model can't be used: what it predicts can't be read.")
    content = read_plain_file(place / FACTS, _FACTS_LIMIT)
    if content is None:
        return unreadable
    try:
        facts: dict[str, Any] = json.loads(content)
        if facts["problem"]:
            return Observation(problem=printable(str(facts["problem"])))
        return Observation(
            layers=tuple(str(layer) for layer in facts["layers"]),
            parameters=int(facts["parameters"]),
            input_shape=tuple(None if size is None else int(size) for size in facts["input_shape"]),
            predictions=_predictions(place),
            weights=from_facts(facts["weights"]),
        )
    except (ValueError, KeyError, TypeError, OverflowError, RecursionError, EvidenceError):
        return unreadable


def _predictions(place: Path) -> dict[str, NDArray[Any]]:
    packed = read_plain_file(place / PREDICTIONS, _PREDICTIONS_LIMIT)
    if packed is None:
        raise EvidenceError("The predictions are missing or too large.")
    return evidence_files.unpack(packed, _PREDICTIONS_LIMIT)
