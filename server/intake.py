"""Keeps what webhooks bring: those that arrive together in one transaction, so that a flood costs few commits."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Final

import structlog

from channels.whatsapp.webhook import Item
from conversations.inbox import Inbox, Stored
from conversations.kept import UNSTORABLE, keep
from storage.database import Database
from storage.grouping import GROUP_LIMIT, Grouped
from storage.wakeup import Wakeup

log = structlog.get_logger()

ITEMS_LIMIT: Final = 1_000
"""Items of one transaction, unless a single webhook brings more: Meta wants its answer within a second. Our choice."""

LEAST_WEIGHT: Final = ITEMS_LIMIT // GROUP_LIMIT
"""What a webhook of a few items counts for: many small ones do not make a long transaction either."""


class Intake:
    """Takes the items of webhooks in, in the order of their arrival."""

    def __init__(self, database: Database, inbox: Inbox, wakeup: Wakeup, clock: Callable[[], datetime]) -> None:
        self._database = database
        self._inbox = inbox
        self._wakeup = wakeup
        self._clock = clock
        self._webhooks = Grouped[Sequence[Item], None](
            self._keep, alone=self._keep_alone, limit=ITEMS_LIMIT, weigh=_weight
        )

    async def keep(self, items: Sequence[Item]) -> None:
        """Return when these items are committed. Raises StorageError: then send the webhook again."""
        await self._webhooks.do(items)

    async def _keep(self, webhooks: Sequence[Sequence[Item]]) -> Sequence[None]:
        items = [item for each in webhooks for item in each]
        self._tell(await self._database.write(self._inbox.store, items, self._clock()))
        return [None] * len(webhooks)

    async def _keep_alone(self, items: Sequence[Item]) -> None:
        """All items of a webhook in one transaction; if one of them cannot be stored, each in its own, that one raw."""
        try:
            stored = await self._database.write(self._inbox.store, items, self._clock())
        except UNSTORABLE as error:
            log.error("webhook.item_unstorable", items=len(items), problem=type(error).__name__)
            stored = Stored()
            for item in items:
                stored += await self._keep_item(item)
        self._tell(stored)

    async def _keep_item(self, item: Item) -> Stored:
        try:
            return await self._database.write(self._inbox.store, [item], self._clock())
        except UNSTORABLE as error:
            await self._database.write(keep, item, self._clock(), type(error).__name__)
            return Stored()

    def _tell(self, stored: Stored) -> None:
        """Wake whoever has work now."""
        if stored.turns:
            self._wakeup.signal("turns")
        if stored.answers or stored.statuses:
            self._wakeup.signal("messages")
        if stored.statuses:
            # A ladder may have waited for just this report.
            self._wakeup.signal("plans")
        if stored.files:
            self._wakeup.signal("media")


def _weight(items: Sequence[Item]) -> int:
    return max(len(items), LEAST_WEIGHT)
