"""A sandbox within a sandbox: a forked process takes namespaces of its own and furnishes them. Linux only.

What bubblewrap does for a program that it starts, this does for a process that has been forked and goes on.
"""

from __future__ import annotations

import ctypes
import os
import signal
import socket
import struct
from pathlib import Path

from helpers.grading.isolation import restrictions
from helpers.grading.isolation.keeper import MOUNT

_MOUNTS, _CGROUPS, _NAMES, _IPC = 0x00020000, 0x02000000, 0x04000000, 0x08000000
_USERS, _PROCESSES, _NETWORK = 0x10000000, 0x20000000, 0x40000000
_READ_ONLY, _NO_SETUID, _NO_DEVICES, _NO_PROGRAMS = 1, 2, 4, 8
_RECURSIVE, _PRIVATE = 0x4000, 0x40000
_SET_INTERFACE_FLAGS, _UP_AND_RUNNING = 0x8914, 0x41
_DROP_FROM_BOUND = 24  # prctl
_CAPABILITIES_VERSION = 0x20080522
_CLONE3 = 435  # the number of this system call, the same on all processors


class _CloneArguments(ctypes.Structure):
    """struct clone_args, see clone(2); what isn't named in a call is 0."""

    _fields_ = tuple(
        (name, ctypes.c_uint64)
        for name in ("flags", "pidfd", "child", "parent", "exit_signal", "stack", "stack_size", "tls")
    )


def fork_apart() -> int:
    """As os.fork(), but the child is process 1 of new namespaces. For a process of one thread.

    A process that leaves its own namespaces and forks gets there too, by one more copy of itself.

    Raises OSError where the system forbids it.
    """
    user, group = os.getuid(), os.getgid()
    apart = _USERS | _MOUNTS | _PROCESSES | _NETWORK | _IPC | _NAMES | _CGROUPS
    arguments = _CloneArguments(flags=apart, exit_signal=signal.SIGCHLD)
    python = ctypes.pythonapi
    python.PyOS_BeforeFork()
    # Python's lock is held, as in os.fork(): nothing of Python runs between the call and what follows it.
    libc = ctypes.PyDLL(None, use_errno=True)
    child: int = libc.syscall(_CLONE3, ctypes.byref(arguments), ctypes.sizeof(arguments))
    if child:
        python.PyOS_AfterFork_Parent()
        if child == -1:
            raise OSError(ctypes.get_errno(), f"clone3: {os.strerror(ctypes.get_errno())}")
        return child
    python.PyOS_AfterFork_Child()
    try:
        restrictions.set_dumpable(True)  # else the kernel gives this process's own entries in /proc to root
        Path("/proc/self/setgroups").write_text("deny")
        Path("/proc/self/uid_map").write_text(f"{user} {user} 1")
        Path("/proc/self/gid_map").write_text(f"{group} {group} 1")
    except BaseException as error:  # it must not go on as if it were the one that has forked
        os.write(2, f"{type(error).__name__}: {error}\n".encode())
        os._exit(1)
    return 0


def furnish(scratch_bytes: int, shared_bytes: int) -> None:
    """In process 1 of the new namespaces: an empty scratch and /dev/shm, a /proc and a loopback of their own.

    Then all privileges in them are given up, and nobody inside can make further ones.
    """
    import fcntl

    Path("/proc/sys/user/max_user_namespaces").write_text("0")
    _call("mount", b"none", b"/", None, _RECURSIVE | _PRIVATE, None)
    safe = _NO_SETUID | _NO_DEVICES
    _call("mount", b"tmpfs", os.fsencode(MOUNT), b"tmpfs", safe, b"mode=0755,size=%d" % scratch_bytes)
    _call("mount", b"tmpfs", b"/dev/shm", b"tmpfs", safe, b"mode=0755,size=%d" % shared_bytes)
    _call("mount", b"proc", b"/proc", b"proc", safe | _NO_PROGRAMS | _READ_ONLY, None)
    with socket.socket() as any_socket:
        fcntl.ioctl(any_socket, _SET_INTERFACE_FLAGS, struct.pack("16sH14x", b"lo", _UP_AND_RUNNING))
    _drop_capabilities()


def _drop_capabilities() -> None:
    last = int(Path("/proc/sys/kernel/cap_last_cap").read_text())
    for capability in range(last + 1):
        _call("prctl", *(ctypes.c_ulong(value) for value in (_DROP_FROM_BOUND, capability, 0, 0, 0)))
    head = (ctypes.c_uint32 * 2)(_CAPABILITIES_VERSION, 0)  # of this process
    none = (ctypes.c_uint32 * 6)()  # effective, permitted, inheritable; twice 32 bits of each
    _call("capset", head, none)


def _call(function: str, *arguments: object) -> None:
    libc = ctypes.CDLL(None, use_errno=True)
    if getattr(libc, function)(*arguments) == -1:
        number = ctypes.get_errno()
        raise OSError(number, f"{function}: {os.strerror(number)}")
