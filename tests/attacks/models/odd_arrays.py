"""Arrays with names that mean something to a writer, doubled ones, and headers that promise more than there is."""
# expected: count=1 prepare=0 model=0

# %% answer-count
def count_parameters(sizes):
    return sum((values + 1) * units for values, units in zip(sizes[:-1], sizes[1:]))

# %% scratch
import io, json, os, warnings, zipfile

warnings.simplefilter("ignore")
folder = os.environ["WORKSHOP_EVIDENCE"]
counts = np.load(f"{folder}/count/arrays.npz")["counts"]

def entry(array):
    buffer = io.BytesIO()
    np.lib.format.write_array(buffer, array)
    return buffer.getvalue()

with zipfile.ZipFile(f"{folder}/count/arrays.npz", "w") as file:
    for name in ("file", "allow_pickle", "args", "kwds", "../../x", "", "counts", "counts"):
        file.writestr(f"{name}.npy", entry(counts))
lying = entry(np.zeros(4)).replace(b"(4,)", b"(9999999999,)", 1)
with zipfile.ZipFile(f"{folder}/prepare/arrays.npz", "w") as file:
    file.writestr("x.npy", lying)
    file.writestr("y.npy", entry(np.array([{"a": 1}], dtype=object)) if False else b"\x93NUMPY\x01\x00")
json.dump({"attempted": True, "problem": "\x1b[2J" * 50}, open(f"{folder}/prepare/facts.json", "w"))
