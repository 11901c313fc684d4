"""Who has a talk: taken up, passed on, ended, given back to the bot. Each change is made under the talk's lock."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from channels.guest import is_guest_number
from channels.whatsapp import window
from conversations.guests.reach import open_until
from conversations.handoffs.errors import NobodyThere, NotYours, TakenByAnother
from conversations.tables import HANDOFF_IS_OPEN, handoffs
from storage.clock import database_now
from storage.tables import businesses, conversations, subscribers
from storage.types import new_id

ANSWER_WITHIN_SECONDS: Final = 3600.0
"""How long somebody may wait for the human who has their talk; then it waits for another one. Our choice."""

SILENCE_SECONDS: Final = 4 * 3600.0
"""How long a talk stays with a human after their last word; then the bot has it again. Our choice."""

CLOSING_SECONDS: Final = 600.0
"""How long a person may object after the human is done. Our choice."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Talk:
    """A conversation, locked until the transaction ends."""

    id: str
    business_id: str
    phone_number_id: str
    answered_by: str
    last_inbound_at: datetime | None
    language: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """The open hand-off of a talk."""

    id: str
    conversation_id: str
    state: str
    reason: str
    agent_id: str | None
    asked_at: datetime
    taken_at: datetime | None
    unanswered_since: datetime | None
    returns_at: datetime | None


def lock(connection: Connection, conversation_id: str) -> Talk:
    """The talk, ours until the transaction ends. Raises NobodyThere."""
    c = conversations.c
    found = connection.execute(
        sa.select(c.business_id, c.phone_number_id, c.answered_by, c.last_inbound_at, c.subscriber_id)
        .where(c.id == conversation_id, c.merged_into.is_(None))
        .with_for_update()
    ).one_or_none()
    if found is None:
        raise NobodyThere("There is no such conversation.")
    language = connection.scalar(
        sa.select(sa.func.coalesce(subscribers.c.locale, businesses.c.default_language))
        .join(businesses, businesses.c.id == subscribers.c.business_id)
        .where(subscribers.c.id == found.subscriber_id)
    )
    return Talk(
        id=conversation_id,
        business_id=found.business_id,
        phone_number_id=found.phone_number_id,
        answered_by=found.answered_by,
        last_inbound_at=found.last_inbound_at,
        language=str(language),
    )


def may_write(connection: Connection, talk: Talk, now: datetime) -> bool:
    """Whether words of our own reach the person: in WhatsApp's window, or while a guest's link is open."""
    if is_guest_number(talk.phone_number_id):
        return open_until(connection, talk.id, now) is not None
    return window.is_open(talk.last_inbound_at, now)


def held(connection: Connection, conversation_id: str) -> Held | None:
    """Its open hand-off; where two talks became one there may be two, and the one with a human counts."""
    h = handoffs.c
    row = connection.execute(
        sa.select(*(h[name] for name in Held.__dataclass_fields__))
        .where(h.conversation_id == conversation_id, HANDOFF_IS_OPEN)
        .order_by(sa.case((h.state == "human", 0), (h.state == "closing", 1), else_=2), h.id)
        .limit(1)
    ).one_or_none()
    return None if row is None else Held(**row._asdict())


def take(
    connection: Connection, conversation_id: str, agent_id: str, now: datetime, *, from_another: bool = False
) -> Held:
    """An agent answers from now on, the bot is silent. Raises NobodyThere, and TakenByAnother unless that is meant."""
    talk = lock(connection, conversation_id)
    found = held(connection, conversation_id)
    if found is not None and found.state != "waiting":
        has_it = found.agent_id
        if has_it is not None and has_it != agent_id and not from_another:
            raise TakenByAnother(has_it)
    return bring_human(connection, talk, found, "taken", agent_id, now)


def bring_human(
    connection: Connection, talk: Talk, found: Held | None, reason: str, agent_id: str | None, now: datetime
) -> Held:
    """The talk is with a human now, whoever it was with."""
    values: dict[str, Any] = {"state": "human", "agent_id": agent_id, "returns_at": database_now(ANSWER_WITHIN_SECONDS)}
    if found is None:
        connection.execute(
            sa.insert(handoffs).values(
                id=new_id(),
                business_id=talk.business_id,
                conversation_id=talk.id,
                reason=reason,
                language=talk.language,
                summary={},
                asked_at=now,
                taken_at=now,
                **values,
            )
        )
    else:
        change(connection, found, values | {"taken_at": found.taken_at or now})
    _answers(connection, talk, "human")
    return _still(connection, talk)


def assign(connection: Connection, conversation_id: str, agent_id: str, now: datetime) -> Held:
    """Let this agent have it from now on, whoever had it; the bot is silent. Raises NobodyThere."""
    talk = lock(connection, conversation_id)
    return bring_human(connection, talk, held(connection, conversation_id), "taken", agent_id, now)


def prefer(connection: Connection, conversation_id: str, priority: int) -> Held:
    """Let it come before others in the queue, the higher the sooner. Raises NobodyThere, NotYours."""
    talk = lock(connection, conversation_id)
    change(connection, required(connection, talk), {"priority": priority})
    return _still(connection, talk)


def finish(connection: Connection, conversation_id: str, agent_id: str) -> Held:
    """The human is done: who writes within ten minutes still gets them, later the bot. Raises NotYours."""
    talk = lock(connection, conversation_id)
    found = of(connection, talk, agent_id)
    change(
        connection, found, {"state": "closing", "returns_at": database_now(CLOSING_SECONDS), "unanswered_since": None}
    )
    return _still(connection, talk)


def reopen(connection: Connection, conversation_id: str, agent_id: str) -> Held:
    """The human is not done after all. Raises NotYours."""
    talk = lock(connection, conversation_id)
    found = of(connection, talk, agent_id)
    change(connection, found, {"state": "human", "returns_at": database_now(SILENCE_SECONDS)})
    return _still(connection, talk)


def give_back(connection: Connection, conversation_id: str, now: datetime, ended_by: str = "agent") -> bool:
    """The bot answers from now on; False when it did already. `ended_by` is agent, silence or elsewhere."""
    talk = lock(connection, conversation_id)
    ended = connection.execute(
        sa.update(handoffs)
        .where(handoffs.c.conversation_id == talk.id, HANDOFF_IS_OPEN)
        .values(state="closed", closed_at=now, ended_by=ended_by, returns_at=None)
    )
    _answers(connection, talk, "bot")
    return ended.rowcount > 0


def queue_again(connection: Connection, talk: Talk, found: Held, now: datetime) -> None:
    """Nobody answered in time: it waits for another human, before the others, and the bot answers meanwhile."""
    waits = {"state": "waiting", "agent_id": None, "returns_at": None, "unanswered_since": None}
    change(connection, found, waits | {"repeated_at": now, "priority": handoffs.c.priority + 1})
    _answers(connection, talk, "bot")


def required(connection: Connection, talk: Talk) -> Held:
    """The open hand-off of a talk. Raises NotYours where there is none."""
    found = held(connection, talk.id)
    if found is None:
        raise NotYours("The assistant answers here: take the talk up first.")
    return found


def of(connection: Connection, talk: Talk, agent_id: str) -> Held:
    """The hand-off that this agent has. Raises NotYours, TakenByAnother."""
    found = required(connection, talk)
    if found.state == "waiting":
        raise NotYours("The assistant answers here: take the talk up first.")
    if found.agent_id is not None and found.agent_id != agent_id:
        raise TakenByAnother(found.agent_id)
    return found


def change(connection: Connection, found: Held, values: Mapping[str, Any]) -> None:
    """Write columns of a hand-off whose talk is locked."""
    connection.execute(sa.update(handoffs).where(handoffs.c.id == found.id).values(values))


def _answers(connection: Connection, talk: Talk, who: str) -> None:
    if talk.answered_by != who:
        connection.execute(sa.update(conversations).where(conversations.c.id == talk.id).values(answered_by=who))


def _still(connection: Connection, talk: Talk) -> Held:
    return required(connection, talk)
