"""`workshop demo`: the instructor's cycle on a simulated class."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def register(app: typer.Typer) -> None:
    """Adds the commands to `workshop`."""
    app.command("demo")(demo)


def demo(
    assignment: Annotated[
        list[str] | None, typer.Argument(help="Names, or how they begin: 01. All if none is named.")
    ] = None,
    folder: Annotated[Path, typer.Option(help="The course folder to make.")] = Path("demo"),
    students: Annotated[
        int | None, typer.Option(min=1, help="How many students; one for each answer by default.")
    ] = None,
    jobs: Annotated[
        int | None,
        typer.Option(min=1, help="Submissions to execute at a time; as many as cores by default."),
    ] = None,
) -> None:
    """Grade a simulated class: generate, collect, autograde, feedback, export."""
    import time

    from rich.console import Console

    from helpers.authoring.source import chosen_names
    from helpers.grading.demo import default_jobs, run
    from helpers.grading.demo_display import closing_words, display_for, table
    from helpers.grading.processes import ROOT

    started = time.monotonic()
    console = Console()
    if not console.is_terminal:
        console = Console(width=120)
    names = chosen_names(ROOT, assignment or [])
    with display_for(console) as display:
        graded = run(folder, names, students, jobs or default_jobs(), display)
    for name in names:
        console.print(table([one for one in graded if one.assignment == name]))
    console.print(closing_words(folder.absolute(), graded, time.monotonic() - started), highlight=False)
    if not all(one.as_expected for one in graded):
        raise typer.Exit(1)
