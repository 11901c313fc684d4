"""Answers to notifications: finds which one somebody answered, keeps that they did, and ends what need not follow.

An answer is looked for among what was quoted, else among the last day's pushes that the bot has said nothing after.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from notifications.outbox import about
from notifications.plans.answered import Answered, end
from notifications.tables import messages, notifications, workflow_versions
from notifications.workflows import OpenReply, reply_meant
from storage.types import UtcDateTime

OPEN_FOR: Final = timedelta(hours=24)
"""A word such as "yes" is taken for an answer so long after a push left; quoted or tapped, it is one at any time. Our
choice: as long as WhatsApp's customer service window and the bot's session."""

CLOCK_STEP: Final = timedelta(seconds=1)
"""WhatsApp tells when somebody wrote in whole seconds: they may seem to have answered before they were told."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What somebody's words mean as the answer to a push."""

    message_id: str
    key: str
    title: str = field(repr=False)
    intent: str
    entities: Mapping[str, str] = field(repr=False)


class AnswerBook:
    """Reads the reply contracts of what was pushed."""

    def quoted(self, connection: Connection, conversation_id: str, wamid: str, text: str) -> list[Answer]:
        """What these words answer to the push that they quote: nothing where it is none, or they are no answer."""
        return _meant(connection.execute(_QUOTED, {"talk": conversation_id, "wamid": wamid}).all(), text)

    def about(self, connection: Connection, conversation_id: str, wamid: str) -> dict[str, str]:
        """The delivery or the order that this push told of; nothing where it is none, or tells of neither."""
        row = connection.execute(_TOLD_OF, {"talk": conversation_id, "wamid": wamid}).one_or_none()
        return {} if row is None else about(row.definition, row.payload)

    def open(
        self, connection: Connection, conversation_id: str, note_ids: Sequence[str], text: str, said_at: datetime
    ) -> list[Answer]:
        """What these words may answer to pushes that Rasa was not told of yet, the newest first; each meaning once."""
        last_said = connection.scalar(_LAST_SAID, {"talk": conversation_id})
        told = connection.execute(_OPEN, {"ids": list(note_ids)}).all()
        return _meant([row for row in told if _is_open(row.left_at, last_said, said_at)], text)

    def answered(
        self,
        connection: Connection,
        conversation_id: str,
        wamid: str,
        meant: tuple[str, Mapping[str, Any]] | None,
        now: datetime,
    ) -> None:
        """This message was answered, by what means this intent with these entities. Again changes nothing."""
        intent, entities = meant or (None, {})
        for row in self._concerned(connection, conversation_id, wamid, now):
            same = (each for each in _replies(row) if (each.intent, dict(each.entities)) == (intent, dict(entities)))
            option = next(same, None)
            if option is not None or row.wamid == wamid:
                self.keep(connection, row.id, option.key if option else None, now)
                return

    def keep(self, connection: Connection, message_id: str, key: str | None, now: datetime) -> None:
        """Keep that a push was answered, with this reply of its contract; what its plan had in store is dropped."""
        row = connection.execute(_ANSWERED, {"id": message_id}).one()
        option = next((each for each in _replies(row) if each.key == key), None)
        if option is not None and option.effect is not None and row.notification_id is not None:
            answered = Answered(
                message_id=message_id,
                notification_id=row.notification_id,
                business_id=row.business_id,
                key=option.key,
                effect=option.effect,
            )
            end(connection, answered, now)
        connection.execute(
            sa.update(messages)
            .where(messages.c.id == message_id, messages.c.replied_at.is_(None))
            .values(replied_at=now)
        )

    def _concerned(self, connection: Connection, conversation_id: str, wamid: str, now: datetime) -> Sequence[Any]:
        """The push that has this id; where it is our question which one was meant, those among which it asked."""
        rows = connection.execute(_QUOTED, {"talk": conversation_id, "wamid": wamid}).all()
        if rows or connection.scalar(_ASKED, {"talk": conversation_id, "wamid": wamid}) is None:
            return rows
        return connection.execute(_LATEST, {"talk": conversation_id, "since": now - OPEN_FOR}).all()


def _meant(rows: Sequence[Any], text: str) -> list[Answer]:
    """Two pushes that would be answered by the same are one answer: the newest is taken for the one that is meant."""
    found: dict[str, Answer] = {}
    for row in rows:
        option = reply_meant(_replies(row), text)
        if option is not None:
            answer = Answer(
                message_id=row.id, key=option.key, title=option.title, intent=option.intent, entities=option.entities
            )
            found.setdefault(repr((option.intent, sorted(option.entities.items()))), answer)
    return list(found.values())


def _is_open(left_at: datetime, last_said: datetime | None, said_at: datetime) -> bool:
    if last_said is not None and last_said > left_at:
        return False
    return left_at - CLOCK_STEP <= said_at < left_at + OPEN_FOR


def _replies(row: Any) -> list[OpenReply]:
    return [OpenReply(**{**each, "words": tuple(each["words"])}) for each in row.reply_contract or ()]


_m = messages.c

_PUSH = sa.select(
    _m.id,
    _m.business_id,
    _m.notification_id,
    _m.reply_contract,
    _m.replied_at,
    _m.provider_message_id.label("wamid"),
    sa.func.coalesce(_m.claimed_at, _m.run_at, type_=_m.run_at.type).label("left_at"),
)

_QUOTED = _PUSH.where(
    _m.provider_message_id == sa.bindparam("wamid"), _m.conversation_id == sa.bindparam("talk"), _m.origin == "push"
)

_TOLD_OF = (
    sa.select(workflow_versions.c.definition, notifications.c.payload)
    .join_from(messages, notifications, notifications.c.id == _m.notification_id)
    .join(workflow_versions, workflow_versions.c.id == notifications.c.version_id)
    .where(
        _m.provider_message_id == sa.bindparam("wamid"), _m.conversation_id == sa.bindparam("talk"), _m.origin == "push"
    )
)

_OPEN = _PUSH.where(_m.id.in_(sa.bindparam("ids", expanding=True)), _m.replied_at.is_(None)).order_by(_m.id.desc())

_ASKED = sa.select(_m.id).where(
    _m.provider_message_id == sa.bindparam("wamid"),
    _m.conversation_id == sa.bindparam("talk"),
    _m.content_key == "which_one",
)

_LATEST = _PUSH.where(
    _m.conversation_id == sa.bindparam("talk"),
    _m.origin == "push",
    _m.replied_at.is_(None),
    _m.created_at > sa.bindparam("since", type_=UtcDateTime()),
).order_by(_m.id.desc())

_ANSWERED = _PUSH.where(_m.id == sa.bindparam("id"))

_LAST_SAID = (
    sa.select(_m.created_at)
    .where(_m.conversation_id == sa.bindparam("talk"), _m.origin == "bot")
    .order_by(_m.id.desc())
    .limit(1)
)
