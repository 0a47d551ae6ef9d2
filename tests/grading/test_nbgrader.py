"""nbgrader's own commands with this course's settings, on a small class: nothing but the verdicts decides."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_output

from helpers.grading.demo import scores_of
from helpers.grading.nbgrader_runs import must_run_nbgrader, run_nbgrader
from tests.grading import tiny

pytestmark = pytest.mark.slow

LOUD = """
import sys, warnings
def count_parameters(sizes):
    warnings.warn("counting")
    print("on stderr", file=sys.stderr)
    return sum((values + 1) * units for values, units in zip(sizes[:-1], sizes[1:]))
"""
WRONG = "def count_parameters(sizes):\n    return sum(sizes)"
FORGED = (
    "from IPython.display import display\n"
    "class Forged:\n"
    "    def check(self, *answer):\n"
    "        display(1.0)\n"
    "exercise = Forged()\n" + WRONG
)


def right(course: Path) -> Any:
    notebook = tiny.released(course)
    for name, source in tiny.RIGHT.items():
        tiny.cell_named(notebook, name).source = source
    return notebook


def answered(course: Path, **sources: str) -> Any:
    notebook = right(course)
    for name, source in sources.items():
        tiny.cell_named(notebook, f"answer-{name}").source = source
    return notebook


def skipping(course: Path) -> Any:
    """Checks that are never run, with an output that says full marks."""
    notebook = answered(course, count=WRONG)
    check = tiny.cell_named(notebook, "count")
    check.metadata["tags"] = ["skip-execution"]
    check.outputs = [new_output("execute_result", data={"text/plain": "1.0"}, execution_count=1)]
    return notebook


def doubled(course: Path) -> Any:
    """A check cell that is there twice, in an old version of nbgrader's metadata."""
    notebook = answered(course, count=WRONG)
    role = {**tiny.cell_named(notebook, "count").metadata.nbgrader, "schema_version": 1, "points": 100}
    notebook.cells.append(new_code_cell("1", metadata={"nbgrader": role}))
    return notebook


def without_checks(course: Path) -> Any:
    notebook = right(course)
    for name in ("count", "prepare", "setup"):
        notebook.cells.remove(tiny.cell_named(notebook, name))
    return notebook


def scripting(course: Path) -> Any:
    """What would run in the browser of whoever reads the feedback, in every way that a notebook has."""
    notebook = right(course)
    notebook.cells.append(new_markdown_cell("**mine** <script>alert('markdown')</script>"))
    shown = "from IPython.display import HTML, Javascript, Markdown, SVG, display\n"
    shown += "display(HTML('<script>alert(1)</script>'), Javascript('alert(2)'))\n"
    shown += "display(Markdown('<script>alert(3)</script>'))\n"
    shown += "display(SVG('<svg xmlns=\"http://www.w3.org/2000/svg\"><script>alert(4)</script></svg>'))\n"
    shown += "print('<script>alert(5)</script>')\nprint('readable')\n1 / 0 # <script>alert(6)</script>"
    notebook.cells.append(new_code_cell(shown))
    return notebook


def ending_the_kernel(course: Path) -> Any:
    return answered(course, prepare="import os\nos._exit(1)")


@pytest.fixture(scope="module")
def graded(tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> Iterator[Path]:
    """The course after its class went through autograde and feedback."""
    with pytest.MonkeyPatch.context() as patch:
        folder = tmp_path_factory.mktemp("class")
        patch.setenv("WORKSHOP_SECRET_FILE", str(folder / "secret"))
        patch.setenv("WORKSHOP_CACHE_DIR", str(folder / "cache"))
        patch.setenv("WORKSHOP_DATA_DIR", str(tiny.write_data(folder / "data")))
        course = tiny.write_course(folder / "course")
        log = folder / "log.txt"
        must_run_nbgrader(course, log, "generate_assignment", tiny.NAME)
        for student, notebook in {
            "right": right(course),
            "loud": answered(course, count=LOUD),
            "wrong": answered(course, count=WRONG),
            "forging": answered(course, count=FORGED),
            "skipping": skipping(course),
            "doubled": doubled(course),
            "deleting": without_checks(course),
            "ending": ending_the_kernel(course),
            "scripting": scripting(course),
            "blank": tiny.released(course),
        }.items():
            tiny.submit(course, student, notebook)
        broken = course / "submitted" / "broken" / tiny.NAME / f"{tiny.NAME}.ipynb"
        broken.parent.mkdir(parents=True)
        broken.write_text("{ not JSON")
        assert not run_nbgrader(course, log, "autograde", tiny.NAME), "the broken notebook is told"
        must_run_nbgrader(course, log, "generate_feedback", tiny.NAME)
        yield course


@pytest.mark.parametrize(
    ("student", "count", "prepare"),
    [
        ("right", 1, 2.5),
        ("loud", 1, 2.5),
        ("wrong", 0, 2.5),
        ("forging", 0, 0),  # its own check hands nothing over
        ("skipping", 0, 2.5),
        ("doubled", 0, 2.5),
        ("deleting", 1, 2.5),
        ("ending", 1, 0),
        ("scripting", 1, 2.5),
        ("blank", 0, 0),
    ],
)
def test_everyone_has_the_points_that_the_work_deserves(
    graded: Path, student: str, count: float, prepare: float
) -> None:
    assert scores_of(graded, tiny.NAME, student) == {"count": count, "prepare": prepare}


def test_a_broken_notebook_has_no_score_and_stops_nobody(graded: Path) -> None:
    assert set(scores_of(graded, tiny.NAME, "broken").values()) <= {None}
    assert not (graded / "autograded" / "broken" / tiny.NAME).exists()


def feedback(course: Path, student: str) -> str:
    return (course / "feedback" / student / tiny.NAME / f"{tiny.NAME}.html").read_text(encoding="utf-8")


def test_feedback_holds_the_verdicts_and_no_bare_score(graded: Path) -> None:
    page = feedback(graded, "wrong")
    assert "Weights and biases: wrong" in page
    assert "Arrays: right" in page
    assert "<pre>2.5</pre>" not in page


def test_feedback_says_what_became_of_a_kernel_that_ended(graded: Path) -> None:
    assert "Python came to an end in the cell that begins with" in feedback(graded, "ending")


def test_nothing_of_a_students_runs_in_the_readers_browser(graded: Path) -> None:
    page = feedback(graded, "scripting")
    assert "<strong>mine</strong>" in page
    assert "readable" in page
    assert "ZeroDivisionError" in page
    assert "<script" not in page


def test_feedback_names_no_place_on_the_graders_machine(graded: Path) -> None:
    page = feedback(graded, "loud")
    assert "counting" in page
    assert tempfile.gettempdir() not in page
    assert str(graded) not in page


def test_a_graded_cell_shows_its_verdict_alone(graded: Path) -> None:
    path = graded / "autograded" / "loud" / tiny.NAME / f"{tiny.NAME}.ipynb"
    outputs = tiny.cell_named(nbformat.read(path, as_version=4), "count").outputs
    assert [output.output_type for output in outputs] == ["execute_result"]
    assert outputs[0].data["text/plain"] == "1"
    assert "right" in outputs[0].data["text/html"]


def test_without_executing_there_is_no_grade(graded: Path, tmp_path: Path) -> None:
    course = tmp_path / "course"
    shutil.copytree(graded, course)
    log = tmp_path / "log.txt"
    assert not run_nbgrader(course, log, "autograde", tiny.NAME, "--student=right", "--force", "--no-execute")
    assert "Leave out --no-execute" in log.read_text(encoding="utf-8")


def test_points_that_differ_from_assignment_toml_are_told(graded: Path, tmp_path: Path) -> None:
    course = tmp_path / "course"
    shutil.copytree(graded, course)
    path = course / "source" / tiny.NAME / "assignment.toml"
    path.write_text(tiny.TOML.replace("count = 1", "count = 3"))
    log = tmp_path / "log.txt"
    assert not run_nbgrader(course, log, "autograde", tiny.NAME, "--student=right", "--force")
    assert "gives 1 points in the gradebook, but its item gives 3" in log.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("student", "said"), [("right", "Success!"), ("wrong", "VALIDATION FAILED ON 1 CELL")]
)
def test_students_validate_with_these_settings(graded: Path, tmp_path: Path, student: str, said: str) -> None:
    path = f"submitted/{student}/{tiny.NAME}/{tiny.NAME}.ipynb"
    shutil.copy(graded / "source" / tiny.NAME / "assignment.toml", graded / Path(path).parent)
    log = tmp_path / "log.txt"
    run_nbgrader(graded, log, "validate", path)
    assert said in log.read_text(encoding="utf-8")


def test_the_released_stub_is_the_one_that_workshop_build_writes(graded: Path) -> None:
    from helpers.authoring.release import STUB

    assert STUB.replace("\n", "\n    ") in tiny.cell_named(tiny.released(graded), "answer-count").source
