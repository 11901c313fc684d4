"""The outbox: every outgoing message is one row here, queued behind what its conversation still waits for."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from notifications.decisions import Decided, keep_decisions
from notifications.status import Status
from notifications.tables import IS_UNSETTLED, messages, notifications, workflow_versions
from storage.clock import database_now
from storage.tables import conversations, phone_numbers
from storage.types import new_id


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """Something that was said to a person outside Rasa."""

    id: str
    text: str = field(repr=False)
    about: Mapping[str, str] = field(default_factory=dict)
    """The delivery or the order that it told of, by its code: `{"delivery": "COUR-…"}`."""
    is_answerable: bool = False
    """It is a notification with a reply contract."""


UNSENT: Final = "A human had taken the talk over."


class MessageOutbox:
    """Queues messages inside somebody else's transaction; wake the topic "messages" after its commit."""

    def queue(
        self,
        connection: Connection,
        *,
        business_id: str,
        conversation_id: str,
        turn_id: str | None,
        origin: str,
        content_key: str | None,
        payloads: Sequence[Mapping[str, Any]],
        now: datetime,
        author_id: str | None = None,
        said: str | None = None,
        category: str = "transactional",
    ) -> list[str]:
        """Queue WhatsApp payloads in order, each waiting for the one before it; their ids. They leave on the channel of
        the number that the talk is on.

        `said` is how they read where they do not hold their words themselves, as a template.
        While a human has the talk, what the bot says, and the services in its place, is kept and not sent.
        """
        talk = _talk(connection, conversation_id)
        row: dict[str, Any] = {
            "business_id": business_id,
            "conversation_id": conversation_id,
            "subscriber_id": talk.subscriber_id,
            "turn_id": turn_id,
            "channel": talk.channel,
            "origin": origin,
            "author_id": author_id,
            "category": category,
            "content_key": content_key,
            "said": said,
            "status": Status.QUEUED,
            "noted": origin == "bot",
            "run_at": database_now(),
            "created_at": now,
        }
        if talk.answered_by == "human" and (origin == "bot" or (origin == "service" and turn_id is not None)):
            return _keep_unsent(connection, row, payloads, now)
        queued: list[str] = []
        after_id = _last_unsettled(connection, conversation_id)
        for payload in payloads:
            message_id = new_id()
            connection.execute(
                sa.insert(messages).values(row | {"id": message_id, "payload": dict(payload), "after_id": after_id})
            )
            queued.append(message_id)
            after_id = message_id
        return queued

    def keep_echo(
        self,
        connection: Connection,
        *,
        business_id: str,
        conversation_id: str,
        payload: Mapping[str, Any],
        provider_message_id: str,
        at: datetime,
        now: datetime,
    ) -> bool:
        """Keep what a human sent past us, from the WhatsApp Business app. A repeated echo changes nothing: False."""
        # The conversation's row is the lock: the same echo may be arriving twice at this moment.
        connection.execute(sa.select(conversations.c.id).where(conversations.c.id == conversation_id).with_for_update())
        known = sa.exists().where(
            messages.c.business_id == business_id, messages.c.provider_message_id == provider_message_id
        )
        if connection.scalar(sa.select(known)):
            return False
        connection.execute(
            sa.insert(messages).values(
                id=new_id(),
                business_id=business_id,
                conversation_id=conversation_id,
                subscriber_id=_talk(connection, conversation_id).subscriber_id,
                channel="whatsapp",
                origin="app",
                category="transactional",
                payload=dict(payload),
                status=Status.SENT,
                provider_message_id=provider_message_id,
                run_at=at,
                created_at=now,
                settled_at=at,
            )
        )
        return True

    def was_said_since(self, connection: Connection, conversation_id: str, content_key: str, since: datetime) -> bool:
        """Whether this service text was already queued in this conversation since then."""
        return bool(
            connection.scalar(
                sa.select(
                    sa.exists().where(
                        messages.c.conversation_id == conversation_id,
                        messages.c.content_key == content_key,
                        messages.c.created_at >= since,
                    )
                )
            )
        )

    def unnoted(self, connection: Connection, conversation_id: str) -> list[Note]:
        """What was said outside Rasa and left, and Rasa was not told yet; oldest first."""
        rows = connection.execute(_UNNOTED, {"talk": conversation_id})
        return [
            Note(
                id=row.id,
                text=text,
                about=about(row.definition, row.told),
                is_answerable=bool(row.reply_contract) and row.replied_at is None,
            )
            for row in rows
            if (text := row.said or text_of(row.payload))
        ]

    def mark_noted(self, connection: Connection, message_ids: Sequence[str]) -> None:
        """Rasa has been told of these."""
        if message_ids:
            connection.execute(sa.update(messages).where(messages.c.id.in_(message_ids)).values(noted=True))


def text_of(payload: Mapping[str, Any]) -> str:
    """The words of a WhatsApp payload, for people and for the bot's memory."""
    kind = str(payload.get("type", ""))
    part = payload.get(kind) or {}
    match kind:
        case "text":
            return str(part.get("body", ""))
        case "interactive":
            return str(part.get("body", {}).get("text", ""))
        case "template":
            return str(part.get("name", ""))
        case _:
            return str(part.get("caption", "")) if isinstance(part, Mapping) else ""


def about(definition: Mapping[str, Any] | None, told: Mapping[str, Any]) -> dict[str, str]:
    """What a notification is about, as its workflow's file says, by the fields of the payload."""
    named: Mapping[str, str] = (definition or {}).get("about") or {}
    return {subject: str(told[field]) for subject, field in named.items() if told.get(field)}


def _talk(connection: Connection, conversation_id: str) -> Any:
    return connection.execute(_TALK, {"talk": conversation_id}).one()


def _keep_unsent(
    connection: Connection, row: Mapping[str, Any], payloads: Sequence[Mapping[str, Any]], now: datetime
) -> list[str]:
    """What would have been said, for whoever reads the talk."""
    unsent = {**row, "status": Status.SKIPPED, "settled_at": now, "error": UNSENT, "noted": True}
    rows = [{**unsent, "id": new_id(), "payload": dict(payload)} for payload in payloads]
    for each in rows:
        connection.execute(sa.insert(messages).values(each))
    said = [Decided(each["id"], each["business_id"], Status.SKIPPED, UNSENT) for each in rows]
    keep_decisions(connection, said, now)
    return [each["id"] for each in rows]


def _last_unsettled(connection: Connection, conversation_id: str) -> str | None:
    found: str | None = connection.scalar(
        sa.select(messages.c.id)
        .where(messages.c.conversation_id == conversation_id, IS_UNSETTLED)
        .order_by(messages.c.id.desc())
        .limit(1)
    )
    return found


_m = messages.c

_TALK = (
    sa.select(conversations.c.subscriber_id, conversations.c.answered_by, phone_numbers.c.channel)
    .join(phone_numbers, phone_numbers.c.phone_number_id == conversations.c.phone_number_id)
    .where(conversations.c.id == sa.bindparam("talk"))
)

# A notification waits for its slot, its window, its lane: nobody has read it before it left. What the services say
# stands in the order in which it was said.
_UNNOTED = (
    sa.select(
        _m.id,
        _m.payload,
        _m.said,
        _m.reply_contract,
        _m.replied_at,
        notifications.c.payload.label("told"),
        workflow_versions.c.definition,
    )
    .outerjoin(notifications, notifications.c.id == _m.notification_id)
    .outerjoin(workflow_versions, workflow_versions.c.id == notifications.c.version_id)
    .where(
        _m.conversation_id == sa.bindparam("talk"),
        ~_m.noted,
        ~_m.is_test,
        _m.status.not_in((Status.CANCELLED, Status.EXPIRED, Status.SKIPPED, Status.FAILED)),
        (_m.origin != "push") | (_m.status != Status.QUEUED),
    )
    .order_by(_m.id)
)
