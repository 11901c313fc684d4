"""Asks for everybody whether a bot that was away is back, so that each waiting conversation need not try it."""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable
from typing import Final

import structlog

from conversations.bot import Bot
from storage.database import StorageError

log = structlog.get_logger()

FIRST_LOOK_SECONDS: Final = 0.25
LONGEST_LOOK_SECONDS: Final = 2.0
"""Between two looks at an absent bot the pause doubles from the first to the longest; our choice."""


class Absence:
    """Whether the bot is away, as this worker knows it; `on_return` is awaited each time it is back."""

    def __init__(self, bot: Bot, on_return: Callable[[], Awaitable[None]]) -> None:
        self._bot = bot
        self._on_return = on_return
        self._is_on = False
        self._watching = set[asyncio.Task[None]]()
        self._pause = FIRST_LOOK_SECONDS
        self.returns = 0
        """How often it came back."""

    @property
    def is_on(self) -> bool:
        """It was away when last asked: nothing need be tried."""
        return self._is_on

    def begins(self, problem: str) -> None:
        """A turn found the bot away."""
        if not self._is_on:
            log.warning("bot.away", problem=problem)
            self._is_on = True
            watching = asyncio.create_task(self._watch())
            self._watching.add(watching)
            watching.add_done_callback(self._watching.discard)

    def ends(self) -> None:
        """A turn was answered: the next absence is looked into quickly again."""
        self._pause = FIRST_LOOK_SECONDS

    async def close(self) -> None:
        """Look no more."""
        watching = list(self._watching)
        for task in watching:
            task.cancel()
        await asyncio.gather(*watching, return_exceptions=True)

    async def _watch(self) -> None:
        try:
            await self._until_ready()
            log.info("bot.back")
        except Exception as error:
            # A fault of ours must not leave everybody waiting: the next turn finds out how the bot is.
            log.error("bot.not_looked_at", problem=type(error).__name__)
        self._is_on = False
        self.returns += 1
        # Otherwise each conversation comes by itself, when its pause is over.
        with contextlib.suppress(StorageError):
            await self._on_return()

    async def _until_ready(self) -> None:
        while True:
            # A bot that says it is ready and takes no turn is looked at ever more slowly, too.
            await asyncio.sleep(self._pause)
            self._pause = min(2 * self._pause, LONGEST_LOOK_SECONDS)
            if await self._bot.is_ready():
                return
