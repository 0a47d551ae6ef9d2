"""Wrong: handed in as it was released."""
# expected: prepare=0 count=0 model=0 shift=0

# %% scratch
# I'll do this tomorrow.
