"""`workshop data …`: what data is there, and getting more."""

from __future__ import annotations

import typer

app = typer.Typer(no_args_is_help=True, help="See, fetch, import and remove data sets.")


@app.command("status")
def show_status() -> None:
    """Show which variant of each data set is in use, and where it comes from."""
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
    for one in status_of_all(folder, variant):
        counts = [f"{count:,}" if count else "–" for count in (one.train_images, one.test_images)]
        table.add_row(one.name, one.in_use, *counts, _megabytes(one.size), one.note)
    Console().print(table)


def _megabytes(size: int) -> str:
    return f"{size / 1e6:,.1f} MB" if size else "–"
