"""The course that is attacked: the tiny assignment with a model, on few images, within narrow limits."""

from __future__ import annotations

import shutil
from pathlib import Path

import nbformat
import numpy as np

from helpers.datasets import bundled
from helpers.datasets.npz import write_npz
from helpers.datasets.splits import Split, Splits
from helpers.grading.isolation.processes import ROOT
from tests.grading import tiny

NAME = tiny.NAME
POINTS = {"count": 1.0, "prepare": 2.5, "model": 3.0}

_LIMITS = """
seconds = 80
cell_seconds = 15
memory_megabytes = 2000
processes = 40
file_megabytes = 64
scratch_megabytes = 128
evidence_megabytes = 4
"""
_MODEL = """
[items.model]
title = "A model"
check = "classifier:Classifier"
points = { probabilities = 1, accuracy = 2 }
ramps = { accuracy = { zero = 0.3, full = 0.5 } }
hints = ["Gentle.", "Firm.", "Plain."]

[items.model.settings]
unseen_images = 200
classes = 10
parameters_at_most = 20_000
layers_required = ["Dense"]
layers_forbidden = ["*Conv*"]
"""


def write_course(folder: Path, canary: str) -> Path:
    """Writes the course, nothing generated yet; the canary is in a solution, which students never get."""
    source = tiny.source_notebook()
    solution = tiny.cell_named(source, "answer-prepare")
    solution.source = solution.source.replace("### END SOLUTION", f"# {canary}\n    ### END SOLUTION")
    source.cells += [
        tiny.cell(
            "answer-model", "model = None\n### BEGIN SOLUTION\nmodel = 1\n### END SOLUTION", solution=True
        ),
        tiny.cell("model", 'exercise.check("model", model)', grade=True, locked=True, points=3),
    ]
    place = folder / "source" / NAME
    place.mkdir(parents=True)
    nbformat.write(source, place / f"{NAME}.ipynb")
    head, _, items = tiny.TOML.partition("[limits]")
    items = items[items.index("[items.count]") :]
    (place / "assignment.toml").write_text(f"{head}[limits]{_LIMITS}\n{items}{_MODEL}", encoding="utf-8")
    shutil.copy(ROOT / "nbgrader_config.py", folder)
    return folder


def write_data(folder: Path) -> Path:
    """Writes a data folder with a full data set of digits, drawn ones: 1,000 to train on, 600 to test on."""
    x, y = bundled.draw("digits", 1600, 5)
    images = np.rint(x[..., 0] * 255).astype(np.uint8)
    folder.mkdir()
    write_npz(folder / "mnist.npz", Splits(Split(images[:1000], y[:1000]), Split(images[1000:], y[1000:])))
    return folder


def released(course: Path) -> Path:
    """The student version, as nbgrader made it."""
    return course / "release" / NAME / f"{NAME}.ipynb"
