"""Whatever MPLBACKEND says, figures work; and what had to be replaced is said."""

from __future__ import annotations

import sys

import pytest

from tests.environment.test_preparing import run

ASK = """
from helpers.environment import working_backend
print(working_backend())
import matplotlib, os
print(matplotlib.get_backend(), os.environ.get("MPLBACKEND"))
"""


def test_without_mplbackend_nothing_is_done() -> None:
    done = run("import sys; from helpers.environment import working_backend\nprint(repr(working_backend()))")
    assert done.stdout == "''\n"


def test_a_backend_that_works_is_kept() -> None:
    assert run(ASK, MPLBACKEND="svg").stdout.splitlines() == ["", "svg svg"]


def test_an_unknown_backend_is_replaced_and_named() -> None:
    message, used, *_ = run(ASK, MPLBACKEND="crayons").stdout.splitlines()
    assert "cannot use 'crayons'" in message
    assert "Unset MPLBACKEND" in message
    assert "supported values" not in message
    assert used == "agg agg"


def test_a_missing_module_is_replaced_and_named() -> None:
    message, used, *_ = run(ASK, MPLBACKEND="module://no_such_module").stdout.splitlines()
    assert "no_such_module" in message
    assert used == "agg agg"


@pytest.mark.skipif(sys.platform != "linux", reason="other systems always have a display")
def test_a_window_without_a_display_is_replaced() -> None:
    message, used, *_ = run(ASK, MPLBACKEND="tkagg").stdout.splitlines()
    assert "cannot use 'tkagg'" in message
    assert used == "agg agg"


def test_figures_that_exist_are_kept() -> None:
    done = run(
        "from matplotlib import pyplot; pyplot.plot([1, 2])\n"
        "import os; os.environ['MPLBACKEND'] = 'crayons'\n"
        "from helpers.environment import working_backend; working_backend()\n"
        "print(len(pyplot.gca().lines))",
        MPLBACKEND="agg",
    )
    assert done.stdout == "1\n", done.stderr


def test_the_workshops_figures_work_with_a_broken_backend() -> None:
    done = run(
        "from helpers import plotting; print(len(plotting.image_grid([[0, 1], [1, 0]]).png))",
        MPLBACKEND="crayons",
    )
    assert int(done.stdout) > 100, done.stderr
