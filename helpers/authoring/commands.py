"""`workshop build`, `bundle`, `calibrate` and `backbone`: the instructor's commands on what students get."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

COURSE = Path(__file__).resolve().parents[2]
Assignments = Annotated[
    list[str] | None, typer.Argument(help="Names, or how they begin: 01. All if none is named.")
]
Course = Annotated[Path, typer.Option(help="The folder that holds source/.", show_default=False)]


def register(app: typer.Typer) -> None:
    """Adds the commands to `workshop`."""
    app.command("build")(build)
    app.command("bundle")(bundle)
    app.command("calibrate")(calibrate)
    app.command("backbone")(backbone)


def build(
    assignment: Assignments = None,
    check: Annotated[bool, typer.Option("--check", help="Change nothing; fail on any difference.")] = False,
    force: Annotated[
        bool, typer.Option("--force", help="Execute solutions again, even up-to-date ones.")
    ] = False,
    course: Course = COURSE,
) -> None:
    """Make release/ and solutions/ from source/."""
    from helpers.authoring.source import chosen_names

    names = chosen_names(course, assignment or [])
    if check:
        _check(course, names, everything=not assignment)
    else:
        _build(course, names, force)


def bundle(
    output: Annotated[
        Path | None, typer.Option(help="The zip to write; in dist/ if not said.", show_default=False)
    ] = None,
    course: Course = COURSE,
) -> None:
    """Make the zip that students get: lessons, exercises, what they need, and nothing else."""
    from helpers import __version__
    from helpers.authoring.bundle import TOP_FOLDER
    from helpers.authoring.bundle import bundle as write_bundle

    target = output or course / "dist" / f"{TOP_FOLDER}-{__version__}.zip"
    names = write_bundle(course, target)
    print(f"{target}: {len(names)} files, {target.stat().st_size / 1e6:.1f} MB.")


def calibrate(
    assignment: Annotated[str, typer.Argument(help="Its name, or how it begins: 01.")],
    seeds: Annotated[int, typer.Option(min=2, help="How often each answer is trained.")] = 10,
    variant: Annotated[
        str | None, typer.Option(help="full or bundled; what is in use here if not said.", show_default=False)
    ] = None,
    course: Course = COURSE,
) -> None:
    """Train the solution and the bank's answers from many seeds, and see whether the thresholds hold."""
    import os
    from functools import partial

    from rich.console import Console

    from helpers.authoring.calibration import calibrate as measure
    from helpers.authoring.calibration_page import display, write_section
    from helpers.authoring.errors import BuildError
    from helpers.authoring.source import chosen_names, read_source
    from helpers.checks.specification import FILE_NAME
    from helpers.environment import quiet_tensorflow

    if variant:
        os.environ["WORKSHOP_DATA"] = variant
    (name,) = chosen_names(course, [assignment])
    specification = read_source(course / "source" / name).specification
    used = specification.variant_here()
    if variant and used != variant:
        raise BuildError(f"{name} is always about {used} data, as its {FILE_NAME} says.")
    if not any(item.ramps for item in specification.on(used).items.values()):
        print(f"{name} has no thresholds, so there is nothing to calibrate.")
        return
    quiet_tensorflow()
    console, problems = Console(), []
    with console.status(name) as status:
        show = status.update if console.is_terminal else partial(print, flush=True)
        for calibration, found in measure(course, name, used, seeds, show):
            console.print(display(calibration))
            print(f"Written to {write_section(course, calibration)}.")
            problems += found
    if problems:
        raise BuildError("These thresholds don't hold:\n  " + "\n  ".join(problems))


def backbone(
    folder: Annotated[
        Path | None, typer.Option(help="Where to write; helpers/models if not said.", show_default=False)
    ] = None,
    rounds: Annotated[int, typer.Option(min=1, help="How often new images are drawn.")] = 3,
    images: Annotated[int, typer.Option(min=1, help="How many, in each round.")] = 20_000,
    seed: Annotated[int, typer.Option(min=0, help="Of the images and of the training.")] = 1,
) -> None:
    """Train the pretrained backbone anew, on drawn hands, and write its weights; takes minutes."""
    from helpers.authoring.pretraining import Recipe, pretrain, write_weights
    from helpers.models.backbone import WEIGHTS

    recipe = Recipe(rounds=rounds, images=images, seed=seed)
    pretrained = pretrain(recipe, lambda what: print(what, flush=True))
    target = folder or WEIGHTS.parent
    size = write_weights(pretrained, recipe, target)
    told = f"{pretrained.accuracy:.1%} of new invented signs named rightly"
    print(f"{target / WEIGHTS.name}: {size:,} bytes. {told}, {pretrained.cpu_seconds:.0f} CPU seconds.")


def _build(course: Path, names: list[str], force: bool) -> None:
    from rich.console import Console

    from helpers.authoring.build import build as build_one

    console = Console()
    for name in names:
        with console.status(name) as status:

            def report(what: str, name: str = name) -> None:
                status.update(f"{name}: {what}")

            build_one(course, name, report, force)
        console.print(f"{name}: release/ and solutions/ are up to date.")


def _check(course: Path, names: list[str], everything: bool) -> None:
    from helpers.authoring.build import differences, orphans
    from helpers.authoring.errors import BuildError

    found = [difference for name in names for difference in differences(course, name)]
    if everything:
        found += orphans(course)
    if found:
        listed = "\n".join(f"  {difference}" for difference in found)
        raise BuildError(f"What is committed isn't what source/ gives:\n{listed}\nRun: workshop build")
    print(f"In sync with source/: {', '.join(names)}.")
