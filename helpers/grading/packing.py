"""Executions, observations and challenges as bytes, to be kept or sent: JSON, numbers and .keras files."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

from helpers.checks import evidence as evidence_files
from helpers.checks.evidence import Arrays, Evidence, EvidenceError
from helpers.checks.observation import Observation
from helpers.checks.weights import from_facts
from helpers.grading.errors import GradingError
from helpers.grading.execution import ExecutionResult
from helpers.grading.fixed_arrays import fix
from helpers.grading.isolation import parcels

_LIMIT = 2**32  # a guard against nonsense; what students may hand over is bounded where it comes from


class DamagedError(GradingError):
    """Bytes aren't what they should be: cut, changed, or written by another version."""


@dataclass(frozen=True)
class Execution:
    """An execution that has been, and how long it took, in seconds of the clock."""

    result: ExecutionResult
    seconds: float


def pack(facts: Mapping[str, Any], contents: Mapping[str, bytes]) -> bytes:
    """Facts (anything that JSON holds) and named contents as one piece of bytes."""
    buffer = BytesIO()
    parcels.send(buffer, facts, contents)
    return buffer.getvalue()


def unpack(packed: bytes) -> tuple[dict[str, Any], dict[str, bytes]]:
    """The facts and the contents. Raises DamagedError."""
    try:
        received = parcels.receive(BytesIO(packed), _LIMIT)
    except parcels.ParcelError as error:
        raise DamagedError(f"What was kept or sent is damaged: {error}") from error
    if received is None:
        raise DamagedError("What was kept or sent is empty.")
    return received


def pack_folder(folder: Path) -> bytes:
    """All files under a folder, links left out."""
    paths = [path for path in sorted(folder.rglob("*")) if path.is_file() and not path.is_symlink()]
    return pack({}, {path.relative_to(folder).as_posix(): path.read_bytes() for path in paths})


def pack_challenges(challenges: Mapping[str, Arrays]) -> bytes:
    """Arrays by item and name."""
    return pack({}, {item: evidence_files.pack(arrays) for item, arrays in challenges.items()})


def unpack_challenges(packed: bytes) -> dict[str, Arrays]:
    """Arrays by item and name, which nobody can write to. Raises DamagedError."""
    challenges = {item: _arrays(content) for item, content in unpack(packed)[1].items()}
    for arrays in challenges.values():
        fix(arrays)
    return challenges


def pack_execution(execution: Execution) -> bytes:
    """An execution, with all the evidence that it left."""
    result = execution.result
    evidence = {
        item: {"attempted": one.attempted, "problem": one.problem} for item, one in result.evidence.items()
    }
    contents = {"outputs": json.dumps(result.outputs).encode()}
    for item, one in result.evidence.items():
        contents[f"{item}/arrays"] = evidence_files.pack(one.arrays)
        if one.model is not None:
            contents[f"{item}/model"] = one.model
    facts = {"problem": result.problem, "seconds": execution.seconds, "evidence": evidence}
    return pack(facts, contents)


def unpack_execution(packed: bytes) -> Execution:
    """The execution. Raises DamagedError."""
    facts, contents = unpack(packed)
    try:
        evidence = {
            item: Evidence(
                attempted=bool(about["attempted"]),
                problem=str(about["problem"]),
                arrays=_arrays(contents[f"{item}/arrays"]),
                model=contents.get(f"{item}/model"),
            )
            for item, about in facts["evidence"].items()
        }
        outputs = tuple(list(cell) for cell in json.loads(contents["outputs"]))
        result = ExecutionResult(outputs, evidence, str(facts["problem"]))
        return Execution(result, float(facts["seconds"]))
    except (KeyError, TypeError, ValueError, AttributeError, RecursionError) as error:
        raise DamagedError(f"What was kept of an execution is damaged: {error}.") from error


def pack_observation(seen: Observation) -> bytes:
    """What was seen of a model."""
    facts = {name: value for name, value in asdict(seen).items() if name != "predictions"}
    return pack(facts, {"predictions": evidence_files.pack(seen.predictions)})


def unpack_observation(packed: bytes) -> Observation:
    """What was seen of a model. Raises DamagedError."""
    facts, contents = unpack(packed)
    try:
        for name in ("layers", "input_shape"):
            facts[name] = tuple(facts[name])
        facts["weights"] = from_facts(facts["weights"])
        return Observation(predictions=_arrays(contents["predictions"]), **facts)
    except (KeyError, TypeError, ValueError) as error:
        raise DamagedError(f"What was kept of a model's observation is damaged: {error}.") from error


def _arrays(packed: bytes) -> Arrays:
    try:
        return evidence_files.unpack(packed, _LIMIT)
    except EvidenceError as error:
        raise DamagedError(str(error)) from error
