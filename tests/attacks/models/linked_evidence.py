"""Links, a pipe and a device in the place of evidence, and its folder replaced by a link."""
# expected: count=0 prepare=0 model=0

# %% scratch
import os, shutil

folder = os.environ["WORKSHOP_EVIDENCE"]
for item in ("count", "prepare"):
    for name in ("facts.json", "arrays.npz", "model.keras"):
        if os.path.exists(f"{folder}/{item}/{name}"):
            os.remove(f"{folder}/{item}/{name}")
os.symlink(TARGETS["files"][0], f"{folder}/count/arrays.npz")
os.symlink("/etc/ld.so.cache", f"{folder}/count/model.keras")
os.mkfifo(f"{folder}/prepare/facts.json")
for place, number in ((f"{folder}/prepare/arrays.npz", (1, 5)), (f"{folder}/count/facts.json", (1, 9))):
    try:
        os.mknod(place, 0o020666, os.makedev(*number))
    except OSError as error:
        print(error)
shutil.rmtree(f"{folder}/model")
os.symlink("/proc/1/" "root/workshop", f"{folder}/model")
