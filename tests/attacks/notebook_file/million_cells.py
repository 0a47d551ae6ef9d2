"""A notebook of half a million cells, in which there is nothing."""
# expected: count=0 prepare=0 model=0

# %% hand-in
folder.mkdir(parents=True)
cell = '{"cell_type":"raw","metadata":{},"source":"","id":"a"}'
(folder / "00_tiny.ipynb").write_text('{"metadata": {}, "nbformat": 4, "nbformat_minor": 5, "cells": [' + ",".join([cell] * 500_000) + "]}")
