"""Daemons and threads that go on when the cell is over, and write evidence and wait for the next student."""
# expected: count=1 prepare=0 model=0

# %% answer-count
def count_parameters(sizes):
    return sum((values + 1) * units for values, units in zip(sizes[:-1], sizes[1:]))

# %% answer-prepare
import os, subprocess, threading, time

def later():
    while True:
        time.sleep(0.05)
        for place in ("/tmp", "/dev/shm"):
            open(f"{place}/waiting", "w").write("I am still here")

threading.Thread(target=later, daemon=True).start()
threading.Thread(target=later).start()
for _ in range(3):
    subprocess.Popen(["sleep", TARGETS["marker"]], start_new_session=True)
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        os.execvp("sleep", ["sleep", TARGETS["marker"]])
    os._exit(0)
print(os.path.exists("/tmp/waiting"), os.path.exists("/dev/shm/waiting"))
