"""Wrong: nothing was done."""
# expected: changes=0 mirrored=0 model=0 raw=0
