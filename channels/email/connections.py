"""A few connections to a mail server: how many are in use, and which are kept for the next message."""

import asyncio
from time import monotonic
from typing import Final
from weakref import WeakKeyDictionary

from aiosmtplib import SMTP, SMTPException

IDLE_SECONDS: Final = 20.0
"""How long an unused connection is trusted. Servers should wait five minutes (RFC 5321, 4.5.3.2.7); busy ones wait
less than one."""

MAX_MESSAGES: Final = 100
"""on one connection, then another is opened: some servers end it there, and load balancers mean to spread us"""

GOODBYE_SECONDS: Final = 2.0
"""for the server's answer to QUIT when we stop; our choice"""


class Connections:
    """Kept ones are taken newest first, so that those no longer needed grow old."""

    def __init__(self, most: int) -> None:
        self._free = asyncio.Semaphore(most)
        self._kept: list[tuple[SMTP, float]] = []
        self._messages: WeakKeyDictionary[SMTP, int] = WeakKeyDictionary()

    async def wait_for_one(self) -> None:
        await self._free.acquire()

    def one_is_free(self) -> None:
        self._free.release()

    def take(self) -> SMTP | None:
        while self._kept:
            connection, kept_at = self._kept.pop()
            if connection.is_connected and monotonic() - kept_at < IDLE_SECONDS:
                return connection
            connection.close()
        return None

    def keep(self, connection: SMTP) -> None:
        """For the next message, unless it has carried enough."""
        self._messages[connection] = self._messages.get(connection, 0) + 1
        if connection.is_connected and self._messages[connection] < MAX_MESSAGES:
            self._kept.append((connection, monotonic()))
        else:
            connection.close()

    async def aclose(self) -> None:
        while self._kept:
            connection, _ = self._kept.pop()
            try:
                async with asyncio.timeout(GOODBYE_SECONDS):
                    await connection.quit()
            except (OSError, SMTPException):
                pass
            finally:
                connection.close()
