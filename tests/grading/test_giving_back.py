"""`workshop feedback` on a small class: nbgrader's own pages, made in parallel, whatever becomes of one."""

from __future__ import annotations

import os
import shutil
from collections.abc import Sequence
from pathlib import Path

import pytest

from helpers.grading.course import open_course
from helpers.grading.errors import GradingError
from helpers.grading.giving_back import GivenBack, give_back
from helpers.grading.grade import Outcome
from helpers.grading.nbgrader_runs import must_run_nbgrader
from helpers.grading.progress import ProgressLines, console_for_people
from tests.grading import tiny
from tests.grading.small_class import EXPECTED, killed_after

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(os.name != "posix", reason="ends processes by signals"),
    pytest.mark.usefixtures("small_class_settings"),
]

CLASS = tuple(sorted(EXPECTED))

ENDING_FOR_ONE = """
def end_for_one(notebooks, **_):
    import os
    if "/same/" in notebooks[0]:
        os._exit(1)

c.GenerateFeedback.pre_convert_hook = end_for_one
"""


@pytest.fixture(scope="module")
def by_nbgrader(graded: tuple[Path, Outcome], tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """All that nbgrader's own command gives back, by its path."""
    folder = tmp_path_factory.mktemp("nbgrader")
    course = Path(shutil.copytree(graded[0], folder / "course", symlinks=True))
    must_run_nbgrader(course, folder / "log.txt", "generate_feedback", tiny.NAME)
    return given_back(course)


@pytest.fixture
def course(graded: tuple[Path, Outcome], tmp_path: Path) -> Path:
    return Path(shutil.copytree(graded[0], tmp_path / "course", symlinks=True))


def given_back(course: Path) -> dict[str, bytes]:
    folder = course / "feedback"
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()
    }


def make(course: Path, *, jobs: int = 1, students: Sequence[str] = (), anew: bool = False) -> GivenBack:
    with open_course(course) as opened, ProgressLines(console_for_people()) as display:
        return give_back(opened, tiny.NAME, jobs, display, students=students, anew=anew)


def test_pages_made_in_parallel_are_byte_for_byte_those_that_nbgrader_makes(
    course: Path, by_nbgrader: dict[str, bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("helpers.grading.giving_back._WORTH_A_PROCESS", 1)
    outcome = make(course, jobs=2)
    assert (outcome.made, outcome.untouched, outcome.failed) == (CLASS, (), {})
    assert len([path for path in by_nbgrader if path.endswith(".html")]) == len(CLASS)
    assert given_back(course) == by_nbgrader


def test_killed_and_gone_on_with_nobodys_page_is_half_done(
    course: Path, by_nbgrader: dict[str, bytes]
) -> None:
    step = "helpers.grading.giving_back:_Page:convert_single_notebook"
    killed_after(course, step, command="feedback")
    assert given_back(course) == {}, "the first page was not in its place yet"
    assert make(course).made == CLASS
    assert given_back(course) == by_nbgrader


def test_a_page_is_made_again_where_the_grading_is_newer_or_somebody_says_so(course: Path) -> None:
    make(course)
    assert make(course).untouched == CLASS
    os.utime(course / "autograded" / "wrong" / tiny.NAME / f"{tiny.NAME}.ipynb")
    shutil.rmtree(course / "feedback" / "same")
    assert make(course).made == ("same", "wrong")
    assert make(course, students=["right"], anew=True).made == ("right",)


def test_what_no_page_can_be_made_of_is_said_in_words_and_stops_nobody(
    course: Path, by_nbgrader: dict[str, bytes]
) -> None:
    broken = course / "autograded" / "right" / tiny.NAME / f"{tiny.NAME}.ipynb"
    broken.chmod(0o644)
    broken.write_text("{ not JSON")
    outcome = make(course)
    assert outcome.made == ("ending", "same", "wrong")
    assert outcome.failed.keys() == {"right"}
    assert outcome.failed["right"].startswith("No page can be made of it (NotJSONError")
    assert given_back(course) == {path: page for path, page in by_nbgrader.items() if "right/" not in path}


def test_a_page_that_takes_its_process_down_costs_itself_alone(
    course: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("helpers.grading.giving_back._WORTH_A_PROCESS", 1)
    with (course / "nbgrader_config.py").open("a") as settings:
        settings.write(ENDING_FOR_ONE)
    outcome = make(course, jobs=2, students=["same", "wrong"])
    assert outcome.made == ("wrong",)
    assert outcome.failed == {"same": "The process that made the page came to an end."}


def test_who_has_no_grade_gets_no_page(course: Path, home: Path) -> None:
    with pytest.raises(GradingError, match="damaged has not got a grade"):
        make(course, students=["damaged"])
    with pytest.raises(GradingError, match=f"Grade first: workshop grade {tiny.NAME}"):
        make(home / "ungraded")
