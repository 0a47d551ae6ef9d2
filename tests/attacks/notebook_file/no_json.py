"""The file isn't JSON."""
# expected: count=0 prepare=0 model=0

# %% hand-in
folder.mkdir(parents=True)
(folder / "00_tiny.ipynb").write_bytes(b'{"cells": [\xff\xfe')
