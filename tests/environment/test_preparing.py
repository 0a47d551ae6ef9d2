"""A prepared notebook is quiet, repeatable and readable."""

from __future__ import annotations

import contextlib
import gc
import os
import random
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from helpers.environment import EnvironmentProblem, set_seed
from helpers.environment.preparing import uncollected

ROOT = Path(__file__).parents[2]


def run(code: str, **variables: str) -> subprocess.CompletedProcess[str]:
    """Run code in a Python of its own, without a display."""
    hidden = ("DISPLAY", "WAYLAND_DISPLAY", "MPLBACKEND", "TF_CPP_MIN_LOG_LEVEL", "TF_ENABLE_ONEDNN_OPTS")
    usual = {name: value for name, value in os.environ.items() if name not in hidden}
    return subprocess.run(
        [sys.executable, "-c", code], env=usual | variables, cwd=ROOT, capture_output=True, text=True
    )


def numbers() -> tuple[float, ...]:
    import keras

    return random.random(), float(np.random.random()), float(keras.random.uniform(()))


def test_a_seed_repeats_the_random_numbers_of_python_numpy_and_keras() -> None:
    set_seed(5)
    first = numbers()
    set_seed(5)
    assert numbers() == first
    set_seed(6)
    assert not set(numbers()) & set(first)


@pytest.mark.parametrize("seed", [-1, 2**32, 1.0, "1", None, True])
def test_what_is_no_seed_is_named(seed: object) -> None:
    with pytest.raises(EnvironmentProblem, match="whole number from 0 to 4294967295"):
        set_seed(seed)  # type: ignore[arg-type]


@pytest.mark.parametrize("seed", [0, 2**32 - 1])
def test_the_smallest_and_the_largest_seed_work(seed: int) -> None:
    set_seed(seed)


@pytest.mark.slow
def test_prepare_says_nothing_and_neither_does_tensorflow() -> None:
    done = run(
        "from helpers import environment; environment.prepare(seed=1)\n"
        "import tensorflow as tf; tf.matmul(tf.ones((2, 2)), tf.ones((2, 2)))\n"
        "import matplotlib; assert matplotlib.rcParams['axes.spines.top'] is False\n"
        "assert matplotlib.rcParams['axes.prop_cycle'].by_key()['color'][0] == '#0072B2'"
    )
    assert (done.stdout, done.stderr, done.returncode) == ("", "", 0)


@pytest.mark.slow
def test_the_fast_routines_stay_on() -> None:
    done = run(
        "from helpers import environment; environment.quiet_tensorflow()\n"
        "from tensorflow.python.util import _pywrap_util_port as port\n"
        "import platform; print(port.IsMklEnabled() or platform.machine() not in ('x86_64', 'AMD64'))"
    )
    assert done.stdout == "True\n", done.stderr


def test_a_tensorflow_that_does_not_start_is_named_and_what_it_wrote_is_shown(tmp_path: Path) -> None:
    broken = tmp_path / "tensorflow.py"
    broken.write_text("import os; os.write(2, b'illegal instruction'); raise ImportError('no such library')")
    done = run(
        f"import sys; sys.path.insert(0, {str(tmp_path)!r})\n"
        "from helpers import environment\n"
        "try: environment.quiet_tensorflow()\n"
        "except environment.EnvironmentProblem as error: print(error)"
    )
    assert done.stdout.startswith("TensorFlow does not start: no such library. Run `make lab` again.")
    assert done.stderr == "illegal instruction"


def test_annotations_that_are_the_same_are_compiled_once_and_only_for_tensorflow(tmp_path: Path) -> None:
    (tmp_path / "tensorflow.py").write_text(
        "from typing import TypeVar\nones = [TypeVar(name, 'int', 'str').__constraints__ for name in 'AB']"
    )
    done = run(
        f"import sys; sys.path.insert(0, {str(tmp_path)!r})\n"
        "from helpers import environment; environment.quiet_tensorflow()\n"
        "import tensorflow, typing\n"
        "codes = [[place.__forward_code__ for place in one] for one in tensorflow.ones]\n"
        "print(codes[0][0] is codes[1][0], codes[0][1] is codes[1][1], codes[0][0] is codes[0][1])\n"
        "print('compile' in vars(typing), typing.ForwardRef('int') == tensorflow.ones[0][0])"
    )
    assert done.stdout == "True True False\nFalse True\n", done.stderr


@pytest.mark.slow
def test_a_tensorflow_that_was_there_first_is_mentioned() -> None:
    done = run("import tensorflow; from helpers import environment; print(environment.quiet_tensorflow())")
    assert done.stdout.startswith("TensorFlow was imported earlier")


@pytest.mark.parametrize("usual", [True, False])
def test_python_looks_for_garbage_as_before_but_not_among_what_was_imported(usual: bool) -> None:
    was = gc.isenabled()
    try:
        gc.unfreeze()
        gc.enable() if usual else gc.disable()
        with contextlib.suppress(ImportError), uncollected():
            assert not gc.isenabled()
            raise ImportError
        assert gc.isenabled() is usual
        assert gc.get_freeze_count() > 0
    finally:
        gc.unfreeze()
        gc.enable() if was else gc.disable()


def test_a_seed_set_again_leaves_models_to_be_collected() -> None:
    set_seed(1)
    gc.unfreeze()
    set_seed(1)
    assert gc.get_freeze_count() == 0


def test_importing_helpers_imports_nothing_heavy() -> None:
    done = run(
        "import sys; from helpers import environment, models, plotting, training\n"
        "print(sorted({'tensorflow', 'keras', 'matplotlib', 'pandas', 'numpy'} & set(sys.modules)))"
    )
    assert done.stdout == "[]\n", done.stderr
