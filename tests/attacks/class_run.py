"""A class of honest students and attackers, graded as an instructor does it, and what went wrong with it.

Everything is real: archives are collected with nbgrader, graded with `workshop grade` in a process of its own
(in parallel, in warm sandboxes), feedback and tables are made. Around it lies what attackers look for:
canaries, files whose content nobody else knows, and listeners that nobody may reach.
"""

from __future__ import annotations

import hashlib
import os
import secrets
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psutil  # type: ignore[import-untyped]

from helpers.grading.course import open_course
from helpers.grading.isolation.processes import ROOT
from tests.attacks import hostile_course
from tests.attacks.bank import Entry, hand_in

_MINUTES = 15
_EVERYBODYS = (ROOT, ROOT / "helpers", Path(sys.prefix), *map(Path, ("/", "/usr", "/tmp", "/dev/shm")))
_CYCLE = (
    ("helpers.cli", "grade", hostile_course.NAME, "--jobs", "2"),
    ("helpers.cli", "feedback", hostile_course.NAME),
    ("helpers.cli", "report", hostile_course.NAME),
    ("nbgrader", "export", "--to", "grades.csv"),
)
_LEFT_ALONE = ("source", "release", "submitted", "downloaded", "nbgrader_config.py")


@dataclass
class Graded:
    """A class after it was graded.

    scores:     by student and item, as the gradebook has them.
    gradebook:  what the gradebook holds of the assignment itself, and how many rows of each kind.
    violations: in words, what should not have happened.
    """

    course: Path
    said: str = ""
    scores: dict[str, dict[str, float | None]] = field(default_factory=dict)
    gradebook: dict[str, Any] = field(default_factory=dict)
    violations: list[str] = field(default_factory=list)


def grade_class(entries: Sequence[Entry], home: Path, secret: str | None = None) -> Graded:
    """Makes a course in the folder `home`, lets everyone hand in, and grades it, on two workers.

    secret: the grader's, 64 hexadecimal digits; a new one by default.
    """
    surroundings = Surroundings(home, secret or secrets.token_hex(32))
    graded = Graded(home / "course")
    _run(surroundings, "nbgrader", "generate_assignment", hostile_course.NAME)
    with surroundings.listeners() as ports:
        targets = surroundings.targets(ports)
        for entry in entries:
            hand_in(entry, graded.course, targets)
        _run(surroundings, "nbgrader", "zip_collect", hostile_course.NAME)
        before = surroundings.digests()
        for command in _CYCLE:
            done = _run(surroundings, *command)
            if "Traceback" in done.stdout + done.stderr or done.returncode not in (0, 1):
                graded.violations.append(f"{command} did not come to its end: {done.stdout[-2000:]}")
            graded.said += done.stdout + done.stderr
            graded.violations += surroundings.left_behind()
        graded.violations += surroundings.heard
        graded.violations += [f"{path} is not as it was" for path in surroundings.changed(before)]
        graded.violations += surroundings.leaks(graded.said)
    graded.scores, graded.gradebook = _recorded(graded.course)
    return graded


def wrong_scores(entries: Sequence[Entry], graded: Graded) -> list[str]:
    """Those whose points aren't what the work deserves; where that is nothing, no score is as good as 0."""
    wrong = []
    for entry in entries:
        found = graded.scores.get(entry.student, {})
        for item, expected in entry.answer.expected.items():
            if not expected.holds(found.get(item) or 0.0):
                wrong.append(f"{entry.student}: {item} is {found.get(item)}, deserved is {expected}")
    return wrong


class Surroundings:
    """What lies around a course: a home, a secret, an environment, listeners; a canary in each."""

    def __init__(self, home: Path, secret: str) -> None:
        home.mkdir(exist_ok=True)
        self.home = home
        self.secret = secret
        self.marker = f"{86_400 + secrets.randbelow(10**6)}.{os.getpid()}"
        self.canaries = {
            place: f"canary{secrets.token_hex(12)}"
            for place in ("solution", "home", "variable", "cache", "peer")
        }
        self.heard: list[str] = []
        self.course = hostile_course.write_course(home / "course", self.canaries["solution"])
        hostile_course.write_data(home / "data")
        for folder in ("user", "temporary", "cache"):
            (home / folder).mkdir()
        (home / "user" / ".netrc").write_text(self.canaries["home"])
        (home / "cache" / "private").write_text(self.canaries["cache"])
        (home / "secret").write_text(self.secret + "\n")
        (home / "secret").chmod(0o600)
        peer = self.course / "submitted" / "peer" / hostile_course.NAME
        peer.mkdir(parents=True)
        (peer / "private.txt").write_text(self.canaries["peer"])

    @property
    def environment(self) -> dict[str, str]:
        """The environment in which the instructor works."""
        kept = {name: os.environ[name] for name in ("PATH", "LANG") if name in os.environ}
        return kept | {
            "PATH": f"{Path(sys.executable).parent}:{os.environ.get('PATH', os.defpath)}",
            "PYTHONPATH": str(ROOT),
            "HOME": str(self.home / "user"),
            "TMPDIR": str(self.home / "temporary"),
            "WORKSHOP_SECRET_FILE": str(self.home / "secret"),
            "WORKSHOP_CACHE_DIR": str(self.home / "cache"),
            "WORKSHOP_DATA_DIR": str(self.home / "data"),
            "INSTRUCTORS_TOKEN": self.canaries["variable"],
        }

    def targets(self, ports: dict[str, Any]) -> dict[str, Any]:
        """What attackers know: far more than they could."""
        files = [
            self.course / "source" / hostile_course.NAME / f"{hostile_course.NAME}.ipynb",
            self.course / "submitted" / "peer" / hostile_course.NAME / "private.txt",
            self.home / "user" / ".netrc",
            self.home / "secret",
            self.home / "cache" / "private",
        ]
        return {
            "files": [str(path) for path in files],
            "folders": [str(path) for path in (self.course, self.home, self.home / "user", *_EVERYBODYS)],
            "gradebook": str(self.course / "gradebook.db"),
            "grader": os.getpid(),
            "marker": self.marker,
            "mark": self._mark,
            **ports,
        }

    @contextmanager
    def listeners(self) -> Iterator[dict[str, Any]]:
        """Servers on this computer, for TCP, UDP, DNS and with an abstract name; they should hear nothing."""
        with ExitStack() as stack:
            tcp = stack.enter_context(socket.create_server(("127.0.0.1", 0)))
            udp = stack.enter_context(_bound(socket.AF_INET, ("127.0.0.1", 0)))
            abstract = f"\0workshop-{self.marker}"
            unix = stack.enter_context(_bound(socket.AF_UNIX, abstract, socket.SOCK_STREAM))
            unix.listen()
            servers = {"tcp": tcp, "udp": udp, "unix": unix}
            with suppress(OSError):  # port 53 is root's, and may be taken
                servers["dns"] = stack.enter_context(_bound(socket.AF_INET, ("127.0.0.1", 53)))
            for name, server in servers.items():
                threading.Thread(target=self._listen, args=(name, server), daemon=True).start()
            yield {"tcp": tcp.getsockname()[1], "udp": udp.getsockname()[1], "unix": abstract}

    def _listen(self, name: str, server: socket.socket) -> None:
        server.settimeout(0.5)
        while server.fileno() >= 0:
            with suppress(OSError):  # nobody has spoken, or it is closed
                said = server.recv(1000) if server.type == socket.SOCK_DGRAM else server.accept()
                self.heard.append(f"Somebody spoke over {name}: {said!r}")

    def digests(self) -> dict[Path, str]:
        """All that grading leaves alone, with digests of its content."""
        paths = [self.course / name for name in _LEFT_ALONE]
        paths += [self.home / name for name in ("user/.netrc", "secret", "data", "cache/private")]
        return {file: _digest(file) for path in paths for file in _files(path)}

    def changed(self, before: dict[Path, str]) -> list[Path]:
        """What is new, gone or other than it was; and files that attackers alone could have made."""
        after = self.digests()
        different = [path for path in before.keys() | after.keys() if before.get(path) != after.get(path)]
        made = (Path(place) / self._mark for place in self.targets({})["folders"])
        return different + [path for path in made if path.exists()]

    @property
    def _mark(self) -> str:
        """The name of the file that attackers write wherever they can."""
        return f"attacked-{self.marker}"

    def left_behind(self) -> list[str]:
        """Processes that still run with something of this course, and temporary folders."""
        found = []
        for process in psutil.process_iter(["pid", "cmdline"]):
            command = process.info["cmdline"] or []
            try:
                mounts = Path(f"/proc/{process.pid}/mountinfo").read_text()
            except OSError:
                mounts = ""
            if self.marker in " ".join(command) or str(self.home / "cache") in mounts:
                found.append(f"The process {process.pid} is left: {command}")
        return found + [f"{path} is left" for path in (self.home / "temporary").glob("grading-*")]

    def leaks(self, said: str) -> list[str]:
        """Canaries in what students or instructors get to see."""
        pages = {"what grading said": said.encode()}
        for folder in ("autograded", "feedback", "reports", ".workshop", "grades.csv"):
            pages |= {str(file): file.read_bytes() for file in _files(self.course / folder)}
        hidden = {**self.canaries, "secret": self.secret}
        return [
            f"The canary of the {place} is in {page}"
            for page, content in pages.items()
            for place, canary in hidden.items()
            if canary.encode() in content and "/peer/" not in page
        ]


def _bound(family: int, address: Any, kind: int = socket.SOCK_DGRAM) -> socket.socket:
    server = socket.socket(family, kind)
    try:
        server.bind(address)
    except OSError:
        server.close()
        raise
    return server


def _files(path: Path) -> list[Path]:
    """The files under a folder, or the file itself; no pipes, devices or links, whose ends are elsewhere."""
    paths = [path, *(path.rglob("*") if path.is_dir() else ())]
    return [one for one in paths if one.is_file() and not one.is_symlink()]


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _run(surroundings: Surroundings, module: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    done = subprocess.run(
        [sys.executable, "-m", module, *arguments],
        cwd=surroundings.course,
        env=surroundings.environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        errors="replace",
        timeout=60 * _MINUTES,
    )
    (surroundings.home / f"{arguments[0]}.log").write_text(done.stdout + done.stderr)
    return done


def _recorded(course: Path) -> tuple[dict[str, dict[str, float | None]], dict[str, Any]]:
    """Scores by student and item; and the assignment with its cells, and who has how many grades."""
    with open_course(course) as opened, opened.gradebook() as gradebook:
        submissions = gradebook.assignment_submissions(hostile_course.NAME)
        grades = [
            (one.student_id, notebook.name, grade)
            for one in submissions
            for notebook in one.notebooks
            for grade in notebook.grades
        ]
        points = [
            (assignment.name, notebook.name, cell.name, cell.max_score)
            for assignment in gradebook.assignments
            for notebook in assignment.notebooks
            for cell in notebook.grade_cells
        ]
        sources = [
            (cell.name, cell.cell_type, cell.locked, cell.source, cell.checksum)
            for cell in gradebook.find_notebook(hostile_course.NAME, hostile_course.NAME).source_cells
        ]
        scores: dict[str, dict[str, float | None]] = {}
        for student, _, grade in grades:
            scores.setdefault(student, {})[grade.name] = grade.auto_score
        return scores, {
            "points": sorted(points),
            "sources": sources,
            "rows": sorted((student, notebook, grade.name) for student, notebook, grade in grades),
            "by hand": [one for one in grades if one[2].manual_score or one[2].extra_credit],
            "students": sorted(student.id for student in gradebook.students),
        }
