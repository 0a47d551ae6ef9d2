"""Wrong: handed in as it was released."""
# expected: prepare=0 head=0 few=0 tune=0
