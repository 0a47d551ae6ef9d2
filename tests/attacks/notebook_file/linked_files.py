"""Files beside the notebook are links: to the solution, to another submission, to the secret."""
# expected: count=1 prepare=0 model=0

# %% answer-count
def count_parameters(sizes):
    return sum((values + 1) * units for values, units in zip(sizes[:-1], sizes[1:]))

# %% scratch
import glob
for path in glob.glob("**", recursive=True):
    try:
        print(path, open(path).read())
    except OSError as error:
        print(error)

# %% hand-in
folder.mkdir(parents=True)
(folder / "inside").mkdir()
for number, path in enumerate(TARGETS["files"]):
    (folder / f"notes{number}.html").symlink_to(path)
    (folder / "inside" / f"notes{number}.txt").symlink_to(path)
(folder / "folder").symlink_to(TARGETS["folders"][0])
nbformat.write(notebook, folder / "00_tiny.ipynb")
