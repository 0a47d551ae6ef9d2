"""Submissions out of what a learning platform gives: archives unpacked safely, names read, students found.

Three kinds of names are known:

    NAME_20250131T140000.zip                          the workshop's own (nbgrader_config.py)
    namefirst_123_456_NOTEBOOK.ipynb (or …_LATE_…)    Canvas: its number of the student, and of the submission
    First Last_123_assignsubmission_file_/…           Moodle: its number of the participant
"""

from __future__ import annotations

import re
import shutil
import stat
import unicodedata
import zipfile
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path, PurePosixPath
from typing import Any

from nbgrader.plugins.zipcollect import ExtractorPlugin, FileNameCollectorPlugin
from nbgrader.utils import parse_utc

_FILE_LIMIT = 64 * 2**20
_TOTAL_LIMIT = 4 * 2**30
_ENTRIES_LIMIT = 20_000
_NAME_LIMIT = 200
_DEPTH = 2  # the platform's archive, and students' archives in it
_CHUNK = 2**20

_MOODLE = re.compile(r"^(?P<name>.+)_(?P<number>\d+)_assignsubmission_[a-z]+_?$")
_CANVAS = re.compile(r"^(?P<name>[^_]+)(?:_LATE)?_(?P<number>\d+)_\d+_(?P<file>.+)$")
_COPY = re.compile(r"(?:-\d+| ?\(\d+\))$")
_STUDENT = re.compile(r"[A-Za-z0-9][A-Za-z0-9._@+-]*")


class SafeExtractor(ExtractorPlugin):
    """Unpacks the archives of archive/, within limits and within its folder; passes over what isn't harmless.

    What is passed over is named in the log, and costs only itself.
    """

    def extract(self, archive_path: str, extracted_path: str) -> None:
        """Called by `nbgrader zip_collect`."""
        unpacking = _Unpacking(Path(extracted_path), self.log)
        for path in sorted(Path(archive_path).rglob("*")):
            if path.is_symlink() or not path.is_file():
                continue
            folder = path.relative_to(archive_path).parent
            if path.suffix.lower() == ".zip":
                unpacking.unpack(path, folder / path.stem, 1)
            elif path.suffix.lower() in (".gz", ".tar", ".7z", ".rar"):
                self.log.warning("%s is passed over: only zip archives are unpacked.", path.name)
            else:
                (unpacking.root / folder).mkdir(parents=True, exist_ok=True)
                shutil.copy(path, unpacking.root / folder / path.name, follow_symlinks=False)


@dataclass
class _Unpacking:
    """One run: where to, and how much has been unpacked."""

    root: Path
    log: Any
    size: int = 0
    taken: set[str] = field(default_factory=set)

    def unpack(self, archive: Path, folder: Path, depth: int) -> None:
        """Unpacks an archive into a folder under the root, and archives in it, whatever they are."""
        try:
            with zipfile.ZipFile(archive) as opened:
                entries = opened.infolist()
                if len(entries) > _ENTRIES_LIMIT:
                    self.log.warning("%s is passed over: it has %d entries.", archive.name, len(entries))
                    return
                for entry in entries:
                    self._entry(opened, entry, folder, depth)
        except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, EOFError) as error:
            self.log.warning("%s is passed over: it can't be unpacked (%s).", archive.name, error)

    def _entry(self, opened: zipfile.ZipFile, entry: zipfile.ZipInfo, folder: Path, depth: int) -> None:
        if entry.is_dir():
            return
        problem = _problem_of(entry)
        place = folder / _relative(entry.filename) if not problem else folder
        key = unicodedata.normalize("NFKC", place.as_posix()).casefold()
        if not problem and key in self.taken:
            problem = "a file of that name is there already"
        if not problem:
            problem = self._write(opened, entry, self.root / place)
        if problem:
            self.log.warning("%r in %s is passed over: %s.", entry.filename, opened.filename, problem)
            return
        self.taken.add(key)
        if place.suffix.lower() == ".zip":
            written = self.root / place
            if depth < _DEPTH:
                self.unpack(written, place.with_suffix(""), depth + 1)
            written.unlink()

    def _write(self, opened: zipfile.ZipFile, entry: zipfile.ZipInfo, path: Path) -> str:
        """Writes one entry, however large it says that it is; what went wrong, in words."""
        path.parent.mkdir(parents=True, exist_ok=True)
        written = 0
        try:
            with opened.open(entry) as source, path.open("xb") as target:
                while chunk := source.read(_CHUNK):
                    written += len(chunk)
                    if written > _FILE_LIMIT or self.size + written > _TOTAL_LIMIT:
                        raise ValueError("it is too large")
                    target.write(chunk)
        except Exception as error:  # bytes from anywhere make zipfile fail in many ways
            path.unlink(missing_ok=True)
            return str(error) or type(error).__name__
        self.size += written
        return ""


def _problem_of(entry: zipfile.ZipInfo) -> str:
    name = entry.filename
    kind = stat.S_IFMT(entry.external_attr >> 16)
    if kind not in (0, stat.S_IFREG):
        return "it is a link or a device"
    if entry.flag_bits & 1:
        return "it is encrypted"
    if entry.file_size > _FILE_LIMIT:
        return "it is too large"
    if len(name) > 4 * _NAME_LIMIT or not name.isprintable():
        return "its name is too long, or has control characters"
    plain = name.replace("\\", "/")
    parts = PurePosixPath(plain).parts
    if not parts or plain.startswith("/") or ".." in parts or ":" in parts[0]:
        return "its name leads elsewhere"
    if any(len(part.encode()) > _NAME_LIMIT for part in parts) or len(parts) > 10:
        return "its name is too long"
    return ""


def _relative(name: str) -> Path:
    return Path(*PurePosixPath(name.replace("\\", "/")).parts)


class PlatformCollector(FileNameCollectorPlugin):
    """Reads from an unpacked file's path whose it is, and which notebook.

    A student of the gradebook is found by Canvas's number (nbgrader's lms_user_id) or by the name that Moodle
    gives; who isn't found there gets an id made of name and number.
    """

    def collect(self, submitted_file: str) -> dict[str, str] | None:
        """Called by `nbgrader zip_collect` for each unpacked file; None where it isn't collected."""
        path = Path(submitted_file)
        if path.suffix not in self.valid_ext or "__MACOSX" in path.parts or path.name.startswith("._"):
            return None
        found = self._found(path)
        if found is None:
            self.log.warning("%s is passed over: its name doesn't say whose it is.", path.name)
            return None
        if not _STUDENT.fullmatch(found["student_id"]):
            self.log.warning("%s is passed over: %r can't be a student.", path.name, found["student_id"])
            return None
        found["file_id"] = self._notebook(found["file_id"])
        if self._is_another(found):
            words = (path.name, found["student_id"], found["file_id"])
            self.log.warning("%s is passed over: %s has handed in %s already.", *words)
            return None
        return found

    def _found(self, path: Path) -> dict[str, str] | None:
        """Whose a file is: what the platform named decides, which is outside of all that a student packed."""
        inside = path.relative_to(self._extracted) if path.is_relative_to(self._extracted) else path
        for part in inside.parts:
            found = (
                self._canvas(part, path.name) or self._moodle(part, path.name) or self._own(part, path.name)
            )
            if found:
                return found
        return None

    def _is_another(self, found: dict[str, str]) -> bool:
        """Whether it is a student's second file of that name and times don't say which one counts.

        nbgrader gives up the whole class there.
        """
        known = (found["student_id"], found["file_id"])
        timed = self._seen.get(known)
        self._seen.setdefault(known, "timestamp" in found)
        return timed is not None and not (timed and "timestamp" in found)

    @cached_property
    def _seen(self) -> dict[tuple[str, str], bool]:
        """Students and notebooks that are collected, and whether at a known time."""
        return {}

    @cached_property
    def _extracted(self) -> Path:
        return Path(self.parent._format_collect_path(self.parent.extracted_directory))

    def _own(self, part: str, name: str) -> dict[str, str] | None:
        match = re.match(self.named_regexp, f"/{part}/{name}") if self.named_regexp else None
        if not match:
            return None
        found = {key: value for key, value in match.groupdict().items() if value is not None}
        try:
            parse_utc(found.get("timestamp", "2025-01-31"))
        except (ValueError, OverflowError):
            self.log.warning("%s: %r isn't a time; it is left out.", name, found.pop("timestamp"))
        return found if {"student_id", "file_id"} <= found.keys() else None

    def _canvas(self, part: str, name: str) -> dict[str, str] | None:
        match = _CANVAS.match(part)
        if not match:
            return None
        student = self._by_number.get(match["number"]) or _made_up(match["name"], match["number"])
        return {"student_id": student, "file_id": match["file"] if part == name else name}

    def _moodle(self, part: str, name: str) -> dict[str, str] | None:
        match = _MOODLE.match(part)
        if not match:
            return None
        known = self._by_name.get(_folded(match["name"]))
        return {"student_id": known or _made_up(match["name"], match["number"]), "file_id": name}

    def _notebook(self, name: str) -> str:
        """The released notebook's name where a browser or a platform has only added a number to it."""
        stem = Path(name).stem
        plain = _COPY.sub("", stem)
        return f"{plain}.ipynb" if stem not in self._released and plain in self._released else name

    @cached_property
    def _released(self) -> set[str]:
        course = self.parent.coursedir
        folder = Path(course.format_path(course.release_directory, ".", course.assignment_id))
        return {path.stem for path in folder.glob("*.ipynb")}

    @cached_property
    def _students(self) -> list[Any]:
        from nbgrader.api import Gradebook

        course = self.parent.coursedir
        with Gradebook(course.db_url, course.course_id) as gradebook:
            return [
                (one.id, str(one.lms_user_id or ""), f"{one.first_name or ''} {one.last_name or ''}".strip())
                for one in gradebook.students
            ]

    @cached_property
    def _by_number(self) -> dict[str, str]:
        return {number: student for student, number, _ in self._students if number}

    @cached_property
    def _by_name(self) -> dict[str, str]:
        """Students by full name; a name that two people have finds nobody."""
        names = [_folded(name) for _, _, name in self._students]
        return {
            _folded(name): student for student, _, name in self._students if names.count(_folded(name)) == 1
        }


def _folded(name: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", name).casefold().split())


def _made_up(name: str, number: str) -> str:
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    words = "-".join(re.findall(r"[a-z0-9]+", plain))
    return f"{words}-{number}" if words else number
