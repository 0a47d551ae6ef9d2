"""`workshop grade`, `feedback` and `report`; `workshop demo` does it all on a simulated class."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from helpers.errors import WorkshopError

if TYPE_CHECKING:
    from helpers.environment import Finding

Jobs = Annotated[
    int | None,
    typer.Option(
        min=1, help="Submissions to execute at a time; as many as cores and memory allow by default."
    ),
]

Unsafe = Annotated[
    bool,
    typer.Option(
        "--unsafe-no-sandbox",
        help="Run students' code without a sandbox, with all your rights: to read, change and send anything.",
    ),
]

Db = Annotated[
    str | None,
    typer.Option(
        metavar="ADDRESS",
        help="Another gradebook than the course's settings name, e.g. postgresql://USER@HOST/NAME.",
    ),
]


def register(app: typer.Typer) -> None:
    """Adds the commands to `workshop`."""
    app.command("grade")(grade)
    app.command("feedback")(feedback)
    app.command("report")(report)
    app.command("demo")(demo)


@contextlib.contextmanager
def _sandbox_begun(course: Path, assignment: str) -> Iterator[None]:
    """Lets a sandbox warm up while this process imports what it needs; most likely it will be wanted.

    Whatever is wrong with the assignment is told later, by whoever needs it.
    """
    from helpers.authoring.source import chosen_names
    from helpers.grading.isolation import warm
    from helpers.grading.isolation.processes import run_unprotected
    from helpers.grading.isolation.sandbox import chosen_run
    from helpers.grading.secret import load_secret
    from helpers.grading.verification import surroundings

    try:
        if chosen_run() is not run_unprotected:
            with contextlib.suppress(WorkshopError, OSError):
                (folder,) = chosen_names(course, [assignment])
                data, models = surroundings(course.absolute() / "source" / folder, load_secret())
                warm.begin(data.folder, keras=models)
        yield
    finally:
        warm.end_begun()


def _import_what_takes_long() -> None:
    from importlib import import_module

    from helpers.environment.preparing import uncollected
    from helpers.grading.isolation.importing import import_jsonschema

    with uncollected():
        import_jsonschema()
        import_module("helpers.grading.grade")


def grade(
    assignment: Annotated[str, typer.Argument(help="The assignment's name, or how it begins: 01.")],
    course: Annotated[Path, typer.Option(help="The course's folder.")] = Path("."),
    student: Annotated[
        list[str] | None, typer.Option(help="Grade this student alone; give it again for another one.")
    ] = None,
    regrade: Annotated[
        bool, typer.Option("--regrade", help="Grade again what is graded; repeat what was cut short.")
    ] = False,
    jobs: Jobs = None,
    scheduler: Annotated[
        str | None, typer.Option(help="Use this Dask cluster: tcp://ADDRESS:PORT of its scheduler.")
    ] = None,
    db: Db = None,
    unsafe_no_sandbox: Unsafe = False,
    clear_cache: Annotated[
        bool, typer.Option("--clear-cache", help="Forget all earlier executions, so that each is repeated.")
    ] = False,
) -> None:
    """Grade a class: execute its submissions in parallel, then record grades with nbgrader.

    If it is stopped, the same command goes on from there.
    """
    import os
    import time

    started = time.monotonic()
    # More threads would wait for work as busily as if they had some.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    from helpers.grading.isolation.processes import default_jobs

    at_a_time = jobs or default_jobs()
    with contextlib.ExitStack() as stack:
        if scheduler is None:  # else it is the workers' computers that need one
            _choose_sandbox(unsafe_no_sandbox)
            stack.enter_context(_sandbox_begun(course, assignment))
        _import_what_takes_long()
        from helpers.grading.cluster import local_workers, workers_of
        from helpers.grading.course import named_assignment, open_course
        from helpers.grading.grade import grade as grade_class
        from helpers.grading.grade_display import closing_words, table
        from helpers.grading.progress import console_for_people, display_for
        from helpers.grading.standing import items_of, standings

        console = console_for_people()
        opened = stack.enter_context(open_course(course, db))
        assignment = named_assignment(opened, assignment)
        if clear_cache:
            console.print(f"Earlier executions are forgotten: {opened.store.clear() / 2**20:.0f} MB.")
        try:
            with display_for(console) as display:
                outcome = grade_class(
                    opened,
                    assignment,
                    lambda: workers_of(scheduler) if scheduler else local_workers(at_a_time),
                    display,
                    students=student or [],
                    regrade=regrade,
                )
        except KeyboardInterrupt:
            typer.echo("Stopped. What is executed and graded is kept: the same command goes on from there.")
            raise typer.Exit(130) from None
        console.print(table(assignment, items_of(opened, assignment), standings(opened, assignment), outcome))
        console.print(closing_words(outcome, time.monotonic() - started), highlight=False, soft_wrap=True)
    if outcome.failed:
        raise typer.Exit(1)


def feedback(
    assignment: Annotated[str, typer.Argument(help="The assignment's name, or how it begins: 01.")],
    course: Annotated[Path, typer.Option(help="The course's folder.")] = Path("."),
    student: Annotated[
        list[str] | None, typer.Option(help="Make this student's page alone; give it again for another one.")
    ] = None,
    force: Annotated[
        bool, typer.Option("--force", help="Make pages again that are newer than the grading.")
    ] = False,
    jobs: Annotated[
        int | None,
        typer.Option(min=1, help="Pages to make at a time; as many as there are cores."),
    ] = None,
    db: Db = None,
) -> None:
    """Make the pages that students get back, in parallel; as nbgrader generate_feedback does, one by one.

    If it is stopped, the same command goes on from there.
    """
    _import_what_takes_long()
    from helpers.grading.course import named_assignment, open_course
    from helpers.grading.giving_back import give_back
    from helpers.grading.isolation.processes import default_jobs
    from helpers.grading.progress import console_for_people, display_for

    console = console_for_people()
    with open_course(course, db) as opened:
        assignment = named_assignment(opened, assignment)
        with display_for(console) as display:
            outcome = give_back(
                opened, assignment, jobs or default_jobs(), display, students=student or [], anew=force
            )
    for name, problem in outcome.failed.items():
        typer.echo(f"{name}: {problem}", err=True)
    there = f", {len(outcome.untouched)} were there (--force makes them again)" if outcome.untouched else ""
    typer.echo(f"{len(outcome.made)} pages made{there}: {outcome.place}")
    if outcome.failed:
        typer.echo(f"{len(outcome.failed)} could not be made. nbgrader's log: {outcome.log}", err=True)
        raise typer.Exit(1)


def report(
    assignment: Annotated[str, typer.Argument(help="The assignment's name, or how it begins: 01.")],
    course: Annotated[Path, typer.Option(help="The course's folder.")] = Path("."),
    to: Annotated[
        Path | None, typer.Option(help="The file to write; reports/ASSIGNMENT.html by default.")
    ] = None,
    db: Db = None,
) -> None:
    """Write a page on how a class did: scores, items, thresholds, failures, similar answers."""
    from helpers.grading.course import named_assignment, open_course
    from helpers.grading.report.making import write_report

    place = to.absolute() if to else None
    with open_course(course, db) as opened:
        assignment = named_assignment(opened, assignment)
        path = write_report(opened, assignment, place)
    typer.echo(f"The report is in {path}. It names students: keep it to yourself.")


def demo(
    assignment: Annotated[
        list[str] | None, typer.Argument(help="Names, or how they begin: 01. All if none is named.")
    ] = None,
    folder: Annotated[Path, typer.Option(help="The course folder to make.")] = Path("demo"),
    students: Annotated[
        int | None,
        typer.Option(
            min=1,
            help="How many students. By default one for each answer, or 8 each for several assignments.",
        ),
    ] = None,
    jobs: Jobs = None,
    unsafe_no_sandbox: Unsafe = False,
) -> None:
    """Grade a simulated class: generate, collect, grade, feedback, report, export."""
    import time

    from helpers.authoring.source import chosen_names

    _import_what_takes_long()
    from helpers.grading.demo import run
    from helpers.grading.demo_display import closing_words, table
    from helpers.grading.isolation.processes import ROOT, default_jobs
    from helpers.grading.progress import console_for_people, display_for

    _choose_sandbox(unsafe_no_sandbox)
    started = time.monotonic()
    console = console_for_people()
    names = chosen_names(ROOT, assignment or [])
    with display_for(console) as display:
        graded = run(folder, names, students, jobs or default_jobs(), display)
    for name in names:
        console.print(table([one for one in graded if one.assignment == name]))
    console.print(closing_words(folder.absolute(), graded, time.monotonic() - started), highlight=False)
    if not all(one.as_expected for one in graded):
        raise typer.Exit(1)


def look_at_sandbox() -> Finding:
    """Whether students' code can be run in a sandbox on this computer."""
    from helpers.environment import Finding
    from helpers.grading.isolation.sandbox import problem_of_sandbox

    problem = problem_of_sandbox()
    if problem:
        advice = f"Grading stops without one; all else works. {problem[0].upper()}{problem[1:]}"
        return Finding("sandbox", "warning", "students' code can't be run safely here", advice)
    return Finding("sandbox", "ok", "bubblewrap runs students' code apart from all else")


LOOKS = (look_at_sandbox,)
"""What `workshop doctor` looks at on an instructor's computer."""


def _choose_sandbox(unsafe: bool) -> None:
    """Raises NoSandbox where there is none, before anything is begun; `unsafe` goes on without."""
    import os

    from helpers.grading.isolation.sandbox import UNSAFE_VARIABLE, chosen_run

    if unsafe:
        os.environ[UNSAFE_VARIABLE] = "1"
    chosen_run()
