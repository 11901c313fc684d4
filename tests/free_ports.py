"""Ports for processes that tests start: free, and nobody else's of those who test on this machine at the same time."""

import contextlib
import fcntl
import socket
import tempfile
from pathlib import Path
from typing import IO

_held: list[IO[str]] = []


def free_ports(count: int) -> list[int]:
    """Ports nobody listens on at this moment, and that no other test run is given while this process lives."""
    with contextlib.ExitStack() as until_chosen:
        ports: list[int] = []
        while len(ports) < count:
            each = until_chosen.enter_context(socket.socket())
            each.bind(("127.0.0.1", 0))
            if _is_ours(each.getsockname()[1]):
                ports.append(each.getsockname()[1])
        return ports


def _is_ours(port: int) -> bool:
    """A process needs seconds until it listens; meanwhile a lock says that its port is taken."""
    lock = (Path(tempfile.gettempdir()) / f"relais-test-port-{port}.lock").open("w")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        lock.close()
        return False
    _held.append(lock)
    return True
