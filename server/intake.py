"""Keeps what webhooks bring: those that arrive together in one transaction, so that a flood costs few commits."""

import asyncio
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import structlog

from channels.whatsapp.webhook import Item
from conversations.inbox import Inbox, Stored
from conversations.kept import UNSTORABLE, keep
from storage.database import Database, StorageError
from storage.wakeup import Wakeup

log = structlog.get_logger()

GROUP_LIMIT: Final = 64
"""The most webhooks in one transaction: the last one of them waits for all."""

ITEMS_LIMIT: Final = 1_000
"""Items of one transaction, unless a single webhook brings more: Meta wants its answer within a second. Our choice."""


@dataclass(frozen=True, slots=True)
class _Waiting:
    items: Sequence[Item]
    kept: asyncio.Future[None]


class Intake:
    """Takes the items of webhooks in, in the order of their arrival."""

    def __init__(self, database: Database, inbox: Inbox, wakeup: Wakeup, clock: Callable[[], datetime]) -> None:
        self._database = database
        self._inbox = inbox
        self._wakeup = wakeup
        self._clock = clock
        self._waiting: deque[_Waiting] = deque()
        self._working: asyncio.Task[None] | None = None

    async def keep(self, items: Sequence[Item]) -> None:
        """Return when these items are committed. Raises StorageError: then send the webhook again."""
        one = _Waiting(items, asyncio.get_running_loop().create_future())
        self._waiting.append(one)
        if self._working is None:
            self._working = asyncio.create_task(self._work())
        await one.kept

    async def _work(self) -> None:
        while self._waiting:
            group = self._next_group()
            try:
                await self._keep(group)
            except StorageError as error:
                _refuse(group, error)
        self._working = None

    def _next_group(self) -> list[_Waiting]:
        group = [self._waiting.popleft()]
        count = len(group[0].items)
        while self._waiting and len(group) < GROUP_LIMIT:
            count += len(self._waiting[0].items)
            if count > ITEMS_LIMIT:
                break
            group.append(self._waiting.popleft())
        return group

    async def _keep(self, group: Sequence[_Waiting]) -> None:
        try:
            items = [item for each in group for item in each.items]
            stored = await self._database.write(self._inbox.store, items, self._clock())
        except Exception:
            # One of them is to blame, or somebody else held what it needs.
            for each in group:
                await self._keep_alone(each)
            return
        self._kept(group, stored)

    async def _keep_alone(self, one: _Waiting) -> None:
        """What is wrong with a webhook is its own; a database that cannot commit is all of theirs (StorageError)."""
        try:
            stored = await self._keep_items(one.items)
        except StorageError:
            raise
        except Exception as error:
            _refuse([one], error)
            return
        self._kept([one], stored)

    async def _keep_items(self, items: Sequence[Item]) -> Stored:
        """All items of a webhook in one transaction; if one of them cannot be stored, each in its own, that one raw."""
        try:
            return await self._database.write(self._inbox.store, items, self._clock())
        except UNSTORABLE as error:
            log.error("webhook.item_unstorable", items=len(items), problem=type(error).__name__)
        stored = Stored()
        for item in items:
            stored += await self._keep_item(item)
        return stored

    async def _keep_item(self, item: Item) -> Stored:
        try:
            return await self._database.write(self._inbox.store, [item], self._clock())
        except UNSTORABLE as error:
            await self._database.write(keep, item, self._clock(), type(error).__name__)
            return Stored()

    def _kept(self, group: Sequence[_Waiting], stored: Stored) -> None:
        for each in group:
            # Whoever asked may have gone away meanwhile.
            if not each.kept.done():
                each.kept.set_result(None)
        if stored.turns:
            self._wakeup.signal("turns")
        if stored.answers or stored.statuses:
            self._wakeup.signal("messages")
        if stored.files:
            self._wakeup.signal("media")


def _refuse(group: Sequence[_Waiting], error: Exception) -> None:
    for each in group:
        if not each.kept.done():
            each.kept.set_exception(error)
