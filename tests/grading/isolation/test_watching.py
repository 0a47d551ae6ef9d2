"""Who belongs to a sandbox is found among all processes; its allowance is a matter of test_sandbox."""

from __future__ import annotations

import os
import subprocess
import sys
import time

import pytest

from helpers.grading.isolation.watching import Family

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the sandbox is Linux's")


def depths(family: Family) -> dict[int, int]:
    return {one.pid: one.depth for one in family.members()}


def test_children_and_theirs_belong_to_it_and_nobody_else() -> None:
    family = Family(os.getpid())
    assert depths(family)[os.getpid()] == 0
    with subprocess.Popen(["sh", "-c", "sleep 60 & echo $!; wait"], stdout=subprocess.PIPE) as shell:
        assert shell.stdout is not None
        sleep = int(shell.stdout.readline())
        found = depths(family)
        os.kill(sleep, 9)
    assert (found[shell.pid], found[sleep]) == (1, 2)
    assert not {1, os.getppid()} & set(found)
    assert shell.pid not in depths(family)


def test_a_member_is_seen_with_the_memory_that_it_holds() -> None:
    code = "held = bytearray(b'x' * (64 << 20)); print(flush=True); input()"
    command = [sys.executable, "-c", code]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as python:
        assert python.stdout is not None
        python.stdout.readline()
        resident = {one.pid: one.resident for one in Family(os.getpid()).members()}
        python.kill()
    assert 64 * 2**20 < resident[python.pid] < 192 * 2**20


def test_a_number_that_a_stranger_had_is_looked_at_again() -> None:
    family = Family(os.getpid())
    family.members()
    with subprocess.Popen(["sleep", "60"]) as sleep:
        family._strangers.add(sleep.pid)
        assert sleep.pid not in depths(family)
        time.sleep(1)
        assert depths(family)[sleep.pid] == 1
        sleep.kill()
