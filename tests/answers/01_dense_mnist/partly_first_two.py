"""Partly: the first two tasks are done, the others not begun."""
# expected: prepare=2 count=1 model=0 shift=0

# %% answer-prepare
def prepare(images, labels):
    x = images[..., np.newaxis].astype("float32") / 255
    y = np.eye(10, dtype="float32")[labels]
    return x, y

# %% answer-count
def count_parameters(sizes):
    total = 0
    for values, units in zip(sizes, sizes[1:]):
        total += values * units + units
    return total
