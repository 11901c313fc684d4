"""Receipts: what providers report about messages. Kept once each; they only raise a message's status."""

from datetime import datetime
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from channels.failures import Remedy
from channels.reports import Report
from channels.whatsapp.webhook import StatusUpdate
from notifications import breaker, remedies, retry
from notifications.aftermath import spread
from notifications.decisions import Decided, keep_decisions
from notifications.personal import ERASED
from notifications.prices.billed import told_cost
from notifications.remedies import Failure
from notifications.settling import values_of
from notifications.status import Status, below
from notifications.tables import messages, receipts
from notifications.told import WHATSAPP, Refused, Told, told_by, told_by_whatsapp
from storage.insert import insert_new
from storage.tables import conversations
from storage.types import new_id
from telemetry.metrics import RECEIPT_LAG_SECONDS, RECEIPTS

EVEN_JITTER: Final = 0.5
"""Failures that receipts report come one by one already: their next tries need no spreading."""


class ReceiptBook:
    """Applies what providers report. A repeated report changes nothing."""

    def record(self, connection: Connection, status: StatusUpdate, business_id: str, now: datetime) -> None:
        """Keep one of WhatsApp's and raise the message it is about."""
        _keep(connection, told_by_whatsapp(status), business_id, now)

    def record_report(self, connection: Connection, report: Report, business_id: str, now: datetime) -> bool:
        """The same for one of another channel's. Whether it was new, and about a message of the business."""
        return _keep(connection, told_by(report), business_id, now)


def _keep(connection: Connection, told: Told, business_id: str, now: datetime) -> bool:
    _count(told, now)
    message = _message(connection, told, business_id)
    if message is not None and message.origin == ERASED:
        # It would name the person again.
        return False
    row = {
        "id": new_id(),
        "business_id": business_id,
        "message_id": message.id if message else None,
        "provider": told.provider,
        "event_id": told.event_id,
        "provider_message_id": told.provider_message_id,
        "status": told.word[:16],
        "recipient": told.recipient,
        "reported_at": told.at,
        "received_at": now,
        "raw": told.raw,
    }
    if insert_new(connection, receipts, row, receipts.c.id) is None or message is None:
        return False
    _apply(connection, message, told, business_id, now, told_cost(connection, message, told, business_id))
    _engage(connection, message.id, told)
    spread(connection, [message.id], now, ended=[] if told.status is Status.SENT else [message.id])
    return True


def _apply(
    connection: Connection, message: Row[Any], told: Told, business_id: str, now: datetime, cost: dict[str, Any]
) -> None:
    match told.status:
        case Status.FAILED:
            _fail(connection, message, told, business_id, now)
        case Status.SENT:
            if told.provider == WHATSAPP:
                breaker.reported(connection, told.phone_number_id, message.category, told.at)
            if not _has_failed(connection, told.provider_message_id):
                _raise_to(connection, message.id, Status.SENT, told, now, cost)
        case Status() as reached:
            _raise_to(connection, message.id, reached, told, now, cost)
        case None if told.is_opt_out:
            _keep_opt_out(connection, message.id, told, business_id, now)


def _keep_opt_out(connection: Connection, message_id: str, told: Told, business_id: str, now: datetime) -> None:
    no = Refused(code=None, reason="They left the list, or called it spam.", remedy=Remedy.KEEP_OPT_OUT)
    row = _standing(connection, message_id, below_of=None)
    if row is not None:
        remedies.apply(connection, _failure(row, told, no, business_id), now)


ENGAGED: Final = {"read": "read_at", "played": "read_at", "opened": "seen_at", "clicked": "clicked_at"}
"""Columns of the second axis, by the word that tells of it."""


def _engage(connection: Connection, message_id: str, told: Told) -> None:
    """When a person did something with it for the first time, whatever order the reports come in."""
    column = messages.c[ENGAGED[told.word]] if told.word in ENGAGED else None
    if column is not None:
        is_first = column.is_(None) | (column > told.at)
        connection.execute(sa.update(messages).where(messages.c.id == message_id, is_first).values({column: told.at}))


def _count(told: Told, now: datetime) -> None:
    RECEIPTS.labels(told.provider, told.word if told.status is not None else "other").inc()
    RECEIPT_LAG_SECONDS.labels(told.provider).observe(max(0.0, (now - told.at).total_seconds()))


def _message(connection: Connection, told: Told, business_id: str) -> Row[Any] | None:
    """Ours by the id that we sent along, else by the provider's own; None for what somebody else sent."""
    m = messages.c
    known = m.id, m.category, m.origin, m.actual_cost, m.price_type, m.is_test
    wanted: sa.Select[Any] = sa.select(*known).where(m.business_id == business_id)
    found = connection.execute(wanted.where(m.provider_message_id == told.provider_message_id)).first()
    if found is None and told.our_id and is_id(told.our_id):
        found = connection.execute(wanted.where(m.id == told.our_id)).first()
    return found


def _raise_to(
    connection: Connection, message_id: str, reached: Status, told: Told, now: datetime, cost: dict[str, Any]
) -> None:
    values = {
        "status": reached,
        "settled_at": now,
        "lease_until": None,
        "provider_message_id": told.provider_message_id,
        "error_code": None,
        "error": None,
    }
    is_it = messages.c.id == message_id
    raised = connection.execute(
        sa.update(messages).where(is_it, messages.c.status.in_(below(reached))).values(values | cost)
    )
    if cost and not raised.rowcount:
        connection.execute(sa.update(messages).where(is_it).values(cost))


def _has_failed(connection: Connection, provider_message_id: str) -> bool:
    """A late "sent" of a try that failed says nothing of the next try, which may be waiting."""
    r = receipts.c
    failed = sa.exists().where(r.provider_message_id == provider_message_id, r.status == "failed")
    return bool(connection.scalar(sa.select(failed)))


def _fail(connection: Connection, message: Row[Any], told: Told, business_id: str, now: datetime) -> None:
    """The same follows as if the provider had said no at once: it goes again where its remedy says so, or is over."""
    row = _standing(connection, message.id)
    if row is None:
        return
    refused = told.refused
    following = _following(row, refused, told.provider_message_id)
    if following is not None:
        text = refused.reason if refused else None
        values = {"lease_until": None, "error_code": refused.code if refused else None, "error": text}
        # A message that goes again has no id of the provider's yet: the old one is in its receipts.
        known_as = None if following.status is Status.QUEUED else told.provider_message_id
        connection.execute(
            sa.update(messages)
            .where(messages.c.id == row.id)
            .values({**values, "provider_message_id": known_as, **values_of(following, now)})
        )
        if following.status is Status.QUEUED:
            keep_decisions(connection, [Decided(row.id, business_id, following.status, text or "")], now)
    if refused is not None:
        pause_seconds = following.pause_seconds if following is not None else 0.0
        remedies.apply(connection, _failure(row, told, refused, business_id, pause_seconds), now)


def _standing(connection: Connection, message_id: str, below_of: Status | None = Status.FAILED) -> Row[Any] | None:
    """What is to be known of a message that failed; None where it is known to have arrived nonetheless."""
    m = messages.c
    wanted: sa.Select[Any] = (
        sa.select(
            m.id,
            m.status,
            m.origin,
            m.channel,
            m.payload,
            m.attempt,
            m.failures,
            m.lane,
            m.provider_message_id,
            m.conversation_id,
            sa.func.coalesce(conversations.c.subscriber_id, m.subscriber_id, type_=m.subscriber_id.type).label(
                "subscriber_id"
            ),
        )
        .outerjoin(conversations, conversations.c.id == m.conversation_id)
        .where(m.id == message_id, *([] if below_of is None else [m.status.in_(below(below_of))]))
        .with_for_update(of=messages)
    )
    return connection.execute(wanted).one_or_none()


def _following(row: Row[Any], refused: Refused | None, provider_message_id: str) -> retry.Next | None:
    """Where the message stands now; None leaves it where it is, since its next try is under way already."""
    over = retry.Next(status=Status.FAILED, failures=row.failures + 1)
    if refused is None or row.origin == "app":
        return over
    following = retry.after(
        refused.remedy, failures=row.failures, attempt=row.attempt, lane=row.lane, jitter=EVEN_JITTER
    )
    if following.status is Status.FAILED:
        return following
    match row.status:
        case Status.QUEUED:
            return None
        case Status.SENDING:
            # Without an id of an earlier try this is about the one under way, whose answer is still to come.
            return over if row.provider_message_id is None else None
        case _:
            return following if row.provider_message_id in (None, provider_message_id) else None


def _failure(row: Row[Any], told: Told, refused: Refused, business_id: str, pause_seconds: float = 0.0) -> Failure:
    return Failure(
        business_id=business_id,
        channel=row.channel,
        provider=told.provider,
        phone_number_id=told.phone_number_id,
        conversation_id=row.conversation_id,
        subscriber_id=row.subscriber_id,
        payload=row.payload,
        code=refused.code,
        reason=refused.reason,
        remedy=refused.remedy,
        from_receipt=True,
        pause_seconds=pause_seconds,
    )


def is_id(text: str) -> bool:
    return len(text) == 36 and text.count("-") == 4 and set(text) <= set("0123456789abcdef-")
