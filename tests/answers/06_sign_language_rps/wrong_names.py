"""Wrong: letters instead of numbers; no network."""
# expected: read=0 outcome=2 model=0 letters=0

# %% answer-read
def read_signs(table, letters):
    rows = table[table["label"].isin([ALPHABET.index(letter) for letter in letters])]
    x = rows.iloc[:, 1:].to_numpy().reshape(-1, 28, 28, 1).astype("float32") / 255
    return x, np.array([ALPHABET[label] for label in rows["label"]])

# %% answer-outcome
def outcome(mine, theirs):
    return (mine - theirs + 1) % 3 - 1
