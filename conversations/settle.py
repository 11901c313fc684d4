"""Ends a turn in one transaction: what is said, what happened, and what becomes of the conversation.

Every method first makes sure that the conversation is still this worker's; otherwise another one has taken it
over and nothing is written.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from enum import Enum, auto
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from channels.whatsapp.cutting import cut
from conversations import claim, handoffs, media
from conversations.bot import TurnAnswer
from conversations.claim import Claimed, WaitingTurn
from conversations.compose import Composed, which_one
from conversations.ports import Answer, HandoffNews, Outbox
from conversations.quoting import quoting
from conversations.replies import TokenBook
from conversations.review import projection
from conversations.tables import turn_events, turns
from conversations.turn_input import File, Words
from conversations.wording import Wording
from storage.tables import conversations, subscribers
from storage.types import UtcDateTime
from trade.markup import plain

MAX_FAILURES = 3
"""Real failures of one turn before it is parked."""

RETRY_SECONDS = (1.0, 3.0)
"""Pause after the first and the second real failure."""

AWAY_RETRY_SECONDS = (0.5, 15.0)
"""Shortest and longest pause while the bot cannot take turns; its return ends every pause (`absence`)."""

MOMENT_AFTER = timedelta(seconds=15)
"""How long a person waits for an unreachable bot before "one moment" is said, once."""

REPEAT_AFTER = {"cannot_read": timedelta(hours=24)}
REPEAT_AFTER_OTHERWISE = timedelta(seconds=60)
"""A service text is not said again within this time: an album of ten photos gets one answer."""

QUOTED_TEXTS = 3
QUOTED_CHARACTERS = 80


class End(Enum):
    """What became of a worker's result."""

    #: another worker had taken the conversation over; nothing was written
    DROPPED = auto()
    #: written, and nothing more waits in the conversation
    QUIET = auto()
    #: written, and a turn waits, now or after a pause
    MORE = auto()


class Settlement:
    """Writes the end of a turn."""

    def __init__(self, outbox: Outbox, wording: Wording, news: HandoffNews) -> None:
        self._outbox = outbox
        self._wording = wording
        self._news = news

    def answered(
        self,
        connection: Connection,
        claimed: Claimed,
        answer: TurnAnswer,
        composed: Composed,
        noted: list[str],
        now: datetime,
    ) -> End:
        """The bot answered: queue its messages, keep the turn's events."""
        if not claim.still_ours(connection, claimed):
            return End.DROPPED
        composed.tokens.write(connection, claimed.business_id, claimed.conversation_id, now)
        self._queue(connection, claimed, "bot", None, quoting(connection, claimed, composed.payloads), now)
        _keep_events(connection, claimed, answer)
        if not answer.replayed:
            # A recorded answer is of a run that may have known fewer notes; the bot takes each of them once anyway.
            self._outbox.mark_noted(connection, noted)
        if composed.locale:
            connection.execute(_SPEAKS, {"person": claimed.subscriber_id, "spoken": composed.locale})
        if claimed.moment_said_at is not None:
            connection.execute(_MOMENT, {"talk": claimed.conversation_id, "said_at": None})
        self._end(connection, claimed, "done", now)
        return _end_of(claim.release(connection, [claimed.conversation_id]))

    def shown(self, connection: Connection, claimed: Claimed, composed: Composed, now: datetime) -> End:
        """The person asked to see more of what the bot had offered: the bot need not be told."""
        if not claim.still_ours(connection, claimed):
            return End.DROPPED
        composed.tokens.write(connection, claimed.business_id, claimed.conversation_id, now)
        self._queue(connection, claimed, "bot", None, quoting(connection, claimed, composed.payloads), now)
        self._end(connection, claimed, "done", now)
        return _end_of(claim.release(connection, [claimed.conversation_id]))

    def said(
        self, connection: Connection, claimed: Claimed, key: str, now: datetime, *, with_menu: bool = False
    ) -> End:
        """The services answer instead of the bot."""
        if not claim.still_ours(connection, claimed):
            return End.DROPPED
        since = now - REPEAT_AFTER.get(key, REPEAT_AFTER_OTHERWISE)
        if with_menu or not self._outbox.was_said_since(connection, claimed.conversation_id, key, since):
            self._say(connection, claimed, key, now, with_menu=with_menu, quotes=True)
        self._end(connection, claimed, "done", now)
        return _end_of(claim.release(connection, [claimed.conversation_id]))

    def asked(self, connection: Connection, claimed: Claimed, answers: Sequence[Answer], now: datetime) -> End:
        """Words that answer several pushes: the person is asked which one they mean."""
        if not claim.still_ours(connection, claimed):
            return End.DROPPED
        tokens = TokenBook()
        payload = which_one(answers, self._wording, claimed.locale, tokens)
        tokens.write(connection, claimed.business_id, claimed.conversation_id, now)
        self._queue(connection, claimed, "service", "which_one", quoting(connection, claimed, [payload]), now)
        self._end(connection, claimed, "done", now)
        return _end_of(claim.release(connection, [claimed.conversation_id]))

    def away(self, connection: Connection, claimed: Claimed, now: datetime) -> End:
        """The bot cannot take turns: this one waits, at its place; after a while the person is told, once."""
        if not claim.still_ours(connection, claimed):
            return End.DROPPED
        to_moment = MOMENT_AFTER - (now - claimed.turn.received_at)
        shortest, longest = AWAY_RETRY_SECONDS
        pause = longest
        if claimed.moment_said_at is None and to_moment > timedelta():
            pause = min(longest, max(shortest, to_moment.total_seconds()))
        elif claimed.moment_said_at is None:
            self._say(connection, claimed, "moment", now)
            connection.execute(_MOMENT, {"talk": claimed.conversation_id, "said_at": now})
        connection.execute(_WAITS, {"turn": claimed.turn.id})
        return _end_of(claim.release(connection, [claimed.conversation_id], pause))

    def listening(self, connection: Connection, claimed: Claimed, seconds: float) -> End:
        """The turn waits, at its place, until its voice note is written down, or so many seconds at most."""
        if not claim.still_ours(connection, claimed):
            return End.DROPPED
        connection.execute(_WAITS, {"turn": claimed.turn.id})
        # Whoever writes it down makes the conversation due, unless that happened just before it became ours again.
        pause = seconds if media.hearing(connection, claimed.turn.id).is_pending else 0.0
        return _end_of(claim.release(connection, [claimed.conversation_id], pause))

    def failed(self, connection: Connection, claimed: Claimed, error: str, now: datetime) -> End:
        """A real failure: the turn is tried again, or parked with an apology so that the next one goes on."""
        if not claim.still_ours(connection, claimed):
            return End.DROPPED
        failures = claimed.turn.failures + 1
        if failures < MAX_FAILURES:
            connection.execute(
                sa.update(turns)
                .where(turns.c.id == claimed.turn.id)
                .values(status="waiting", failures=failures, error=error)
            )
            return _end_of(claim.release(connection, [claimed.conversation_id], RETRY_SECONDS[failures - 1]))
        return self._park(connection, claimed, failures, error, now)

    def given_up(self, connection: Connection, claimed: Claimed, error: str, now: datetime) -> End:
        """A turn that took its workers down with it is parked without another try."""
        if not claim.still_ours(connection, claimed):
            return End.DROPPED
        return self._park(connection, claimed, claimed.turn.failures, error, now)

    def _park(self, connection: Connection, claimed: Claimed, failures: int, error: str, now: datetime) -> End:
        self._say(connection, claimed, "apology", now, with_menu=True, quotes=True)
        connection.execute(sa.update(turns).where(turns.c.id == claimed.turn.id).values(failures=failures, error=error))
        _end(connection, claimed, claimed.turn, "parked", now)
        return _end_of(claim.release(connection, [claimed.conversation_id]))

    def summed_up(self, connection: Connection, claimed: Claimed, now: datetime) -> End:
        """After an outage: old messages are acknowledged together and quoted, not answered one by one."""
        if not claim.still_ours(connection, claimed):
            return End.DROPPED
        texts = list(filter(None, (_text(each) for each in claimed.stale)))
        self._say(
            connection,
            claimed,
            "summed_up",
            now,
            with_menu=True,
            count=len(claimed.stale),
            texts=[cut(plain(text), QUOTED_CHARACTERS) for text in texts[-QUOTED_TEXTS:]],
        )
        for turn in claimed.stale:
            _end(connection, claimed, turn, "summed_up", now)
        return _end_of(claim.release(connection, [claimed.conversation_id]))

    def to_human(self, connection: Connection, claimed: Claimed, now: datetime) -> End:
        """A human has the talk: what was written is kept, and theirs to answer."""
        if not claim.still_ours(connection, claimed):
            return End.DROPPED
        handoffs.heard(connection, claimed.conversation_id, now)
        self._end(connection, claimed, "to_human", now)
        return _end_of(claim.release(connection, [claimed.conversation_id]))

    def _end(self, connection: Connection, claimed: Claimed, status: str, now: datetime) -> None:
        """The turn is over; whoever answers in the bot's place hears that the person wrote."""
        _end(connection, claimed, claimed.turn, status, now)
        if claimed.handoff_id is not None:
            self._news.tell(connection, "message", claimed.handoff_id, now)

    def _say(
        self,
        connection: Connection,
        claimed: Claimed,
        key: str,
        now: datetime,
        *,
        with_menu: bool = False,
        quotes: bool = False,
        **values: Any,
    ) -> None:
        tokens = TokenBook()
        payload = (
            self._wording.with_menu(key, claimed.locale, tokens.reply, **values)
            if with_menu
            else self._wording.text(key, claimed.locale, **values)
        )
        tokens.write(connection, claimed.business_id, claimed.conversation_id, now)
        said = quoting(connection, claimed, [payload]) if quotes else [payload]
        self._queue(connection, claimed, "service", key, said, now)

    def _queue(
        self,
        connection: Connection,
        claimed: Claimed,
        origin: str,
        key: str | None,
        payloads: Sequence[Mapping[str, Any]],
        now: datetime,
    ) -> None:
        self._outbox.queue(
            connection,
            business_id=claimed.business_id,
            conversation_id=claimed.conversation_id,
            turn_id=claimed.turn.id,
            origin=origin,
            content_key=key,
            payloads=payloads,
            now=now,
        )


def _text(turn: WaitingTurn) -> str:
    """What was written, be it under a picture."""
    match turn.input:
        case Words(text=text) | File(caption=text):
            return text
        case _:
            return ""


def _end_of(is_more_waiting: bool) -> End:
    return End.MORE if is_more_waiting else End.QUIET


def _keep_events(connection: Connection, claimed: Claimed, answer: TurnAnswer) -> None:
    if not answer.events:
        return
    connection.execute(
        _INSERT_EVENTS,
        [
            {
                "turn_id": claimed.turn.id,
                "position": position,
                "business_id": claimed.business_id,
                "event": event,
            }
            for position, event in enumerate(answer.events)
        ],
    )


def _end(connection: Connection, claimed: Claimed, turn: WaitingTurn, status: str, now: datetime) -> None:
    connection.execute(_END, {"turn": turn.id, "end": status, "ended_at": now})
    projection.ended(connection, turn.id, claimed.business_id, now)


# The statements of every turn, made once: building one anew costs more than running it.

_t, _c, _s = turns.c, conversations.c, subscribers.c

_WAITS = sa.update(turns).where(_t.id == sa.bindparam("turn")).values(status="waiting")

_END = (
    sa.update(turns)
    .where(_t.id == sa.bindparam("turn"))
    .values(status=sa.bindparam("end"), finished_at=sa.bindparam("ended_at", type_=UtcDateTime()))
)

_INSERT_EVENTS = sa.insert(turn_events)

_MOMENT = (
    sa.update(conversations)
    .where(_c.id == sa.bindparam("talk"))
    .values(moment_said_at=sa.bindparam("said_at", type_=UtcDateTime()))
)

_SPEAKS = (
    sa.update(subscribers)
    .where(_s.id == sa.bindparam("person"), _s.locale.is_distinct_from(sa.bindparam("spoken")))
    .values(locale=sa.bindparam("spoken"))
)
