"""Tries to become somebody else: namespaces, mounts, devices, keys, new roots, programs with other users' rights."""
# expected: count=1 prepare=0 model=0

# %% answer-count
def count_parameters(sizes):
    return sum((values + 1) * units for values, units in zip(sizes[:-1], sizes[1:]))

# %% answer-prepare
import ctypes, os, subprocess

libc = ctypes.CDLL(None, use_errno=True)
got = []
for name, arguments in {
    "unshare": (0x10000000,), "mount": (b"none", b"/tmp", b"tmpfs", 0, 0), "umount2": (b"/proc", 2), "chroot": (b"/tmp",),
    "pivot_root": (b"/tmp", b"/tmp"), "setuid": (0,), "setgid": (0,), "acct": (None,), "swapon": (b"/tmp/x", 0),
    "reboot": (0x1234567,), "sethostname": (b"mine", 4), "init_module": (None, 0, b""), "iopl": (3,), "keyctl": (0, -3, 1),
}.items():
    try:
        if getattr(libc, name)(*arguments) == 0 and name not in ("setuid", "setgid"):
            got.append(name)
    except AttributeError:
        pass
for program in ("su", "sudo", "mount", "pkexec", "newgrp", "passwd"):
    try:
        done = subprocess.run([program], stdin=subprocess.DEVNULL, capture_output=True, timeout=3)
        print(program, done.returncode, done.stderr[:80])
    except (OSError, subprocess.TimeoutExpired) as error:
        print(error)
try:
    os.mknod("/tmp/disk", 0o060600, os.makedev(8, 0))
    got.append("device")
except OSError as error:
    print(error)
print(got)
if got or os.getuid() == 0 or any(line.startswith("CapEff") and int(line.split()[1], 16) for line in open("/proc/self/status")):
    open(os.environ["WORKSHOP_EVIDENCE"] + "/count/facts.json", "w").write("{}")  # loses a point: it is seen
