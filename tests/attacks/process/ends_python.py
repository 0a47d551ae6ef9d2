"""Ends Python in the middle of its second answer."""
# expected: count=1 prepare=0 model=0

# %% answer-count
def count_parameters(sizes):
    return sum((values + 1) * units for values, units in zip(sizes[:-1], sizes[1:]))

# %% answer-prepare
import os
os._exit(0)
