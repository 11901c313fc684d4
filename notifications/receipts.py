"""Receipts: what the provider reports about a message. Kept once each; they only raise a message's status."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from channels.whatsapp.webhook import StatusUpdate
from notifications.status import FROM_WHATSAPP, Status, below
from notifications.tables import messages, receipts
from storage.insert import insert_new
from storage.types import new_id


class ReceiptBook:
    """Applies WhatsApp's status reports."""

    def record(self, connection: Connection, status: StatusUpdate, business_id: str, now: datetime) -> None:
        """Keep the report and raise the message it is about. A repeated report changes nothing."""
        message_id = _message_id(connection, status, business_id)
        row = {
            "id": new_id(),
            "business_id": business_id,
            "message_id": message_id,
            "provider_message_id": status.wamid,
            "status": status.status[:16],
            "recipient": status.recipient or "",
            "reported_at": status.at,
            "received_at": now,
            "raw": status.raw,
        }
        if insert_new(connection, receipts, row, receipts.c.id) is None or message_id is None:
            return
        reached = FROM_WHATSAPP.get(status.status)
        if reached is not None:
            _raise_to(connection, message_id, reached, status, now)


def _message_id(connection: Connection, status: StatusUpdate, business_id: str) -> str | None:
    """Ours by the id that we sent along, else by WhatsApp's own; None for what somebody else sent."""
    ours = (messages.c.business_id == business_id, messages.c.provider_message_id == status.wamid)
    found: str | None = connection.scalar(sa.select(messages.c.id).where(*ours))
    if found is None and status.callback_data and _is_id(status.callback_data):
        found = connection.scalar(
            sa.select(messages.c.id).where(messages.c.business_id == business_id, messages.c.id == status.callback_data)
        )
    return found


def _raise_to(connection: Connection, message_id: str, reached: Status, status: StatusUpdate, now: datetime) -> None:
    error = status.errors[0] if status.errors else None
    values = {
        "status": reached,
        "settled_at": now,
        "lease_until": None,
        "provider_message_id": status.wamid,
        "error_code": error.code if error else None,
        "error": (error.details or error.title) if error else None,
    }
    connection.execute(
        sa.update(messages).where(messages.c.id == message_id, messages.c.status.in_(below(reached))).values(values)
    )


def _is_id(text: str) -> bool:
    return len(text) == 36 and text.count("-") == 4 and set(text) <= set("0123456789abcdef-")
