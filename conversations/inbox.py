"""The inbox: keeps everything a webhook brought, in one transaction, before the webhook is acknowledged."""

from collections.abc import Iterable
from dataclasses import dataclass, fields
from datetime import datetime

import sqlalchemy as sa
import structlog
from sqlalchemy.engine import Connection

from channels.whatsapp.webhook import (
    InboundMessage,
    Item,
    OtherChange,
    StatusUpdate,
    TextReceived,
    Unreadable,
)
from conversations import turn_input
from conversations.people import Conversation, meet
from conversations.ports import Consents, Outbox, Receipts
from conversations.tables import channel_events, inbound_messages, turns
from conversations.wording import Wording
from storage.clock import database_now
from storage.insert import insert_new
from storage.tables import businesses, conversations, phone_numbers, subscribers
from storage.types import new_id

log = structlog.get_logger()


@dataclass(slots=True)
class Stored:
    """What one webhook changed: how much is new, and whom to wake."""

    turns: int = 0
    answers: int = 0
    repeats: int = 0
    statuses: int = 0
    others: int = 0

    def __iadd__(self, more: "Stored") -> "Stored":
        for each in fields(self):
            setattr(self, each.name, getattr(self, each.name) + getattr(more, each.name))
        return self


class Inbox:
    """Stores webhook items. Pure database work: no bot, no network, no clock of its own."""

    def __init__(self, outbox: Outbox, consents: Consents, receipts: Receipts, wording: Wording) -> None:
        self._outbox = outbox
        self._consents = consents
        self._receipts = receipts
        self._wording = wording

    def store(self, connection: Connection, items: Iterable[Item], now: datetime) -> Stored:
        """Keep every item; what was kept before changes nothing. Items of foreign numbers are kept apart."""
        stored = Stored()
        for item in items:
            match item:
                case InboundMessage():
                    self._message(connection, item, now, stored)
                case StatusUpdate():
                    self._status(connection, item, now, stored)
                case OtherChange() | Unreadable():
                    _keep_apart(connection, item, now, stored)
        return stored

    def _message(self, connection: Connection, item: InboundMessage, now: datetime, stored: Stored) -> None:
        business_id = _business(connection, item.phone_number_id)
        if business_id is None or not (item.sender.wa_id or item.sender.user_id):
            problem = "not a number of ours" if business_id is None else "a message without a sender"
            _keep_apart(connection, item, now, stored, problem)
            return
        conversation = meet(
            connection,
            business_id=business_id,
            phone_number_id=item.phone_number_id,
            sender=item.sender,
            now=now,
        )
        inbound_id = _insert_inbound(connection, item, conversation, now)
        if inbound_id is None:
            stored.repeats += 1
            return
        if self._heed_wish(connection, item, conversation, inbound_id, now):
            _touch(connection, conversation.id, item.sent_at, has_turn=False)
            stored.answers += 1
            return
        wanted = turn_input.decide(item.content)
        if wanted is not None:
            connection.execute(
                sa.insert(turns).values(
                    id=new_id(),
                    business_id=business_id,
                    conversation_id=conversation.id,
                    inbound_message_id=inbound_id,
                    input=turn_input.to_json(wanted),
                    status="waiting",
                    sent_at=item.sent_at,
                    received_at=now,
                )
            )
            stored.turns += 1
        if turn_input.opens_window(item.content):
            _touch(connection, conversation.id, item.sent_at, has_turn=wanted is not None)

    def _heed_wish(
        self,
        connection: Connection,
        item: InboundMessage,
        conversation: Conversation,
        inbound_id: str,
        now: datetime,
    ) -> bool:
        """STOP and START work while the bot is down: kept and confirmed here."""
        granted = self._consents.wish(item.content.body) if isinstance(item.content, TextReceived) else None
        if granted is None:
            return False
        heeded = self._consents.record(
            connection,
            business_id=conversation.business_id,
            subscriber_id=conversation.subscriber_id,
            granted=granted,
            inbound_message_id=inbound_id,
            now=now,
        )
        if heeded:
            key = "opt_in_confirmed" if granted else "opt_out_confirmed"
            self._outbox.queue(
                connection,
                business_id=conversation.business_id,
                conversation_id=conversation.id,
                turn_id=None,
                origin="service",
                content_key=key,
                payloads=[self._wording.text(key, _locale(connection, conversation))],
                now=now,
            )
        return heeded

    def _status(self, connection: Connection, item: StatusUpdate, now: datetime, stored: Stored) -> None:
        business_id = _business(connection, item.phone_number_id)
        if business_id is None:
            _keep_apart(connection, item, now, stored, "not a number of ours")
            return
        self._receipts.record(connection, item, business_id, now)
        stored.statuses += 1


def keep_unreadable(connection: Connection, item: Item, problem: str, now: datetime) -> None:
    """Keep an item raw that could not be stored as what it is, so that nothing acknowledged is lost."""
    _keep_apart(connection, item, now, Stored(), problem)


def _business(connection: Connection, phone_number_id: str) -> str | None:
    found: str | None = connection.scalar(
        sa.select(phone_numbers.c.business_id).where(phone_numbers.c.phone_number_id == phone_number_id)
    )
    return found


def _locale(connection: Connection, conversation: Conversation) -> str:
    return str(
        connection.scalar(
            sa.select(sa.func.coalesce(subscribers.c.locale, businesses.c.default_language))
            .join(businesses, businesses.c.id == subscribers.c.business_id)
            .where(subscribers.c.id == conversation.subscriber_id)
        )
    )


def _insert_inbound(
    connection: Connection, item: InboundMessage, conversation: Conversation, now: datetime
) -> str | None:
    row = {
        "id": new_id(),
        "business_id": conversation.business_id,
        "conversation_id": conversation.id,
        "phone_number_id": item.phone_number_id,
        "wamid": item.wamid,
        "kind": str(item.raw.get("type", "unknown"))[:32],
        "raw": item.raw,
        "sent_at": item.sent_at,
        "received_at": now,
    }
    return insert_new(connection, inbound_messages, row, inbound_messages.c.id)


def _touch(connection: Connection, conversation_id: str, sent_at: datetime, *, has_turn: bool) -> None:
    """Refresh the customer service window and, with a turn, ask for a worker.

    This comes after the turn's insert: whoever settles the conversation meanwhile either sees the turn or is
    waited for here.
    """
    c = conversations.c
    connection.execute(
        sa.update(conversations)
        .where(c.id == conversation_id)
        .values(
            last_inbound_at=sa.case(
                (c.last_inbound_at.is_(None) | (c.last_inbound_at < sent_at), sent_at),
                else_=c.last_inbound_at,
            ),
            next_turn_at=sa.func.coalesce(c.next_turn_at, database_now()) if has_turn else c.next_turn_at,
        )
    )


def _keep_apart(
    connection: Connection,
    item: InboundMessage | StatusUpdate | OtherChange | Unreadable,
    now: datetime,
    stored: Stored,
    problem: str | None = None,
) -> None:
    match item:
        case OtherChange():
            kind = item.field
        case Unreadable():
            kind, problem = "unreadable", item.problem
        case InboundMessage():
            kind = "messages"
        case StatusUpdate():
            kind = "statuses"
    log.info("webhook.kept_apart", kind=kind, problem=problem)
    connection.execute(
        sa.insert(channel_events).values(
            id=new_id(),
            business_id=_business(connection, item.phone_number_id) if item.phone_number_id else None,
            phone_number_id=item.phone_number_id,
            field=kind[:200],
            problem=problem,
            raw=item.raw,
            received_at=now,
        )
    )
    stored.others += 1
