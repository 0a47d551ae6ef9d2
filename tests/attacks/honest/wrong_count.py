"""Wrong: forgets the biases, does the rest."""
# expected: count=0 prepare=2.5 model=0

# %% answer-count
def count_parameters(sizes):
    return sum(values * units for values, units in zip(sizes[:-1], sizes[1:]))

# %% answer-prepare
def prepare(images, labels):
    return images[..., np.newaxis].astype("float32") / 255, np.eye(10)[labels]
