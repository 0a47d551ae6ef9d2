"""`workshop build`: release/ and solutions/ from source/, or the proof that they are what it would make."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from helpers.authoring.errors import BuildError
from helpers.authoring.notebooks import with_unix_lines
from helpers.authoring.release import released
from helpers.authoring.solution import executed, problem_of_outputs, unsolved_markers, without_outputs
from helpers.authoring.source import Source, assignment_names, cell_name, read_source

GENERATED_FOLDERS = ("release", "solutions")
Report = Callable[[str], None]


@dataclass(frozen=True)
class Difference:
    """One thing that is committed otherwise than it would be generated."""

    path: Path
    what: str

    def __str__(self) -> str:
        return f"{self.path}: {self.what}"


def build(course: Path, name: str, report: Report, force: bool = False) -> None:
    """Generates release/NAME and solutions/NAME from source/NAME.

    The solution is executed only if its stored outputs aren't up to date, or if forced. Both are made before
    either is written, so a failure leaves everything as it was. Files that aren't generated stay.

    Raises SourceError, SpecificationError or BuildError.
    """
    source = read_source(course / "source" / name)
    report("releasing")
    release = released(source)
    solution = None
    if force or any(_solution_differences(course, source)):
        solution = executed(
            source, lambda done, total: report(f"executing the solution, cell {done + 1} of {total}")
        )
    _write(course / "release" / name, release)
    if solution:
        _write(course / "solutions" / name, solution)


def differences(course: Path, name: str) -> list[Difference]:
    """How release/NAME and solutions/NAME differ from what source/NAME would give. Changes nothing.

    Outputs aren't compared, but must be there, be free of errors, and come from this very source.
    """
    source = read_source(course / "source" / name)
    return [*release_differences(course, source), *_solution_differences(course, source)]


def orphans(course: Path) -> list[Difference]:
    """Folders in release/ and solutions/ that have no source."""
    known = set(assignment_names(course))
    return [
        Difference(Path(generated) / path.name, "it has no folder in source/; delete it")
        for generated in GENERATED_FOLDERS
        for path in sorted((course / generated).glob("*"))
        if path.is_dir() and not path.name.startswith(".") and path.name not in known
    ]


def release_differences(course: Path, source: Source) -> Iterator[Difference]:
    """How the student version of an assignment differs from what its source would give."""
    folder = Path("release") / source.name
    expected = released(source)
    yield from _file_differences(course, folder, expected)
    path = folder / source.notebook_name
    found = _text(course / path)
    if found is not None and found != expected[source.notebook_name].decode():
        yield from _notebook_differences(path, found, _parsed(expected[source.notebook_name].decode()))


def _solution_differences(course: Path, source: Source) -> Iterator[Difference]:
    folder = Path("solutions") / source.name
    yield from _file_differences(course, folder, {**source.companions, source.notebook_name: b""})
    path = folder / source.notebook_name
    found = _text(course / path)
    if found is None:
        return
    expected = unsolved_markers(source)
    notebook = _parsed(found)
    if notebook is None or _content(without_outputs(notebook)) != _content(expected):
        yield from _notebook_differences(path, found, expected, outputs=True)
    elif problem := problem_of_outputs(notebook):
        yield Difference(path, problem)


def _file_differences(course: Path, folder: Path, expected: dict[str, bytes]) -> Iterator[Difference]:
    """Missing files, files too many, and companions (all but the notebook) with another content."""
    for name, content in expected.items():
        path = course / folder / name
        if not path.is_file():
            yield Difference(folder / name, "it is missing")
        elif not name.endswith(".ipynb") and with_unix_lines(path.read_bytes()) != with_unix_lines(content):
            yield Difference(folder / name, "it differs from the same file in source/")
    if not (course / folder).is_dir():
        return
    for path in sorted((course / folder).rglob("*")):
        relative = path.relative_to(course / folder)
        hidden = any(part.startswith(".") or part == "__pycache__" for part in relative.parts)
        if path.is_file() and not hidden and relative.as_posix() not in expected:
            yield Difference(folder / relative, "it isn't generated; delete it, or move it to source/")


def _notebook_differences(
    path: Path, found: str, expected: Any, outputs: bool = False
) -> Iterator[Difference]:
    """Where a notebook differs, cell by cell; at least one difference, or none would be told."""
    notebook = _parsed(found)
    if notebook is None:
        yield Difference(path, "it isn't a notebook")
        return
    if outputs:
        notebook = without_outputs(notebook)
    told = list(_cell_differences(path, notebook.cells, expected.cells))
    yield from told
    if notebook.metadata != expected.metadata:
        stale = outputs and not told
        yield Difference(path, "its outputs come from an older source" if stale else "its metadata differ")
    elif not told:
        yield Difference(path, "it is written differently (order of keys, spaces or line ends)")


def _cell_differences(path: Path, found: list[Any], expected: list[Any]) -> Iterator[Difference]:
    by_id = {cell.get("id"): cell for cell in found}
    for cell in expected:
        other = by_id.get(cell.id)
        if other is None:
            yield Difference(path, f'cell "{cell_name(cell)}" is missing')
        elif other.cell_type != cell.cell_type or other.source != cell.source:
            yield Difference(
                path, f'cell "{cell_name(cell)}" differs: {_first_line(other.source, cell.source)}'
            )
        elif other != cell:
            parts = sorted(key for key in {*other, *cell} if other.get(key) != cell.get(key))
            yield Difference(path, f'cell "{cell_name(cell)}" differs in its {" and ".join(parts)}')
    known = [cell.id for cell in expected]
    for cell in found:
        if cell.get("id") not in known:
            yield Difference(path, f'cell "{cell_name(cell)}" isn\'t in the source')
    kept = [cell.get("id") for cell in found if cell.get("id") in known]
    if sorted(kept) == sorted(known) and kept != known:
        yield Difference(path, "its cells are in another order")


def _first_line(found: str, expected: str) -> str:
    """The first line in which two cells differ."""
    lines_found, lines_expected = [*found.split("\n"), ""], [*expected.split("\n"), ""]
    for number, (line, other) in enumerate(zip(lines_found, lines_expected, strict=False), start=1):
        if line != other:
            return f"line {number} is {_shortened(line)}, expected is {_shortened(other)}"
    return "it has another type"


def _shortened(line: str) -> str:
    return repr(line if len(line) <= 60 else line[:57] + "…")


def _content(notebook: Any) -> Any:
    return [notebook.metadata, [dict(cell) for cell in notebook.cells]]


def _parsed(text: str) -> Any:
    import nbformat

    try:
        return nbformat.reads(text, as_version=4)
    except Exception:  # nbformat raises several unrelated kinds; all mean the same here
        return None


def _text(path: Path) -> str | None:
    try:
        return with_unix_lines(path.read_bytes()).decode("utf-8", errors="replace")
    except OSError:
        return None


def _write(folder: Path, files: dict[str, bytes]) -> None:
    """Writes files, each whole or not at all."""
    try:
        for name, content in files.items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
            temporary.write_bytes(content)
            os.replace(temporary, path)
    except OSError as error:
        raise BuildError(
            f"{folder} can't be written ({error.strerror}). Make room, then build again."
        ) from error
