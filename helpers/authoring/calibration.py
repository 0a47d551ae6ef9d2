"""`workshop calibrate`: do the thresholds hold? Each answer that trains is trained from several seeds.

A threshold is good if right answers clear it every time, with room to spare, and no wrong one ever does.
"""

from __future__ import annotations

import copy
import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import mean, stdev

from helpers.authoring.rehearsal import Rehearsal, fresh_images, rehearse
from helpers.authoring.release import released
from helpers.authoring.source import Source, read_source
from helpers.authoring.trials import KeptTrials, Trial
from helpers.checks.items import ImageSources
from helpers.checks.specification import AssignmentSpecification, Ramp
from helpers.grading.classroom import Answer, Expected, fill_in, read_bank

REFERENCE = "reference"
_CHALLENGES = 1000  # seeds of challenges begin here, those of trainings with 1


@dataclass(frozen=True)
class Row:
    """What one answer measured over all seeds.

    values:     the value that the ramp applies to, by seed; empty where a broken rule came first.
    full_marks: in how many runs the whole item was right, its other ramps included.
    seconds:    the mean CPU time of the training.
    note:       why nothing was measured.
    """

    name: str
    about: str
    values: tuple[float, ...]
    full_marks: int
    runs: int
    seconds: float
    note: str = ""

    def margin(self, ramp: Ramp) -> float:
        """How far the mean lies above full marks, in standard deviations: infinitely where all runs agree.

        NaN where there are too few runs to tell.
        """
        if len(self.values) < 2:
            return float("nan")
        distance, spread = mean(self.values) - ramp.full, stdev(self.values)
        return distance / spread if spread else math.copysign(math.inf, distance)


@dataclass(frozen=True)
class Calibration:
    """All answers of one assignment on one variant of the data, for one ramp."""

    assignment: str
    variant: str
    item: str
    part: str
    ramp: Ramp
    seeds: int
    rows: tuple[Row, ...]

    def problems(self, expected_right: Mapping[str, bool]) -> list[str]:
        """What doesn't hold, in sentences."""
        found = []
        for row in self.rows:
            if expected_right[row.name] and row.full_marks < row.runs:
                found.append(
                    f"{row.name} is right, but got full marks in {row.full_marks} of {row.runs} runs."
                )
            if not expected_right[row.name] and row.full_marks:
                found.append(
                    f"{row.name} isn't right, but got full marks in {row.full_marks} of {row.runs} runs."
                )
            if row.name == REFERENCE and not row.margin(self.ramp) >= 3:
                found.append(
                    f"The reference clears the threshold by {row.margin(self.ramp):.1f} deviations, not 3."
                )
        return found


def calibrate(
    course: Path, name: str, variant: str, seeds: int, report: Callable[[str], None]
) -> Iterator[tuple[Calibration, list[str]]]:
    """Trains and measures; yields, for each ramp of the assignment, the table and what doesn't hold.

    `variant` is what `datasets.load` gives here (WORKSHOP_DATA decides it); `report` is told what is running.
    """
    source = read_source(course / "source" / name)
    specification = source.specification.on(variant)
    answers = [_reference(source), *read_bank(name)]
    trials = _Trials(source, specification, fresh_images(specification), seeds, report)
    for item in specification.items.values():
        of_item = _distinct(answers, f"answer-{item.name}")
        right = {answer.name: answer.expected[item.name].least == item.possible for answer in of_item}
        if not item.ramps:
            continue
        made = [trials.of(answer, item.name) for answer in of_item]
        for part, ramp in item.ramps.items():
            pairs = zip(of_item, made, strict=True)
            rows = tuple(_row(answer, of_answer, part, item.ramps) for answer, of_answer in pairs)
            calibration = Calibration(name, variant, item.name, part, ramp, seeds, rows)
            yield calibration, calibration.problems(right)


def _reference(source: Source) -> Answer:
    """The solution in source/ as an answer of the bank."""
    cells = {
        cell.metadata.nbgrader.grade_id: cell.source
        for cell in source.notebook.cells
        if cell.metadata.get("nbgrader", {}).get("solution")
    }
    items = source.specification.items
    full = {name: Expected(item.possible, item.possible) for name, item in items.items()}
    return Answer(REFERENCE, "the solution in source/", full, cells)


def _distinct(answers: list[Answer], cell: str) -> list[Answer]:
    """The answers that have this cell, each text once."""
    by_source: dict[str, Answer] = {}
    for answer in answers:
        if cell in answer.cells:
            by_source.setdefault(answer.cells[cell], answer)
    return list(by_source.values())


def _row(answer: Answer, trials: list[Trial], part: str, ramps: Mapping[str, Ramp]) -> Row:
    """What an answer measured in one part, from every seed."""
    measured = tuple(trial.measured[part] for trial in trials if part in trial.measured)
    return Row(
        name=answer.name,
        about=answer.about,
        values=measured,
        full_marks=sum(trial.full_marks(ramps) for trial in trials),
        runs=len(trials),
        seconds=mean(trial.seconds for trial in trials),
        note="" if measured else trials[0].reason,
    )


class _Trials:
    """Runs of one assignment's notebook with one answer cell filled in."""

    def __init__(
        self,
        source: Source,
        specification: AssignmentSpecification,
        images: ImageSources,
        seeds: int,
        report: Callable[[str], None],
    ) -> None:
        import nbformat

        self._notebook = nbformat.reads(released(source)[source.notebook_name].decode(), as_version=4)
        self._kept = KeptTrials(self._notebook, specification)
        self._folder = source.folder
        self._specification = specification
        self._images = images
        self._seeds = seeds
        self._report = report

    def of(self, answer: Answer, item: str) -> list[Trial]:
        """An answer to an item, trained from every seed; the first is enough where nothing is measured."""
        trials: list[Trial] = []
        for seed in range(1, self._seeds + 1):
            trials.append(self._trial(answer, item, seed))
            if not trials[-1].measured:
                break
        return trials

    def _trial(self, answer: Answer, item: str, seed: int) -> Trial:
        """One run from one seed: made now, or as it was kept from a calibration that was interrupted."""
        text = answer.cells[f"answer-{item}"]
        trial = self._kept.get(item, text, seed)
        if trial:
            return trial
        self._report(f"{answer.name}, seed {seed} of {self._seeds}")
        trial = self._run(answer, item, seed)
        self._kept.put(item, text, seed, trial)
        return trial

    def _run(self, answer: Answer, item: str, seed: int) -> Trial:
        import keras

        notebook = copy.deepcopy(self._notebook)
        cell = f"answer-{item}"
        fill_in(notebook, replace(answer, cells={cell: answer.cells[cell]}))
        seeds = [_CHALLENGES + seed]
        run = rehearse(notebook, self._specification, self._folder, self._images, seeds, seed)
        keras.utils.clear_session()
        verdict = next(iter(run.verdicts.get(item, [])), None)
        findings = verdict.findings if verdict else ()
        return Trial(
            measured={one.part: one.measured for one in findings if one.measured is not None},
            rest_right=all(one.earned == 1 for one in findings if one.measured is None),
            seconds=_training(run, item),
            reason=verdict.reason if verdict else "",
        )


def _training(run: Rehearsal, item: str) -> float:
    """The CPU seconds of the training: of the slowest cell, or of the check, where that calls the answer."""
    cells = [spent for name, spent in run.seconds.items() if name != item]
    return max([*cells, run.answering.get(item, 0.0)])
