"""A PostgreSQL server as the gradebook: the same grades as in a file, and its password is nowhere."""

from __future__ import annotations

import shutil
import traceback
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import create_engine, literal, select
from sqlalchemy.pool import NullPool

from helpers.grading.commands import report
from helpers.grading.course import open_course
from helpers.grading.databases import require_gradebook
from helpers.grading.errors import GradingError
from helpers.grading.exporting import CsvExport
from helpers.grading.grade import Outcome
from helpers.grading.nbgrader_runs import must_run_nbgrader
from helpers.grading.standing import items_of
from tests.grading import postgresql, tiny
from tests.grading.postgresql import PASSWORD, Server
from tests.grading.small_class import EXPECTED, killed_after, never, run, scores

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(postgresql.programs() is None, reason="there is no PostgreSQL server here"),
    pytest.mark.usefixtures("small_class_settings"),
]


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with postgresql.own_folder() as folder, postgresql.started(folder) as running:
        yield running


@pytest.fixture(scope="module")
def ungraded(server: Server, graded: tuple[Path, Outcome], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The small class, executed but not graded, with an assignment in the server's database "ungraded".

    The course's settings name that database; tests name copies of it.
    """
    course = tmp_path_factory.mktemp("postgresql") / "course"
    shutil.copytree(graded[0], course, symlinks=True)
    shutil.rmtree(course / "autograded")
    (course / "gradebook.db").unlink()
    with (course / "nbgrader_config.py").open("a") as settings:
        settings.write(f"\nc.CourseDirectory.db_url = {server.address('ungraded')!r}\n")
    server.run("CREATE DATABASE ungraded")
    must_run_nbgrader(course, course.parent / "log.txt", "generate_assignment", tiny.NAME, "--force")
    return course


@pytest.fixture
def database(server: Server, ungraded: Path, request: pytest.FixtureRequest) -> str:
    """The address of a copy of the database."""
    name = f"copy_{abs(hash(request.node.name))}"
    server.run(f"CREATE DATABASE {name} TEMPLATE ungraded")
    return server.address(name)


@pytest.fixture
def course(ungraded: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(ungraded, tmp_path / "graded", symlinks=True))


def contents(address: str) -> dict[str, list[Any]]:
    """All that a gradebook holds, by table, without the numbers by which rows refer to each other."""
    from nbgrader.api import Base

    engine = create_engine(address, poolclass=NullPool)
    found = {}
    with engine.connect() as connection:
        for name, table in Base.metadata.tables.items():
            telling = [
                column
                for column in table.columns
                if not column.foreign_keys and not (column.primary_key and column.default)
            ]
            found[name] = sorted(
                map(repr, connection.execute(select(literal(1), *telling).select_from(table)))
            )
    return found


def test_a_class_has_the_same_gradebook_as_in_a_file(
    graded: tuple[Path, Outcome], course: Path, database: str, server: Server, tmp_path: Path
) -> None:
    outcome = run(course, workers=never, gradebook=database)
    assert outcome.graded == graded[1].graded
    assert outcome.failed == graded[1].failed
    expected = contents(f"sqlite:///{graded[0] / 'gradebook.db'}")
    assert sum(map(len, expected.values())) > 30
    assert contents(database) == expected
    assert not (course / "gradebook.db").exists()
    pages = [tmp_path / "file.html", tmp_path / "server.html"]
    report(tiny.NAME, course=graded[0], to=pages[0])
    report(tiny.NAME, course=course, to=pages[1], db=database)
    assert pages[0].read_text() == pages[1].read_text()
    tables = [tmp_path / "file.csv", tmp_path / "server.csv"]
    with open_course(graded[0]) as opened, opened.gradebook() as book:
        CsvExport(to=str(tables[0])).export(book)
    must_run_nbgrader(course, tmp_path / "log.txt", "export", "--to", str(tables[1]), "--db", database)
    assert tables[0].read_text() == tables[1].read_text()
    for path in (course / ".workshop").rglob("*.*"):
        assert not path.is_file() or b"p%40ss" not in path.read_bytes()
    left = server.run("SELECT count(*) FROM pg_stat_activity WHERE datname LIKE 'copy_%'")
    assert left == [(0,)], "no connection stays open"


def test_killed_and_gone_on_with_it_ends_as_an_undisturbed_run(
    graded: tuple[Path, Outcome], course: Path, database: str
) -> None:
    killed_after(course, "nbgrader.preprocessors:SaveAutoGrades:preprocess", "--db", database)
    assert len(list((course / "autograded").iterdir())) == 1, "one is halfway through"
    assert set(run(course, workers=never, gradebook=database).graded) == set(EXPECTED)
    assert contents(database) == contents(f"sqlite:///{graded[0] / 'gradebook.db'}")


def test_nbgraders_own_commands_use_the_server_that_the_settings_name(course: Path, server: Server) -> None:
    log = course.parent / "log.txt"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("WORKSHOP_RESULTS", str(course / ".workshop" / "results"))
        must_run_nbgrader(course, log, "autograde", tiny.NAME, "--student=wrong")
    must_run_nbgrader(course, log, "generate_feedback", tiny.NAME, "--student=wrong")
    assert (course / "feedback" / "wrong" / tiny.NAME / f"{tiny.NAME}.html").is_file()
    assert scores(course)["wrong"] == EXPECTED["wrong"]
    assert server.run("SELECT count(*) FROM submitted_assignment", "ungraded") == [(1,)]
    assert PASSWORD not in log.read_text(encoding="utf-8")


def test_items_stay_in_their_order_whatever_order_the_server_keeps_rows_in(
    course: Path, database: str, server: Server
) -> None:
    name = database.rpartition("/")[2]
    server.run("UPDATE base_cell SET name = name WHERE name = 'count'", name)
    server.run("UPDATE source_cell SET name = name WHERE name = 'count'", name)
    with open_course(course, database) as opened:
        assert list(items_of(opened, tiny.NAME)) == ["count", "prepare"]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda address: address.replace("/copy", "/no_copy"), 'database "no_copy'),
        (lambda address: address.replace(":@", "@").replace("%3A", "%3B"), "password authentication failed"),
        (lambda address: address.replace("%40", "@"), "can't be read"),
        (lambda address: address.replace("postgresql:", "postgresql+nonsense:"), "no driver here"),
    ],
)
def test_a_gradebook_that_cant_be_opened_is_named_without_its_password(
    database: str, change: Callable[[str], str], said: str
) -> None:
    address = change(database)
    assert address != database
    with pytest.raises(GradingError, match=said) as refused:
        require_gradebook(address)
    whole = "".join(traceback.format_exception(refused.value))
    for part in ("p@ss", "p%40ss", "word"):
        assert part not in whole.replace("password", "")
