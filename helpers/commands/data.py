"""`workshop data …`: what data is there, and getting more."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from helpers.datasets.catalog import Source
    from helpers.datasets.errors import DataError
    from helpers.datasets.network import Patience

app = typer.Typer(no_args_is_help=True, help="See, fetch, import and remove data sets.")

Names = Annotated[
    list[str] | None,
    typer.Argument(metavar="NAME…", help="digits, fashion, signs or rps.", show_default=False),
]


@app.command("status")
def show_status() -> None:
    """Show which variant of each data set is in use."""
    from rich.console import Console
    from rich.table import Table

    from helpers.datasets.folder import chosen_variant, data_folder
    from helpers.datasets.status import status_of_all

    folder, variant = data_folder(), chosen_variant(None)
    table = Table(caption=f"{folder} (WORKSHOP_DATA is {variant})", caption_justify="left")
    for column in ("Data set", "In use"):
        table.add_column(column, no_wrap=True)
    for column in ("Training", "Test", "On disk"):
        table.add_column(column, justify="right", no_wrap=True)
    table.add_column("Where it comes from")
    found = status_of_all(folder, variant)
    for one in found:
        counts = [f"{count:,}" if count else "–" for count in (one.train_images, one.test_images)]
        table.add_row(one.name, one.in_use, *counts, _megabytes(one.size), one.note)
    Console().print(table)
    if variant != "bundled" and any(one.in_use != "full" for one in found):
        typer.echo("`workshop data fetch --all` gets the full data sets that are missing.")


@app.command("fetch")
def fetch(
    names: Names = None,
    every: Annotated[bool, typer.Option("--all", help="Fetch all of them.")] = False,
    force: Annotated[bool, typer.Option("--force", help="Replace what is there.")] = False,
) -> None:
    """Download full data sets; continued where it stopped."""
    from helpers.datasets import catalog
    from helpers.datasets.errors import DataError
    from helpers.datasets.fetching import sources
    from helpers.datasets.network import Patience

    if not names and not every:
        raise DataError(f"Say which to fetch ({', '.join(catalog.ENTRIES)}), or --all.")
    problems = fetch_sources(sources(catalog.ENTRIES if every else names or []), Patience(), force=force)
    if problems:
        raise DataError("\n\n".join(str(problem) for problem in problems))


def fetch_sources(
    wanted: list[Source], patience: Patience, *, force: bool = False, stop_at_first: bool = False
) -> list[DataError]:
    """Fetch each of `wanted` that is not there, telling how it goes; returns what went wrong."""
    from helpers.datasets.errors import DataError
    from helpers.datasets.fetching import describe_present, fetch
    from helpers.datasets.folder import data_folder
    from helpers.datasets.progress import showing

    problems: list[DataError] = []
    for source in wanted:
        there = describe_present(source, data_folder())
        if there and not force:
            typer.echo(f"{source.title} is there: {there}.")
            continue
        try:
            with showing(f"Fetching {source.title}") as (progress, quiet):
                fetch(source, data_folder(), patience, progress, quiet=quiet)
        except DataError as error:
            problems.append(error)
            if stop_at_first:
                break
        else:
            typer.echo(f"{source.title} fetched: {describe_present(source, data_folder())}.")
    return problems


@app.command("import")
def import_data(
    name: Annotated[str, typer.Argument(help="digits, fashion, signs or rps.")],
    paths: Annotated[
        list[Path],
        typer.Argument(
            metavar="PATH…", help="Files, or a folder with them; their names tell training from test."
        ),
    ],
) -> None:
    """Take a full data set from files: npz, idx(.gz) or Kaggle's CSV."""
    from helpers.datasets import catalog
    from helpers.datasets.folder import data_folder
    from helpers.datasets.importing import import_files

    source = catalog.entry(name).source
    splits = import_files(source, paths, data_folder())
    typer.echo(
        f"{source.title} imported: {len(splits.train):,} images to train on, {len(splits.test):,} to test on."
    )


@app.command("remove")
def remove(
    names: Annotated[list[str], typer.Argument(metavar="NAME…", help="digits, fashion, signs or rps.")],
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
) -> None:
    """Remove data sets from the data folder."""
    from helpers.datasets.folder import data_folder
    from helpers.datasets.removing import removable, remove

    paths = removable(names, data_folder())
    if not paths:
        typer.echo(f"Nothing of {', '.join(names)} is in {data_folder()}.")
        return
    for path in paths:
        typer.echo(f"{path}  {_megabytes(path.lstat().st_size)}")
    if yes or typer.confirm("Remove these files?"):
        remove(paths)
        typer.echo("Removed.")
    else:
        typer.echo("Nothing was removed.")


def _megabytes(size: int) -> str:
    return f"{size / 1e6:,.1f} MB" if size else "–"
