"""Executing and observing with a store: what has been computed once is looked up.

A key is a digest of all that decides the result: the submission and its data, or the model and its images;
what executes; and the version of the code and of the packages that it runs on.
"""

from __future__ import annotations

import hashlib
import json
import os
import sys
import time
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from functools import lru_cache
from importlib import metadata
from pathlib import Path

import numpy as np

from helpers.checks.evidence import Arrays
from helpers.checks.observation import Observation
from helpers.grading.execution import Executor, Submission
from helpers.grading.fixed_arrays import remembered
from helpers.grading.isolation.processes import ROOT
from helpers.grading.isolation.sandbox import UNSAFE_VARIABLE
from helpers.grading.observing import Exhibit, Observer
from helpers.grading.packing import (
    DamagedError,
    Execution,
    pack_execution,
    pack_observation,
    unpack_execution,
    unpack_observation,
)
from helpers.grading.store import Store

STORE_VARIABLE = "WORKSHOP_RESULTS"
_PACKAGES = ("tensorflow", "tensorflow-cpu", "keras", "numpy", "ipykernel", "nbclient", "nbformat")


_DECIDING = {".py", ".npz", ".toml"}  # code, and the weights and measures that it reads


def store_in_use() -> Store | None:
    """The store in the folder that WORKSHOP_RESULTS names; None where nothing is to be kept."""
    chosen = os.environ.get(STORE_VARIABLE, "")
    return Store(Path(chosen)) if chosen else None


def execute(submission: Submission, executor: Executor, store: Store | None) -> Execution:
    """The execution of a submission, out of the store if it has been."""
    key = execution_key(submission, type(executor)) if store else ""
    kept = store.get(key) if store else None
    if kept is not None:
        try:
            return unpack_execution(kept)
        except DamagedError:
            pass
    started = time.monotonic()
    result = executor(submission)
    execution = Execution(result, time.monotonic() - started)
    if store:
        store.put(key, pack_execution(execution))
    return execution


def observe(
    exhibits: Mapping[str, Exhibit], observer: Observer, store: Store | None
) -> dict[str, Observation]:
    """The observations of models, those out of the store that have been."""
    if store is None:
        return dict(observer(exhibits)) if exhibits else {}
    keys = {item: observation_key(exhibit, type(observer)) for item, exhibit in exhibits.items()}
    seen: dict[str, Observation] = {}
    for item, key in keys.items():
        kept = store.get(key)
        if kept is not None:
            try:
                seen[item] = unpack_observation(kept)
            except DamagedError:
                store.drop(key)
    new = {item: exhibit for item, exhibit in exhibits.items() if item not in seen}
    for item, one in observer(new).items() if new else ():
        store.put(keys[item], pack_observation(one))
        seen[item] = one
    return {item: seen[item] for item in exhibits}


def execution_key(submission: Submission, executor: type) -> str:
    """The key of an execution: "execution-" and a digest."""
    about = {
        "notebook": _digest([submission.notebook.encode()]),
        "files": {name: _digest([content]) for name, content in submission.files.items()},
        "inputs": {item: _digest_of_arrays(inputs) for item, inputs in submission.inputs.items()},
        "limits": asdict(submission.limits),
        # The folder's name is a digest of what is in it; where it lies differs from computer to computer.
        "data": [submission.data.variant, submission.data.folder.name] if submission.data else [],
        "by": _by(executor),
    }
    return "execution-" + _digest([json.dumps(about, sort_keys=True).encode()])


def observation_key(exhibit: Exhibit, observer: type) -> str:
    """The key of an observation: "observation-" and a digest."""
    about = [_digest([exhibit.model]), _digest_of_arrays(exhibit.images), *_by(observer)]
    return "observation-" + _digest([json.dumps(about).encode()])


@lru_cache(maxsize=1)
def code_version() -> str:
    """A digest of this package and of the versions of what it runs on; the same on equal computers."""
    installed = {name: _version(name) for name in _PACKAGES}
    digest = hashlib.sha256(json.dumps([list(sys.version_info[:3]), installed]).encode())
    for path in sorted(path for path in (ROOT / "helpers").rglob("*") if path.suffix in _DECIDING):
        digest.update(path.relative_to(ROOT).as_posix().encode())
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def _version(package: str) -> str:
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return ""


def _by(kind: type) -> list[str]:
    """What executes or observes; what came about without a sandbox doesn't count where there is to be one."""
    name = f"{kind.__module__}:{kind.__qualname__}"
    return [name, code_version(), os.environ.get(UNSAFE_VARIABLE, "")]


def _digest(parts: Iterable[bytes]) -> str:
    digest = hashlib.sha256()
    for part in parts:
        digest.update(part)
    return digest.hexdigest()


@remembered
def _digest_of_arrays(arrays: Arrays) -> str:
    digest = hashlib.sha256()
    for name, array in sorted(arrays.items()):
        digest.update(f"{name} {array.dtype.str} {array.shape} ".encode())
        digest.update(np.ascontiguousarray(array).tobytes())
    return digest.hexdigest()
