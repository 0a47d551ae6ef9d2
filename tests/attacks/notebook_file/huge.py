"""A notebook of 200 megabytes."""
# expected: count=0 prepare=0 model=0

# %% hand-in
folder.mkdir(parents=True)
with (folder / "00_tiny.ipynb").open("w") as file:
    file.write('{"cells": [], "metadata": {"x": "')
    for _ in range(200):
        file.write("x" * 2**20)
    file.write('"}, "nbformat": 4, "nbformat_minor": 5}')
