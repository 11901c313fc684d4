"""The worker that gives talks back to the bot: after a silence, or when no human answered in time."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Final

import sqlalchemy as sa
import structlog
from sqlalchemy.engine import Connection

from conversations.handoffs.errors import NobodyThere
from conversations.handoffs.holding import Talk, give_back, held, lock, may_write, queue_again
from conversations.ports import HandoffNews, Outbox
from conversations.replies import TokenBook
from conversations.tables import handoffs
from conversations.wording import Wording
from storage.clock import database_now
from storage.database import Database
from storage.wakeup import Wakeup
from storage.work import WorkLoop

MOST_AT_ONCE: Final = 50
"""Talks of one transaction. Our choice."""

log = structlog.get_logger()


class HandbackRunner:
    """Gives talks back until stopped. Any number of workers may: each talk is looked at again under its lock."""

    def __init__(
        self,
        *,
        database: Database,
        wakeup: Wakeup,
        outbox: Outbox,
        wording: Wording,
        news: HandoffNews,
        clock: Callable[[], datetime],
    ) -> None:
        self._wakeup = wakeup
        self._news = news
        self._outbox = outbox
        self._wording = wording
        self._clock = clock
        self._loop = WorkLoop[None](
            topic="handoffs",
            database=database,
            wakeup=wakeup,
            concurrency=MOST_AT_ONCE,
            claim=self._give_back,
            due=seconds_until_due,
            run=_nothing,
        )

    async def run(self) -> None:
        """Work until `stop`."""
        await self._loop.run()

    def stop(self) -> None:
        """Look no more."""
        self._loop.stop()

    def _give_back(self, connection: Connection, limit: int) -> Sequence[None]:
        """Nothing but the database is asked: the work is done where it is found."""
        h = handoffs.c
        due = sa.select(h.conversation_id).where(h.returns_at <= database_now()).order_by(h.returns_at).limit(limit)
        for conversation_id in connection.scalars(due).all():
            self.give_back(connection, conversation_id)
        return []

    def give_back(self, connection: Connection, conversation_id: str) -> None:
        """Give one talk back if its time has come. Who was not answered is told so, and keeps waiting for a human."""
        try:
            talk = lock(connection, conversation_id)
        except NobodyThere:
            # It goes on as another one, and what points at it went along.
            return
        found = held(connection, conversation_id)
        moment = connection.scalar(sa.select(database_now()))
        if found is None or found.returns_at is None or found.returns_at > moment:
            return
        now = self._clock()
        if found.unanswered_since is None:
            give_back(connection, conversation_id, now, "silence")
            self._news.tell(connection, "returned", found.id, now)
            return
        queue_again(connection, talk, found, now)
        self._news.tell(connection, "asked", found.id, now)
        log.warning("handoff.not_answered", handoff_id=found.id)
        if may_write(connection, talk, now):
            self._tell(connection, talk, now)

    def _tell(self, connection: Connection, talk: Talk, now: datetime) -> None:
        tokens = TokenBook()
        payload = self._wording.with_menu("not_answered", talk.language, tokens.reply)
        tokens.write(connection, talk.business_id, talk.id, now)
        self._outbox.queue(
            connection,
            business_id=talk.business_id,
            conversation_id=talk.id,
            turn_id=None,
            origin="service",
            content_key="not_answered",
            payloads=[payload],
            now=now,
        )


def seconds_until_due(connection: Connection) -> float | None:
    """How long until a talk goes back by itself; None when none does."""
    h = handoffs.c
    row = connection.execute(
        sa.select(sa.func.min(h.returns_at, type_=h.returns_at.type), database_now()).where(h.returns_at.is_not(None))
    ).one()
    return None if row[0] is None else max(0.0, float((row[0] - row[1]).total_seconds()))


async def _nothing(_: None) -> None:
    """Whatever was to be done was done when it was found."""
