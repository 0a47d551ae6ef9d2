"""Verification: evidence, observations and challenges become verdicts. Labels are here and nowhere else."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np

from helpers.checks.evidence import Arrays, Evidence
from helpers.checks.items import Challenge, ImageSources, item_for
from helpers.checks.observation import Observation
from helpers.checks.specification import FILE_NAME, AssignmentSpecification, read
from helpers.checks.verdict import Verdict
from helpers.grading.execution import ExecutionResult
from helpers.grading.fixed_arrays import fix
from helpers.grading.images import StudentData, student_data, unseen_images
from helpers.grading.observing import Exhibit, Observer
from helpers.grading.secret import Secret

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Examination:
    """What one assignment is graded on, the same for each student of it.

    challenges: by item.
    data:       what students' notebooks find where `datasets.load` looks.
    """

    specification: AssignmentSpecification
    challenges: Mapping[str, Challenge]
    data: StudentData

    @property
    def inputs(self) -> dict[str, Arrays]:
        """What students' functions are given, by item."""
        return {name: challenge.inputs for name, challenge in self.challenges.items()}

    @property
    def unseen(self) -> dict[str, Arrays]:
        """What their models are given, by item; without labels."""
        return {name: challenge.unseen for name, challenge in self.challenges.items()}


def surroundings(folder: Path, secret: Secret) -> tuple[StudentData, bool]:
    """What is known before anything is drawn: the data, and whether models are asked for.

    Raises as `examination` does.
    """
    specification = read(folder / FILE_NAME)
    data = student_data(specification.datasets, secret, specification.variant)
    return data, any(item_for(item).observed for item in specification.items.values())


def examination(folder: Path, secret: Secret) -> Examination:
    """The examination of the assignment in a folder of source/; kept while this process lives.

    Raises SpecificationError, DataError or GradingError.
    """
    data, _ = surroundings(folder, secret)
    return _examination(folder, (folder / FILE_NAME).read_bytes(), secret, data)


@lru_cache(maxsize=4)
def _examination(folder: Path, content: bytes, secret: Secret, data: StudentData) -> Examination:
    # The last two name the content, the data and the secret that all of it is drawn from.
    specification = read(folder / FILE_NAME).on(data.variant)
    images = {name: unseen_images(name, secret, specification.variant) for name in specification.datasets}
    return Examination(specification, draw_challenges(specification, images, secret), data)


def draw_challenges(
    specification: AssignmentSpecification, images: ImageSources, secret: Secret
) -> dict[str, Challenge]:
    """A challenge for each item, in the order of assignment.toml, each with random numbers of its own."""
    challenges = {}
    for name, item in specification.items.items():
        rng = np.random.default_rng(secret.seed(specification.name, name, "challenge"))
        challenges[name] = item_for(item).draw(images[specification.dataset_of(name)], rng)
        fix(challenges[name].inputs)
        fix(challenges[name].unseen)
    return challenges


def verify(exam: Examination, result: ExecutionResult, observer: Observer) -> dict[str, Verdict]:
    """The verdict on each item of one submission. Nothing that the submission displayed has a part in it."""
    exhibits = exhibits_in(result.evidence, exam.unseen)
    observations = observer(exhibits) if exhibits else {}
    nothing = Observation()
    return {name: _judge(name, exam, result, observations.get(name, nothing)) for name in exam.challenges}


def exhibits_in(evidence: Mapping[str, Evidence], unseen: Mapping[str, Arrays]) -> dict[str, Exhibit]:
    """The models among the evidence that are to be observed, each with its item's unseen images."""
    return {
        name: Exhibit(one.model, unseen[name])
        for name, one in evidence.items()
        if one.model is not None and one.attempted and not one.problem
    }


def _judge(name: str, exam: Examination, result: ExecutionResult, seen: Observation) -> Verdict:
    item = item_for(exam.specification.items[name])
    evidence = result.evidence.get(name)
    if evidence is None and result.problem:
        return item.wrong(result.problem)
    try:
        return item.judge(evidence, seen, exam.challenges[name])
    except Exception as error:
        # Evidence can hold any numbers. One that a judge stumbles over must not cost the other items.
        _log.exception("The judge of %s stumbled over what was handed over", name)
        return item.wrong(
            f"What was handed over can't be judged ({type(error).__name__}). Please tell your instructor."
        )
