"""Partly: no network."""
# expected: read=3 outcome=2 model=0 letters=0

# %% answer-read
def read_signs(table, letters):
    pictures, classes = [], []
    for row in table.to_numpy():
        letter = ALPHABET[row[0]]
        if letter in letters:
            pictures.append(row[1:].reshape(28, 28, 1))
            classes.append(letters.index(letter))
    return np.array(pictures, dtype="float32") / 255.0, classes

# %% answer-outcome
def outcome(mine, theirs):
    beaten = (theirs + 1) % 3
    return np.where(mine == theirs, 0, np.where(mine == beaten, 1, -1))
