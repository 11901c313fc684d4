"""Receipts: what the provider reports about a message. Kept once each; they only raise a message's status."""

from datetime import datetime
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from channels.whatsapp.errors import WhatsAppError, error_in_receipt
from channels.whatsapp.webhook import StatusUpdate
from notifications import breaker, remedies, retry
from notifications.explain import keep_decision
from notifications.personal import ERASED
from notifications.remedies import Failure
from notifications.settling import values_of
from notifications.status import FROM_WHATSAPP, Status, below
from notifications.tables import messages, receipts
from storage.insert import insert_new
from storage.tables import conversations
from storage.types import new_id

EVEN_JITTER: Final = 0.5
"""Failures that receipts report come one by one already: their next tries need no spreading."""


class ReceiptBook:
    """Applies WhatsApp's status reports."""

    def record(self, connection: Connection, status: StatusUpdate, business_id: str, now: datetime) -> None:
        """Keep the report and raise the message it is about. A repeated report changes nothing."""
        message = _message(connection, status, business_id)
        if message is not None and message.origin == ERASED:
            # It would name the person again.
            return
        row = {
            "id": new_id(),
            "business_id": business_id,
            "message_id": message.id if message else None,
            "provider_message_id": status.wamid,
            "status": status.status[:16],
            "recipient": status.recipient or "",
            "reported_at": status.at,
            "received_at": now,
            "raw": status.raw,
        }
        if insert_new(connection, receipts, row, receipts.c.id) is None or message is None:
            return
        match FROM_WHATSAPP.get(status.status):
            case Status.FAILED:
                _fail(connection, message, status, business_id, now)
            case Status.SENT:
                breaker.reported(connection, status.phone_number_id, message.category, status.at)
                if not _has_failed(connection, status.wamid):
                    _raise_to(connection, message.id, Status.SENT, status, now)
            case Status() as reached:
                _raise_to(connection, message.id, reached, status, now)
            case None:
                pass


def _message(connection: Connection, status: StatusUpdate, business_id: str) -> Row[Any] | None:
    """Ours by the id that we sent along, else by WhatsApp's own; None for what somebody else sent."""
    m = messages.c
    wanted: sa.Select[Any] = sa.select(m.id, m.category, m.origin).where(m.business_id == business_id)
    found = connection.execute(wanted.where(m.provider_message_id == status.wamid)).first()
    if found is None and status.callback_data and _is_id(status.callback_data):
        found = connection.execute(wanted.where(m.id == status.callback_data)).first()
    return found


def _raise_to(connection: Connection, message_id: str, reached: Status, status: StatusUpdate, now: datetime) -> None:
    values = {
        "status": reached,
        "settled_at": now,
        "lease_until": None,
        "provider_message_id": status.wamid,
        "error_code": None,
        "error": None,
    }
    connection.execute(
        sa.update(messages).where(messages.c.id == message_id, messages.c.status.in_(below(reached))).values(values)
    )


def _has_failed(connection: Connection, wamid: str) -> bool:
    """A late "sent" of a try that failed says nothing of the next try, which may be waiting."""
    r = receipts.c
    return bool(connection.scalar(sa.select(sa.exists().where(r.provider_message_id == wamid, r.status == "failed"))))


def _fail(connection: Connection, message: Row[Any], status: StatusUpdate, business_id: str, now: datetime) -> None:
    """The same follows as if WhatsApp had said no at once: it goes again where its remedy says so, else it is over."""
    row = _standing(connection, message.id)
    if row is None:
        return
    error = _error(status)
    following = _following(row, error, status.wamid)
    if following is not None:
        text = str(error) if error else None
        values = {"lease_until": None, "error_code": error.code if error else None, "error": text}
        # A message that goes again has no id of WhatsApp's yet: the old one is in its receipts.
        wamid = None if following.status is Status.QUEUED else status.wamid
        connection.execute(
            sa.update(messages)
            .where(messages.c.id == row.id)
            .values({**values, "provider_message_id": wamid, **values_of(following, now)})
        )
        if following.status is Status.QUEUED:
            keep_decision(connection, row.id, business_id, following.status, text or "", now)
    if error is not None:
        pause_seconds = following.pause_seconds if following is not None else 0.0
        remedies.apply(connection, _failure(row, status, error, business_id, pause_seconds), now)


def _standing(connection: Connection, message_id: str) -> Row[Any] | None:
    """What is to be known of a message that failed; None where it is known to have arrived nonetheless."""
    m = messages.c
    wanted: sa.Select[Any] = (
        sa.select(
            m.id,
            m.status,
            m.origin,
            m.payload,
            m.attempt,
            m.failures,
            m.provider_message_id,
            m.conversation_id,
            conversations.c.subscriber_id,
        )
        .join(conversations, conversations.c.id == m.conversation_id)
        .where(m.id == message_id, m.status.in_(below(Status.FAILED)))
        .with_for_update(of=messages)
    )
    return connection.execute(wanted).one_or_none()


def _following(row: Row[Any], error: WhatsAppError | None, wamid: str) -> retry.Next | None:
    """Where the message stands now; None leaves it where it is, since its next try is under way already."""
    over = retry.Next(status=Status.FAILED, failures=row.failures + 1)
    if error is None or row.origin == "app":
        return over
    following = retry.after(error.remedy, failures=row.failures, attempt=row.attempt, jitter=EVEN_JITTER)
    if following.status is Status.FAILED:
        return following
    match row.status:
        case Status.QUEUED:
            return None
        case Status.SENDING:
            # Without an id of an earlier try this is about the one under way, whose answer is still to come.
            return over if row.provider_message_id is None else None
        case _:
            return following if row.provider_message_id in (None, wamid) else None


def _error(status: StatusUpdate) -> WhatsAppError | None:
    if not status.errors:
        return None
    first = status.errors[0]
    return error_in_receipt(first.code, first.title, first.details)


def _failure(
    row: Row[Any], status: StatusUpdate, error: WhatsAppError, business_id: str, pause_seconds: float
) -> Failure:
    return Failure(
        business_id=business_id,
        phone_number_id=status.phone_number_id,
        conversation_id=row.conversation_id,
        subscriber_id=row.subscriber_id,
        payload=row.payload,
        code=error.code,
        reason=str(error),
        remedy=error.remedy,
        from_receipt=True,
        pause_seconds=pause_seconds,
    )


def _is_id(text: str) -> bool:
    return len(text) == 36 and text.count("-") == 4 and set(text) <= set("0123456789abcdef-")
