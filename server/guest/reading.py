"""What a guest sees of their talk, and what they may tap in it."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from channels.guest import GUEST, Tap
from conversations.guests.links import GuestLink
from conversations.people import Conversation
from conversations.tables import TURN_IS_OPEN, turns
from notifications.guests import NOT_FETCHED, ON_PAGE, mark_delivered
from notifications.tables import messages
from server.desk.talk import bubbles
from server.desk.talk.bubbles import Bubble, Choice
from server.desk.talk.lines import Line, read_lines
from storage.tables import businesses, conversations

_ID: Final = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """The talk at one moment."""

    business: str
    timezone: str
    link: GuestLink
    lines: Sequence[Line] = field(default=(), repr=False)
    is_answering: bool = False
    """The bot has not answered yet."""
    has_human: bool = False

    @property
    def not_fetched(self) -> list[str]:
        """The messages of ours that no page had before."""
        return [line.sent.id for line in self.lines if line.sent is not None and line.sent.status in NOT_FETCHED]

    def fetched(self, connection: Connection, conversation_id: str, now: datetime) -> None:
        """The page has them now."""
        mark_delivered(connection, conversation_id, self.not_fetched, now)


def read_view(connection: Connection, link: GuestLink, talk: Conversation | None) -> View:
    """The newest of what was said; nothing of what was kept back, waits, or failed."""
    b = businesses.c
    house = connection.execute(sa.select(b.name, b.timezone).where(b.id == link.business_id)).one()
    if talk is None:
        return View(business=house.name, timezone=house.timezone, link=link)
    shown = [line for line in read_lines(connection, talk.id).lines if line.sent is None or line.sent.status in ON_PAGE]
    answered_by = connection.scalar(sa.select(conversations.c.answered_by).where(conversations.c.id == talk.id))
    waits = sa.exists().where(turns.c.conversation_id == talk.id, TURN_IS_OPEN)
    return View(
        business=house.name,
        timezone=house.timezone,
        link=link,
        lines=shown,
        is_answering=answered_by == "bot" and bool(connection.scalar(sa.select(waits))),
        has_human=answered_by == "human",
    )


def find_tap(connection: Connection, conversation_id: str, message_id: str, choice_id: str) -> Tap | None:
    """What was offered under this id in a message of this talk; None where nothing was."""
    if not _ID.fullmatch(message_id):
        return None
    m = messages.c
    payload = connection.scalar(
        sa.select(m.payload).where(
            m.conversation_id == conversation_id,
            m.id == message_id,
            m.channel == GUEST,
            m.status.in_(ON_PAGE),
        )
    )
    if payload is None:
        return None
    return next((tap for tap in _taps(bubbles.said(payload, None)) if tap.id == choice_id), None)


def _taps(bubble: Bubble) -> Iterator[Tap]:
    for choice in _offered(bubble.buttons):
        yield Tap(kind="button_reply", id=choice.id, title=choice.title)
    for choice in _offered(bubble.rows):
        yield Tap(kind="list_reply", id=choice.id, title=choice.title)
    for card in bubble.cards:
        yield from _taps(card)


def _offered(choices: Sequence[Choice]) -> Iterator[Choice]:
    return (each for each in choices if each.id)
