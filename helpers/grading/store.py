"""Results that are kept, each under a digest of all that decides it, so that nothing is executed twice.

Used where WORKSHOP_RESULTS names a folder: several processes fill it, then one goes through the class and
finds everything there. It is for one run; nothing is kept beyond it.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import asdict
from functools import partial
from pathlib import Path

import numpy as np

from helpers.checks.evidence import Arrays
from helpers.checks.observation import Observation
from helpers.grading.execution import ExecutionResult, Executor, Submission, read_result, write_result
from helpers.grading.model_process import write_observation
from helpers.grading.observing import Exhibit, Observer, read_observation

RESULTS_VARIABLE = "WORKSHOP_RESULTS"


def results_folder() -> Path | None:
    """The folder that results are kept in, if there is to be one."""
    chosen = os.environ.get(RESULTS_VARIABLE, "")
    return Path(chosen) if chosen else None


class KeepingExecutor:
    """Executes what isn't in the folder yet. What was cut short isn't kept: it may end well another time."""

    def __init__(self, executor: Executor, folder: Path) -> None:
        self._executor = executor
        self._folder = folder

    def __call__(self, submission: Submission) -> ExecutionResult:
        place = self._folder / f"execution-{digest_of_submission(submission)}"
        if place.is_dir():
            return read_result(place, submission)
        result = self._executor(submission)
        if not result.problem:
            _put(place, partial(write_result, result=result))
        return result


class KeepingObserver:
    """Observes the models that aren't in the folder yet."""

    def __init__(self, observer: Observer, folder: Path) -> None:
        self._observer = observer
        self._folder = folder

    def __call__(self, exhibits: Mapping[str, Exhibit]) -> dict[str, Observation]:
        places = {item: self._place(exhibit) for item, exhibit in exhibits.items()}
        new = {item: exhibit for item, exhibit in exhibits.items() if not places[item].is_dir()}
        seen = dict(self._observer(new)) if new else {}
        for item, one in seen.items():
            _put(places[item], partial(write_observation, seen=one))
        return {item: seen.get(item) or read_observation(places[item]) for item in exhibits}

    def _place(self, exhibit: Exhibit) -> Path:
        return self._folder / f"observation-{digest_of_exhibit(exhibit)}"


def digest_of_submission(submission: Submission) -> str:
    """A digest of all that decides what an execution gives."""
    digest = hashlib.sha256(submission.notebook.encode())
    about = {
        "files": {name: hashlib.sha256(content).hexdigest() for name, content in submission.files.items()},
        "inputs": {item: _digest_of_arrays(inputs) for item, inputs in submission.inputs.items()},
        "limits": asdict(submission.limits),
        "data": submission.data.variables() if submission.data else {},
    }
    digest.update(json.dumps(about, sort_keys=True).encode())
    return digest.hexdigest()


def digest_of_exhibit(exhibit: Exhibit) -> str:
    """A digest of a model and the images that it is observed on."""
    digest = hashlib.sha256(exhibit.model)
    digest.update(_digest_of_arrays(exhibit.images).encode())
    return digest.hexdigest()


def _digest_of_arrays(arrays: Arrays) -> str:
    digest = hashlib.sha256()
    for name, array in sorted(arrays.items()):
        digest.update(f"{name} {array.dtype.str} {array.shape} ".encode())
        digest.update(np.ascontiguousarray(array).tobytes())
    return digest.hexdigest()


def _put(place: Path, write: Callable[[Path], None]) -> None:
    """Writes a folder beside its place and renames it; if another process was faster, its result stays."""
    place.parent.mkdir(parents=True, exist_ok=True)
    made = Path(tempfile.mkdtemp(dir=place.parent, prefix=".making-"))
    write(made)
    with contextlib.suppress(OSError):
        made.rename(place)
    shutil.rmtree(made, ignore_errors=True)
