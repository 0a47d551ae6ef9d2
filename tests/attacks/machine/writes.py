"""Writes into the course, the packages, the data and the system, and over the gradebook."""
# expected: count=1 prepare=0 model=0

# %% answer-count
def count_parameters(sizes):
    return sum((values + 1) * units for values, units in zip(sizes[:-1], sizes[1:]))

# %% answer-prepare
import os, sqlite3

places = [*TARGETS["folders"], "/", "/usr", "/etc", "/workshop", "/workshop/helpers", "/workshop/data", os.environ.get("WORKSHOP_DATA_DIR", "/"), "/proc/sys/kernel", "/dev"]
for place in places:
    try:
        open(f"{place}/{TARGETS['mark']}", "w").write("mine")
    except OSError as error:
        print(error)
for path in [*TARGETS["files"], TARGETS["gradebook"]]:
    try:
        os.makedirs(os.path.dirname(path), exist_ok=True)
        open(path, "a").write("mine")
    except OSError as error:
        print(error)
try:
    sqlite3.connect(TARGETS["gradebook"]).execute("update grade set auto_score = 1000")
except sqlite3.Error as error:
    print(error)
