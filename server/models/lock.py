"""Lets one process of this machine do something at a time; whoever dies with the lock lets go of it."""

import fcntl
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from server.models.errors import Busy

PATIENCE_SECONDS: Final = 0.1
"""Somebody who only looks holds the lock for an instant."""


@contextmanager
def alone(file: Path, busy: str) -> Iterator[None]:
    """Hold the lock. Raises Busy with this sentence while another one has it."""
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("a") as held:
        ends = time.monotonic() + PATIENCE_SECONDS
        while True:
            try:
                fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except OSError:
                if time.monotonic() > ends:
                    raise Busy(busy) from None
                time.sleep(0.02)
        yield


def is_held(file: Path) -> bool:
    """Whether somebody has the lock now."""
    if not file.exists():
        return False
    with file.open("a") as asked:
        try:
            fcntl.flock(asked, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except OSError:
            return True
    return False
