"""Watching a sandbox from outside: how many processes it has, and how much memory they hold. Linux only.

Control groups could set such limits, but belong to root on most computers; /proc is there on all of them. And
where root grades, the kernel's own bound on processes (RLIMIT_NPROC) doesn't hold: whoever watches must not
have to wait behind thousands of them.
"""

from __future__ import annotations

import contextlib
import glob
import mmap
import os
import signal
import time
from collections.abc import Iterator
from dataclasses import dataclass

from helpers.grading.isolation.processes import Allowance

_MOST_COMPUTING = 4 + 2 * (os.cpu_count() or 1)  # threads; a notebook's own computing is done in one
_PATIENCE = 5  # seconds
_PAGE = mmap.PAGESIZE


@dataclass(frozen=True)
class Member:
    """A process of a sandbox. depth: how many generations it is away from the root, which has 0."""

    pid: int
    depth: int
    resident: int  # bytes of memory, with files' pages, which anybody may hold; give or take some


class Family:
    """A process and its descendants, looked up again and again at little cost.

    Who doesn't belong to it is looked at once a second alone: not less often, for such a process can end, and
    a new one, which does, can get its number.
    """

    def __init__(self, root: int) -> None:
        self._root = root
        self._strangers: set[int] = set()
        self._next_check = 0.0

    def members(self) -> list[Member]:
        """All that live at the moment."""
        now = time.monotonic()
        if now >= self._next_check:
            self._next_check = now + 1
            self._strangers.clear()
        pids = {int(name) for name in os.listdir("/proc") if name.isdigit()}
        self._strangers &= pids
        return list(self._related({pid: _parent_and_memory(pid) for pid in pids - self._strangers}))

    def _related(self, known: dict[int, tuple[int, int]]) -> Iterator[Member]:
        for pid, (_, resident) in known.items():
            depth, ancestor = 0, pid
            while ancestor in known and ancestor != self._root and depth < len(known):  # numbers come again
                depth, ancestor = depth + 1, known[ancestor][0]
            if ancestor == self._root:
                yield Member(pid, depth, resident)
            elif ancestor == 0 or ancestor in self._strangers:
                self._strangers.add(pid)  # else its parent has just ended: look again next time


class Watch:
    """Holds one sandbox to its allowance, and keeps in words what had to be stopped.

    keeper_depth: which generation after `root` the sandbox's process 1 is; none up to it is counted.
    """

    def __init__(self, root: int, allowance: Allowance, keeper_depth: int = 1) -> None:
        self._family = Family(root)
        self._allowance = allowance
        self._keeper_depth = keeper_depth
        self._next_count = 0.0
        self._crowded_seconds = 0
        self.problem = ""

    def look(self) -> None:
        """Looks once. Too much memory costs the largest process, too many processes end the whole."""
        members = self._family.members()
        inside = [one for one in members if one.depth > self._keeper_depth]
        if len(inside) > self._allowance.processes:  # before anything that takes longer, the more there are
            self.problem = f"It started more than {self._allowance.processes} processes at a time."
            self.end(members)
        elif self._is_too_much(inside):
            self.problem = f"It needed more than {self._allowance.memory_megabytes:,} MB of memory."
            _signal(max(inside, key=lambda one: _memory(one.pid)).pid, signal.SIGKILL)
        elif self._is_a_crowd(inside):
            self.problem = f"It computed in more than {_MOST_COMPUTING} threads at a time."
            self.end(members)

    def _is_a_crowd(self, members: list[Member]) -> bool:
        """Whether they have long computed in so many threads that nobody beside them gets on."""
        now = time.monotonic()
        if now >= self._next_count:
            self._next_count = now + 1
            crowded = sum(_computing(one.pid) for one in members) > _MOST_COMPUTING
            self._crowded_seconds = self._crowded_seconds + 1 if crowded else 0
        return self._crowded_seconds > _PATIENCE

    def _is_too_much(self, members: list[Member]) -> bool:
        """Whether they hold too much memory. Whose it is is looked up only where that could matter."""
        most = self._allowance.memory_megabytes * 2**20
        if sum(one.resident for one in members) <= most or sum(_memory(one.pid) for one in members) <= most:
            return False
        with _paused(members):  # who forks without end holds the lock that a look at shared pages needs
            return sum(_share(one) for one in members) > most

    def end(self, members: list[Member] | None = None) -> None:
        """Asks the sandbox's process 1 to end what it runs, and to answer."""
        for one in self._family.members() if members is None else members:
            if one.depth == self._keeper_depth:
                _prefer(one.pid)
                _signal(one.pid, signal.SIGTERM)

    def kill_rest(self) -> None:
        """Kills whatever is left of the sandbox."""
        for one in self._family.members():
            if one.depth >= self._keeper_depth:
                _signal(one.pid, signal.SIGKILL)


@contextlib.contextmanager
def at_the_front() -> Iterator[None]:
    """While this lasts, this thread runs before all others, where the system allows it: to root, usually."""
    preferred = _prefer(0)
    try:
        yield
    finally:
        if preferred:
            os.sched_setscheduler(0, os.SCHED_OTHER, os.sched_param(0))


def _prefer(pid: int) -> bool:
    """Lets a process, 0 for this thread, run before those that only share time; what it forks is as usual."""
    with contextlib.suppress(OSError):
        os.sched_setscheduler(pid, os.SCHED_RR | os.SCHED_RESET_ON_FORK, os.sched_param(1))
        return True
    return False


def _parent_and_memory(pid: int) -> tuple[int, int]:
    """Its parent, -1 where it has ended meanwhile, and the memory that it holds, in bytes."""
    try:
        with open(f"/proc/{pid}/stat", "rb") as file:
            entries = file.read().rpartition(b")")[2].split()  # its name may hold anything
        return int(entries[1]), int(entries[21]) * _PAGE
    except (OSError, ValueError, IndexError):
        return -1, 0


def _computing(pid: int) -> int:
    """How many of a process's threads compute, or wait for a processor."""
    count = 0
    for place in glob.iglob(f"/proc/{pid}/task/*/stat"):
        with contextlib.suppress(OSError), open(place, "rb") as file:
            count += file.read().rpartition(b")")[2].split()[:1] == [b"R"]
    return count


def _memory(pid: int) -> int:
    """What it holds in bytes, its own or shared between processes, files' pages not counted."""
    return _kilobytes(f"/proc/{pid}/status", (b"RssAnon:", b"RssShmem:")) * 1024


def _share(member: Member) -> int:
    """Its memory, where a page that several processes share counts as a part of one; slow to find out."""
    place = f"/proc/{member.pid}/smaps_rollup"
    share = _kilobytes(place, (b"Pss_Anon:", b"Pss_Shmem:")) * 1024
    return share or _memory(member.pid)  # which is nothing where it has just ended


def _kilobytes(place: str, entries: tuple[bytes, ...]) -> int:
    """The sum of some entries of a file in /proc; 0 where there is none any more."""
    total = 0
    with contextlib.suppress(OSError, ValueError), open(place, "rb") as file:
        for line in file:
            if line.startswith(entries):
                total += int(line.split()[1])
    return total


@contextlib.contextmanager
def _paused(members: list[Member]) -> Iterator[None]:
    """While this lasts, these processes stand still."""
    for one in members:
        _signal(one.pid, signal.SIGSTOP)
    try:
        yield
    finally:
        for one in members:
            _signal(one.pid, signal.SIGCONT)


def _signal(pid: int, number: signal.Signals) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.kill(pid, number)
