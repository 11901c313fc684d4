"""What a process loads at its start stays as long as it runs: the garbage collector need not look at it again."""

import gc
from typing import Final

YOUNG: Final = 10_000
"""New objects before they are looked through: a batch of messages makes some ten thousand, and lets go of nearly all
by itself. Python's own 700 has them looked through ten times meanwhile. Our choice."""


def spare_what_is_loaded() -> None:
    """Leave out of every later collection what is there now: classes, statements, settings, by the hundred thousand.

    Each full collection looked at all of them, at one in a few hundred messages: a seventh of the CPU of a message.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(YOUNG)
