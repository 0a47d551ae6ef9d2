"""Inside the process that observes models: `python -m ….isolation.model_process SCRATCH`.

Each numbered folder in SCRATCH holds a model and unseen images, never labels; facts and predictions are
written beside them. The process bounds itself first: a model can be small as a file and huge in memory.
"""

from __future__ import annotations

import contextlib
import json
import os
import sys
import zipfile
from pathlib import Path
from typing import Any

from helpers.checks import evidence as evidence_files
from helpers.checks.observation import Observation, observe
from helpers.checks.weights import as_facts
from helpers.grading.image_levels import unpack_images

MODEL, IMAGES, FACTS, PREDICTIONS = "model.keras", "images.npz", "facts.json", "predictions.npz"
STARTED = "started"

_CPU_SECONDS = 120
_ADDRESS_SPACE = 8 * 2**30  # TensorFlow reserves far more addresses than it ever uses
_FILE_SIZE = 256 * 2**20
_IMAGES_LIMIT = 2**30
_UNPACKED_LIMIT = 256 * 2**20


def limit_resources() -> None:
    """Bounds this process's CPU time, memory and files where the system can (Linux; macOS in part)."""
    try:
        import resource
    except ImportError:  # Windows
        return
    for what, most in (
        (resource.RLIMIT_CPU, _CPU_SECONDS),
        (resource.RLIMIT_AS, _ADDRESS_SPACE),
        (resource.RLIMIT_FSIZE, _FILE_SIZE),
        (resource.RLIMIT_CORE, 0),
    ):
        with contextlib.suppress(ValueError, OSError):
            resource.setrlimit(what, (most, most))


def observe_all(scratch: Path) -> None:
    """Observes the models that have no facts yet, in the order of their numbers."""
    for folder in sorted(scratch.glob("[0-9]*"), key=lambda place: int(place.name)):
        if not (folder / FACTS).exists():
            write_observation(folder, _observe(folder))


def _observe(folder: Path) -> Observation:
    model = (folder / MODEL).read_bytes()
    problem = _problem_of_archive(folder / MODEL)
    if problem:
        return Observation(problem=problem)
    images = unpack_images((folder / IMAGES).read_bytes(), _IMAGES_LIMIT)
    try:
        return observe(model, images)
    except MemoryError:
        return Observation(problem="The model can't be used: it needs too much memory.")


def _problem_of_archive(path: Path) -> str:
    """Why a .keras file isn't even opened: no entry of an archive can unpack to more than it declares."""
    try:
        with zipfile.ZipFile(path) as archive:
            size = sum(entry.file_size for entry in archive.infolist())
    except Exception as error:  # zipfile raises many kinds for bytes from anywhere
        return f"The model can't be read: it isn't a whole .keras file ({type(error).__name__})."
    if size > _UNPACKED_LIMIT:
        return f"The model can't be used: it unpacks to {size / 2**20:,.0f} MB."
    return ""


def write_observation(folder: Path, seen: Observation) -> None:
    """Writes what was seen of one model; the facts last, for with them it is complete."""
    facts = {
        "problem": seen.problem,
        "layers": seen.layers,
        "parameters": seen.parameters,
        "input_shape": seen.input_shape,
        "weights": as_facts(seen.weights),
    }
    if not seen.problem:
        (folder / PREDICTIONS).write_bytes(evidence_files.pack(seen.predictions))
    temporary = folder / f"{FACTS}.tmp"
    temporary.write_text(json.dumps(facts), encoding="utf-8")
    os.replace(temporary, folder / FACTS)


def _run_operations_alone() -> None:
    """Has operations run as they are: TensorFlow would make a function of each at first, used once here."""
    from tensorflow.python import pywrap_tfe

    set_option = pywrap_tfe.TFE_ContextOptionsSetRunEagerOpAsFunction
    pywrap_tfe.TFE_ContextOptionsSetRunEagerOpAsFunction = lambda options, _: set_option(options, False)


def _load_lightly() -> None:
    """Has models built once, from zeros: their own weights replace whatever is there.

    Keras would draw random numbers, and build a Sequential model of n layers n times.
    """
    from keras import Sequential, initializers, ops

    from_config, add = Sequential.from_config.__func__, Sequential.add
    expected: list[int] = []  # layers of the models that are just being loaded, one within the other

    def from_config_built_once(cls: Any, config: Any, custom_objects: Any = None) -> Any:
        expected.append(len(config["layers"]))
        try:
            return from_config(cls, config, custom_objects)
        finally:
            expected.pop()

    def add_and_build_last(self: Any, layer: Any, rebuild: bool = True) -> None:
        if expected:
            expected[-1] -= 1
        add(self, layer, rebuild and not (expected and expected[-1] > 0))

    Sequential.from_config, Sequential.add = classmethod(from_config_built_once), add_and_build_last
    initializers.VarianceScaling.__call__ = lambda self, shape, dtype=None: ops.zeros(shape, dtype)


def main() -> None:
    """Observes the models in the folder that the command line names."""
    limit_resources()
    os.environ["CUDA_VISIBLE_DEVICES"] = "-1"  # the same figures on every grader's machine
    import keras  # noqa: F401

    _run_operations_alone()
    _load_lightly()
    scratch = Path(sys.argv[1])
    (scratch / STARTED).touch()
    observe_all(scratch)


if __name__ == "__main__":
    main()
