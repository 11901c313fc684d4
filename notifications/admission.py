"""Asks the gate about a message that is being claimed, in the claim's own transaction, and keeps its no."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from notifications import gate
from notifications.consent import CATEGORIES, is_opted_out
from notifications.explain import keep_decision
from notifications.tables import messages
from notifications.templates import Judgement, judge


def admit(connection: Connection, row: Row[Any], now: datetime) -> Mapping[str, Any] | None:
    """The payload that may go, with a template's alternate in its place where need be; None ends the message here."""
    judgement = _judged(connection, row, now)
    category = "marketing" if judgement.is_marketing else row.category
    facts = gate.Facts(
        category=category,
        is_template=row.payload.get("type") == "template",
        recipient=row.wa_id or row.bsuid,
        last_inbound_at=row.last_inbound_at,
        expires_at=row.expires_at,
        # What answers a person, or confirms what they did, needs no consent.
        is_opted_out=category in CATEGORIES and is_opted_out(connection, row.subscriber_id, category),
    )
    refusal = gate.refusal(facts, now) or judgement.refusal
    if refusal is None:
        if judgement.note is not None:
            keep_decision(connection, row.id, row.business_id, "changed", judgement.note, now)
        return judgement.payload
    connection.execute(
        sa.update(messages)
        .where(messages.c.id == row.id)
        .values(status=refusal.status, settled_at=now, error=refusal.reason)
    )
    keep_decision(connection, row.id, row.business_id, refusal.status, refusal.reason, now)
    return None


def _judged(connection: Connection, row: Row[Any], now: datetime) -> Judgement:
    if row.payload.get("type") != "template":
        return Judgement(payload=row.payload, is_marketing=row.category == "marketing")
    return judge(connection, row.business_id, row.phone_number_id, row.payload, now)
