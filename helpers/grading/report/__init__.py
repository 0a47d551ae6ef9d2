"""`workshop report`: what became of a class, on one page for its instructor."""
