"""Wakes those who wait for something to change. It carries no news itself: what changed is in the database."""

import asyncio


class Feed:
    def __init__(self) -> None:
        self._change = asyncio.Event()
        self.closed = False

    def ticket(self) -> asyncio.Event:
        """Take one before reading the database, then await it: no change in between is missed."""
        return self._change

    def wake(self) -> None:
        self._change.set()
        if not self.closed:
            self._change = asyncio.Event()

    def close(self) -> None:
        """The emulator stops: everyone who waits is woken, now and from now on."""
        self.closed = True
        self.wake()
