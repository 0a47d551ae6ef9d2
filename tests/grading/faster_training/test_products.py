"""Machine code for products, made before a process forks: it is there, and no thread is left."""

from __future__ import annotations

import os
import platform
import subprocess
import sys

import pytest

from helpers.grading.isolation.processes import FIXED_VARIABLES, ROOT

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform != "linux", reason="warm sandboxes are Linux's"),
]

COMPILING = """
import os
from helpers.environment.preparing import quiet_tensorflow
from helpers.grading.faster_training.products import compile_products

def written_code():
    # Memory that can be run and comes from no file.
    with open("/proc/self/maps") as maps:
        lines = [line.split() for line in maps]
    return {line[0] for line in lines if "x" in line[1] and len(line) == 5}

quiet_tensorflow()
before = written_code()
assert compile_products()
print(len(os.listdir("/proc/self/task")), len(written_code() - before))
if os.fork() == 0:
    import numpy as np, tensorflow as tf
    there = written_code()
    product = tf.matmul(np.eye(50, dtype="float32"), np.full((50, 20), 2, "float32"))
    print(product.numpy().sum(), len(written_code() - there), flush=True)
    os._exit(0)
os.wait()
"""


def test_products_are_compiled_for_all_forks() -> None:
    done = subprocess.run(
        [sys.executable, "-c", COMPILING],
        env=os.environ | FIXED_VARIABLES | {"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=True,
    )
    (threads, made), (total, made_in_fork) = (line.split() for line in done.stdout.splitlines())
    assert threads == "1"
    assert float(total) == 2000
    if platform.machine() == "x86_64":  # elsewhere TensorFlow has its code ready
        assert int(made) > int(made_in_fork)
