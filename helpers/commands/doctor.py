"""`workshop doctor`: does everything work on this computer, and what to do where it does not."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import typer

if TYPE_CHECKING:
    from helpers.environment import Finding


def register(app: typer.Typer, looks: Sequence[Callable[[], Finding]] = ()) -> None:
    """Add the command to `app`. looks: what else it looks at."""

    @app.command("doctor")
    def doctor() -> None:
        """Check this computer and say what to mend."""
        from helpers.environment import Report, check

        findings = [*check().findings, look_at_data(), look_at_kernel(), *(look() for look in looks)]
        report = Report(tuple(findings))
        typer.echo(str(report))
        raise typer.Exit(0 if report.ok else 1)


def look_at_data() -> Finding:
    """Which variant of each data set is in use, and whether its files are whole."""
    from helpers.datasets.folder import chosen_variant, data_folder
    from helpers.datasets.status import status_of_all
    from helpers.environment import Finding

    every = status_of_all(data_folder(), chosen_variant(None))
    found = ", ".join(f"{one.name} {one.in_use}" for one in every)
    damaged = [one for one in every if one.in_use == "damaged"]
    if damaged:
        advice = (
            f"{damaged[0].note}. Run `workshop data fetch {damaged[0].name} --force`, or import it again."
        )
        return Finding("data sets", "problem", found, advice)
    absent = [one.name for one in every if one.in_use == "none"]
    if absent:
        advice = f"Lessons that use these need the real images: `workshop data fetch {' '.join(absent)}`."
        return Finding("data sets", "warning", found, advice)
    return Finding("data sets", "ok", found)


def look_at_kernel() -> Finding:
    """Whether Jupyter knows a Python kernel whose program exists."""
    from helpers.environment import Finding

    advice = "Run `make lab` again: it installs the kernel."
    try:
        from jupyter_client.kernelspec import KernelSpecManager, NoSuchKernel

        program = KernelSpecManager().get_kernel_spec("python3").argv[0]
        if program.startswith("python"):  # Jupyter runs its own Python then
            program = sys.executable
    except (ImportError, NoSuchKernel) as error:
        return Finding("Jupyter kernel", "problem", f"python3 is missing ({error})", advice)
    if not shutil.which(program):
        return Finding("Jupyter kernel", "problem", f"python3 starts {program}, which is not there", advice)
    return Finding("Jupyter kernel", "ok", f"python3 runs {program}")
