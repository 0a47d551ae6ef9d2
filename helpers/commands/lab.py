"""`workshop lab`: the data that can be had at once, then JupyterLab on the start page."""

from __future__ import annotations

import os
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import Annotated

import typer

from helpers.commands.saving import HOOK
from helpers.errors import WorkshopError

ROOT = Path(__file__).resolve().parents[2]
START_PAGE = "notebooks/00_start_here.ipynb"
# Defaults for all who start JupyterLab here: it calls no news service, and doesn't ask whether it should.
SETTINGS = Path(__file__).with_name("jupyterlab_settings")


def register(app: typer.Typer) -> None:
    """Add the command to `app`."""
    app.command(
        "lab",
        context_settings={"allow_extra_args": True, "ignore_unknown_options": True},
        help="Open the workshop in JupyterLab. Other options go on to JupyterLab, such as --port 9000.",
    )(lab)


def lab(
    context: typer.Context,
    no_fetch: Annotated[bool, typer.Option("--no-fetch", help="Do not look for full data sets.")] = False,
) -> None:
    if not find_spec("jupyterlab"):
        raise WorkshopError("JupyterLab is not installed in this environment. Start it with `make lab`.")
    try:
        if not no_fetch:
            fetch_what_is_missing()
        draw_what_is_missing()
    except KeyboardInterrupt:
        typer.echo("\nSkipped; `workshop data fetch --all` gets the full data sets at any time.")
    run_jupyterlab(context.args)


def fetch_what_is_missing() -> None:
    """Fetch the full data sets that are not there; where there is no network, one line says so."""
    from helpers.commands.data import fetch_sources
    from helpers.datasets import full
    from helpers.datasets.catalog import SOURCES
    from helpers.datasets.folder import chosen_variant, data_folder
    from helpers.datasets.network import QUICK, answers

    absent = [source for source in SOURCES if not full.find(source, data_folder())]
    if chosen_variant(None) == "bundled" or not absent:
        return
    if not answers("https://storage.googleapis.com", within_s=QUICK.connect_s):
        typer.echo("The full data sets are out of reach now (no network); going on with what is here.")
        return
    for problem in fetch_sources(absent, QUICK, stop_at_first=True):
        typer.echo(f"{str(problem).splitlines()[0]} Going on with what is here.")


def draw_what_is_missing() -> None:
    """Draw bundled images now rather than in the middle of a lesson."""
    from helpers.datasets import drawn, full
    from helpers.datasets.catalog import ENTRIES
    from helpers.datasets.folder import chosen_variant, data_folder

    folder, variant = data_folder(), chosen_variant(None)
    for entry in ENTRIES.values():
        wanted = variant == "bundled" or (variant == "auto" and not full.find(entry.source, folder))
        if wanted and not os.path.exists(drawn.cache_path(entry, folder)):
            typer.echo(f"Drawing the bundled images of {entry.name}, once …")
            drawn.images(entry, folder)


def run_jupyterlab(arguments: list[str]) -> None:
    """Become JupyterLab, opened on the start page with all of the workshop in its file browser."""
    command = [
        sys.executable,
        "-m",
        "jupyterlab",
        f"--ServerApp.root_dir={ROOT}",
        f"--LabApp.default_url=/lab/tree/{START_PAGE}",
        f"--LabApp.app_settings_dir={SETTINGS}",
        HOOK,
        *arguments,
    ]
    # So that a terminal opened in JupyterLab knows the command `workshop`.
    programs = str(Path(sys.executable).parent)
    os.environ["PATH"] = os.pathsep.join([programs, os.environ.get("PATH", os.defpath)])
    if sys.platform == "win32":
        sys.exit(subprocess.call(command))
    sys.stdout.flush()
    os.execv(sys.executable, command)
