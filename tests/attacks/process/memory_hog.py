"""Takes all memory that there is, in several processes."""
# expected: count=1 prepare=0 model=0

# %% answer-count
def count_parameters(sizes):
    return sum((values + 1) * units for values, units in zip(sizes[:-1], sizes[1:]))

# %% answer-prepare
import os

for _ in range(3):
    os.fork()
held = []
while True:
    held.append(bytearray(os.urandom(2**16)) * 2**10)
