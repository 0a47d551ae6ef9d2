"""`workshop grade` on a small class: in parallel, killed and gone on with, the same gradebook in the end."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from helpers.errors import WorkshopError
from helpers.grading.cluster import local_workers
from helpers.grading.commands import grade as command
from helpers.grading.commands import report as report_command
from helpers.grading.course import alone_in, open_course
from helpers.grading.errors import GradingError
from helpers.grading.grade import Outcome, grade
from helpers.grading.nbgrader_runs import must_run_nbgrader
from helpers.grading.pending import Pending
from helpers.grading.processes import ROOT
from helpers.grading.progress import ProgressLines, console_for_people
from helpers.grading.standing import standings
from tests.grading import tiny

pytestmark = [pytest.mark.slow, pytest.mark.skipif(os.name != "posix", reason="ends processes by signals")]

WRONG = "def count_parameters(sizes):\n    return sum(sizes)"
ENDING = "import os\nos._exit(1)"


def answered(course: Path, **sources: str) -> Any:
    notebook = tiny.released(course)
    for name, source in {**tiny.RIGHT, **{f"answer-{k}": v for k, v in sources.items()}}.items():
        tiny.cell_named(notebook, name).source = source
    return notebook


def never() -> Any:
    raise AssertionError("all of it should be in the store")


def run(course: Path, *, workers: Callable[[], Any] = lambda: local_workers(2), **options: Any) -> Outcome:
    with open_course(course) as opened, ProgressLines(console_for_people()) as display:
        return grade(opened, tiny.NAME, workers, display, **options)


def scores(course: Path) -> dict[str, dict[str, float | None]]:
    with open_course(course) as opened:
        return {one.student: dict(one.scores) for one in standings(opened, tiny.NAME)}


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A folder with data, a secret and a course with submissions that nobody has graded yet."""
    folder = tmp_path_factory.mktemp("grade")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("WORKSHOP_SECRET_FILE", str(folder / "secret"))
        patch.setenv("WORKSHOP_CACHE_DIR", str(folder / "cache"))
        patch.setenv("WORKSHOP_DATA_DIR", str(tiny.write_data(folder / "data")))
        course = tiny.write_course(folder / "ungraded")
        must_run_nbgrader(course, folder / "log.txt", "generate_assignment", tiny.NAME)
        for student, notebook in {
            "right": answered(course),
            "same": answered(course),
            "wrong": answered(course, count=WRONG),
            "ending": answered(course, prepare=ENDING),
        }.items():
            tiny.submit(course, student, notebook)
        for student, content in {"damaged": "{ not JSON", "nested": "[" * 100_000, "empty": None}.items():
            path = course / "submitted" / student / tiny.NAME / f"{tiny.NAME}.ipynb"
            path.parent.mkdir(parents=True)
            if content:
                path.write_text(content)
        (course / "submitted" / "linked" / tiny.NAME).mkdir(parents=True)
        (course / "submitted" / "linked" / tiny.NAME / f"{tiny.NAME}.ipynb").symlink_to(
            course / "submitted" / "right" / tiny.NAME / f"{tiny.NAME}.ipynb"
        )
        yield folder


@pytest.fixture(autouse=True)
def environment(home: Path, private_folders: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WORKSHOP_SECRET_FILE", str(home / "secret"))
    monkeypatch.setenv("WORKSHOP_CACHE_DIR", str(home / "cache"))
    monkeypatch.setenv("WORKSHOP_DATA_DIR", str(home / "data"))


@pytest.fixture(scope="module")
def graded(home: Path) -> tuple[Path, Outcome]:
    """The class after an undisturbed run."""
    course = home / "graded"
    shutil.copytree(home / "ungraded", course, symlinks=True)
    return course, run(course)


EXPECTED = {
    "right": {"count": 1, "prepare": 2.5},
    "same": {"count": 1, "prepare": 2.5},
    "wrong": {"count": 0, "prepare": 2.5},
    "ending": {"count": 1, "prepare": 0},
}


def test_everyone_has_the_points_that_the_work_deserves(graded: tuple[Path, Outcome]) -> None:
    course, outcome = graded
    found = scores(course)
    assert {student: found[student] for student in EXPECTED} == EXPECTED
    assert outcome.graded == ("ending", "right", "same", "wrong")
    assert outcome.executed == 3, "the same notebook is executed once"


def test_what_cannot_be_graded_is_said_in_words_and_stops_nobody(graded: tuple[Path, Outcome]) -> None:
    course, outcome = graded
    assert set(outcome.failed) == {"damaged", "nested", "empty", "linked"}
    assert "isn't a notebook" in outcome.failed["damaged"]
    assert "isn't a notebook" in outcome.failed["nested"]
    assert outcome.failed["empty"] == f"{tiny.NAME}.ipynb is missing; handed in: no notebook at all."
    assert "is a link" in outcome.failed["linked"]
    assert not any("Traceback" in reason for reason in outcome.failed.values())
    assert not any(score for one in outcome.failed for score in scores(course).get(one, {}).values())


def test_nbgrader_finds_each_execution_and_runs_none(graded: tuple[Path, Outcome], tmp_path: Path) -> None:
    course = tmp_path / "course"
    shutil.copytree(graded[0], course, symlinks=True)
    shutil.rmtree(course / "autograded")
    outcome = run(course, workers=never)
    assert outcome.executed == 0
    assert {student: scores(course)[student] for student in EXPECTED} == EXPECTED


def test_what_is_graded_stays_untouched_until_it_is_handed_in_anew(
    graded: tuple[Path, Outcome], tmp_path: Path
) -> None:
    course = tmp_path / "course"
    shutil.copytree(graded[0], course, symlinks=True)
    outcome = run(course, workers=never)
    assert outcome.graded == ()
    assert outcome.untouched == ("ending", "right", "same", "wrong")
    for step, moment in (("autograded", "2025-01-31 14:00:00 UTC"), ("submitted", "2025-02-01 14:00:00 UTC")):
        (course / step / "wrong" / tiny.NAME / "timestamp.txt").write_text(moment)
    shutil.copy(
        course / "submitted" / "right" / tiny.NAME / f"{tiny.NAME}.ipynb",
        course / "submitted" / "wrong" / tiny.NAME,
    )
    assert run(course, workers=never).graded == ("wrong",)
    assert scores(course)["wrong"] == EXPECTED["right"]


def test_regrading_repeats_what_was_cut_short_alone(graded: tuple[Path, Outcome], tmp_path: Path) -> None:
    course = tmp_path / "course"
    shutil.copytree(graded[0], course, symlinks=True)
    assert run(course, workers=never, regrade=True, students=["right", "same"]).graded == ("right", "same")
    outcome = run(course, regrade=True, students=["ending", "right"])
    assert (outcome.graded, outcome.executed) == (("ending", "right"), 1)
    assert {student: scores(course)[student] for student in EXPECTED} == EXPECTED


def test_a_course_is_graded_by_one_command_at_a_time(graded: tuple[Path, Outcome]) -> None:
    at_work = f"process {os.getpid()}"
    with open_course(graded[0]) as one, alone_in(one), pytest.raises(GradingError, match=at_work):
        alone_in(one).__enter__()


def test_mistakes_of_the_instructors_are_said_in_words(graded: tuple[Path, Outcome], tmp_path: Path) -> None:
    course = tmp_path / "course"
    shutil.copytree(graded[0], course, symlinks=True)
    for options, said in (
        ({"student": ["rigth"]}, "Did you mean right"),
        ({"assignment": "00_tin"}, "Did you mean 00_tiny"),
        ({"assignment": "09_other"}, "nbgrader generate_assignment 09_other"),
        ({"course": tmp_path}, "isn't a course"),
        (
            {"scheduler": "nonsense://1", "clear_cache": False, "regrade": True, "student": ["ending"]},
            "No Dask",
        ),
    ):
        with pytest.raises(WorkshopError, match=said):
            command(**{"assignment": tiny.NAME, "course": course, **options})


def test_the_table_shows_everyone_and_the_exit_code_that_some_have_no_grade(
    graded: tuple[Path, Outcome], capsys: pytest.CaptureFixture[str]
) -> None:
    import typer

    with pytest.raises(typer.Exit) as ended:
        command(tiny.NAME, course=graded[0])
    assert ended.value.exit_code == 1
    shown = capsys.readouterr().out
    for student in (*EXPECTED, "damaged", "nested", "empty", "linked"):
        assert f"│ {student} " in shown
    assert "Python came to an end" in shown
    assert "not graded: The file isn't a notebook" in shown
    assert "4 submissions graded before" in shown


def test_the_report_is_one_page_on_the_class(
    graded: tuple[Path, Outcome], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    report_command(tiny.NAME, course=graded[0], to=tmp_path / "report.html")
    assert str(tmp_path / "report.html") in capsys.readouterr().out
    page = (tmp_path / "report.html").read_text(encoding="utf-8")
    assert "4 graded submissions" in page
    assert "Weights and biases" in page
    assert "right and same: 100 %" in page
    for student in (*EXPECTED, "damaged", "nested", "empty", "linked"):
        assert student in page


def test_a_report_on_nothing_is_refused_in_words(home: Path, tmp_path: Path) -> None:
    with pytest.raises(GradingError, match="workshop grade 00_tiny"):
        report_command(tiny.NAME, course=home / "ungraded", to=tmp_path / "report.html")


def test_nobody_else_may_look_into_what_is_kept(graded: tuple[Path, Outcome]) -> None:
    assert (graded[0] / ".workshop").stat().st_mode & 0o077 == 0


KILLING = """
import os, signal, sys
from importlib import import_module

module, owner, method = sys.argv[1].split(":")
owner = getattr(import_module(module), owner)
original = getattr(owner, method)

def fatal(*arguments, **options):
    original(*arguments, **options)
    os.kill(os.getpid(), signal.SIGKILL)

setattr(owner, method, fatal)
from helpers.cli import main

main(["grade", sys.argv[2], "--jobs", "2"])
"""


def killed_after(course: Path, step: str) -> None:
    """Runs `workshop grade` in a process of its own, which is killed as soon as it has done a step."""
    done = subprocess.run(
        [sys.executable, "-c", KILLING, step, tiny.NAME],
        cwd=course,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        capture_output=True,
        timeout=300,
    )
    assert done.returncode == -signal.SIGKILL, done.stderr.decode()


def test_killed_twice_and_gone_on_with_it_ends_as_an_undisturbed_run(
    home: Path, graded: tuple[Path, Outcome], tmp_path: Path
) -> None:
    course = tmp_path / "course"
    shutil.copytree(home / "ungraded", course, symlinks=True)
    autograded = course / "autograded"
    killed_after(course, "helpers.grading.store:Store:put")
    assert not autograded.exists()
    assert len(list((course / ".workshop").glob("results/*/execution-*"))) == 1
    killed_after(course, "nbgrader.preprocessors:SaveAutoGrades:preprocess")
    assert [path.name for path in autograded.iterdir()] == ["ending"], "one is halfway through"
    outcome = run(course, workers=never)
    assert set(outcome.graded) == set(EXPECTED)
    assert scores(course) == scores(graded[0])
    with open_course(course) as opened:
        assert Pending(opened, tiny.NAME).students() == set()
    notebooks = sorted(path.relative_to(course) for path in autograded.rglob("*.ipynb"))
    assert notebooks == sorted(
        path.relative_to(graded[0]) for path in (graded[0] / "autograded").rglob("*.ipynb")
    )
