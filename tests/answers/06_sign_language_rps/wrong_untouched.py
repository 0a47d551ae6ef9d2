"""Wrong: handed in as it was released."""
# expected: read=0 outcome=0 model=0 letters=0
