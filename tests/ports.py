"""A port for a server that must be told one: one that nothing else on the machine is given meanwhile."""

from __future__ import annotations

import random
import socket

# Below the ports that Linux (from 32768), macOS and Windows (from 49152) hand out themselves. One of those
# can go to another test's kernel between being found free and being listened at.
_FIRST, _LAST = 20_000, 32_000


def free_port() -> int:
    """A port of 127.0.0.1 at which nothing listens.

    Random without a seed: tests that run side by side must not all begin with the same one.
    """
    for port in random.SystemRandom().sample(range(_FIRST, _LAST), 100):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
    raise AssertionError(f"No free port from {_FIRST} to {_LAST}.")
