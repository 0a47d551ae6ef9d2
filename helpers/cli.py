"""The command line `workshop`: one Typer app, made of the command groups that are installed."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from importlib import import_module
from importlib.util import find_spec

import typer

from helpers.commands import data, doctor, lab
from helpers.errors import WorkshopError

_GROUPS = ("helpers.authoring.commands", "helpers.grading.commands")
"""Modules with a `register(app)`, and perhaps with LOOKS, functions that give `workshop doctor` a Finding.

The bundle that students get does not contain them."""


def build_app() -> typer.Typer:
    """The app with every command of this installation."""
    app = typer.Typer(
        name="workshop",
        help="The convolution workshop: data, lessons and grading.",
        no_args_is_help=True,
        add_completion=False,
        pretty_exceptions_enable=False,
        rich_markup_mode=None,
    )
    groups = [import_module(name) for name in _GROUPS if _is_installed(name)]
    lab.register(app)
    app.add_typer(data.app, name="data")
    doctor.register(app, [look for group in groups for look in getattr(group, "LOOKS", ())])
    for group in groups:
        group.register(app)
    return app


def main(arguments: Sequence[str] | None = None) -> None:
    """Run `workshop`. A WorkshopError is printed in red without a traceback and exits with 1."""
    try:
        build_app()(arguments, prog_name="workshop")
    except WorkshopError as error:
        typer.secho(str(error), fg=typer.colors.RED, err=True)
        sys.exit(1)


def _is_installed(name: str) -> bool:
    try:
        return find_spec(name) is not None
    except ModuleNotFoundError:
        return False


if __name__ == "__main__":
    main()
