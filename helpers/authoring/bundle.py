"""`workshop bundle`: the zip that students get. The same checkout gives the same bytes."""

from __future__ import annotations

import contextlib
import os
import zipfile
from collections.abc import Iterator
from pathlib import Path

from helpers.authoring.build import release_differences
from helpers.authoring.errors import BuildError
from helpers.authoring.source import assignment_names, read_source

TOP_FOLDER = "convolution-workshop"
_FOLDERS = ("notebooks", "helpers", "data/weights")
_FILES = (
    "LICENSE",
    "data/README.md",
    "environment.yml",
    "pyproject.toml",
    "requirements.lock",
    "requirements-gpu.lock",
)
_NOT_FOR_STUDENTS = ("helpers/authoring/", "helpers/grading/")
_INSTRUCTORS_TARGETS = ("test", "demo", "bench", "lint", "lock")
_LONG_AGO = (1980, 1, 1, 0, 0, 0)  # the earliest time that a zip can say
_SOLUTION = b"BEGIN SOLUTION"

_NBGRADER_CONFIG = b"""# For students: Validate runs a notebook as it is, training included.
c = get_config()  # noqa: F821 (nbgrader provides it)
c.Execute.timeout = 120
c.Execute.iopub_timeout = 60
"""


def bundle(course: Path, target: Path) -> list[str]:
    """Writes the zip and returns the names of its files. It is there whole or not at all.

    Raises BuildError where release/ isn't what source/ gives, a file is missing, or a solution would get out.
    """
    files = bundled_files(course)
    leaks = [name for name, content in files.items() if _SOLUTION in content]
    if leaks:
        raise BuildError(f"Students would get solutions, in {', '.join(leaks)}. Nothing was written.")
    temporary = target.with_name(f".{target.name}.{os.getpid()}.tmp")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        _write_zip(temporary, files)
        os.replace(temporary, target)
    except OSError as error:
        raise BuildError(f"{target} can't be written ({error.strerror}). Choose another --output.") from error
    finally:
        with contextlib.suppress(OSError):
            temporary.unlink()
    return sorted(files)


def bundled_files(course: Path) -> dict[str, bytes]:
    """All files that students get, by their path in the bundle's folder."""
    files = {name: _content(course / name) for name in _FILES}
    files["README.md"] = _content(Path(__file__).with_name("student_readme.md"))
    files["Makefile"] = _students_makefile(_content(course / "Makefile").decode()).encode()
    files["nbgrader_config.py"] = _NBGRADER_CONFIG
    for folder in _FOLDERS:
        files.update({name: _content(course / name) for name in _names(course, folder)})
    for name in assignment_names(course):
        files.update(_released(course, name))
    return files


def _names(course: Path, folder: str) -> Iterator[str]:
    for path in sorted((course / folder).rglob("*")):
        name = path.relative_to(course).as_posix()
        made = any(part.startswith(".") or part == "__pycache__" for part in Path(name).parts)
        if path.is_file() and not made and not name.startswith(_NOT_FOR_STUDENTS):
            yield name


def _released(course: Path, name: str) -> Iterator[tuple[str, bytes]]:
    source = read_source(course / "source" / name)
    differing = list(release_differences(course, source))
    if differing:
        raise BuildError(f"{differing[0]}.\nStudents get what source/ gives. Run: workshop build {name}")
    for file in sorted([*source.companions, source.notebook_name]):
        path = f"release/{name}/{file}"
        yield path, _content(course / path)


def _students_makefile(text: str) -> str:
    """The Makefile without the paragraphs of targets that need what students don't have."""
    own = [f"{target}:" for target in _INSTRUCTORS_TARGETS]
    paragraphs = [
        paragraph
        for paragraph in text.split("\n\n")
        if not any(line.startswith(tuple(own)) for line in paragraph.splitlines())
    ]
    return "\n\n".join(_without_targets(paragraph) for paragraph in paragraphs)


def _without_targets(paragraph: str) -> str:
    lines = [
        " ".join(word for word in line.split() if word not in _INSTRUCTORS_TARGETS)
        if line.startswith(".PHONY:")
        else line
        for line in paragraph.split("\n")
    ]
    return "\n".join(lines)


def _content(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise BuildError(f"{path} can't be read ({error.strerror}), but students need it.") from error


def _write_zip(target: Path, files: dict[str, bytes]) -> None:
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name, content in sorted(files.items()):
            entry = zipfile.ZipInfo(f"{TOP_FOLDER}/{name}", _LONG_AGO)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.create_system = 3  # Unix: the permissions below mean something, wherever this was made
            entry.external_attr = 0o100644 << 16
            archive.writestr(entry, content)
