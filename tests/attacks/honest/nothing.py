"""Not attempted: handed in as it was released."""
# expected: count=0 prepare=0 model=0

# %% scratch
print("I had no time")
