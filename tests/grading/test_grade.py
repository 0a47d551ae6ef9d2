"""`workshop grade` on a small class: in parallel, killed and gone on with, the same gradebook in the end."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from helpers.errors import WorkshopError
from helpers.grading.commands import grade as command
from helpers.grading.commands import report as report_command
from helpers.grading.course import alone_in, open_course
from helpers.grading.errors import GradingError
from helpers.grading.grade import Outcome
from helpers.grading.pending import Pending
from tests.grading import tiny
from tests.grading.small_class import EXPECTED, killed_after, never, run, scores

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(os.name != "posix", reason="ends processes by signals"),
    pytest.mark.usefixtures("small_class_settings"),
]


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
        ({"assignment": "00_tyni"}, "Did you mean 00_tiny"),
        ({"assignment": "00", "student": ["rigth"]}, "Did you mean right"),
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
    assert len(list(autograded.iterdir())) == 1, "one is halfway through"
    outcome = run(course)
    assert set(outcome.graded) == set(EXPECTED)
    assert scores(course) == scores(graded[0])
    with open_course(course) as opened:
        assert Pending(opened, tiny.NAME).students() == set()
    notebooks = sorted(path.relative_to(course) for path in autograded.rglob("*.ipynb"))
    assert notebooks == sorted(
        path.relative_to(graded[0]) for path in (graded[0] / "autograded").rglob("*.ipynb")
    )
