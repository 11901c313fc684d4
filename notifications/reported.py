"""Keeps what providers of email and SMS report: their accounts are shared, so each message says whose it is."""

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from channels.reports import Report
from notifications.receipts import ReceiptBook, is_id
from notifications.tables import messages


def keep_reports(connection: Connection, reports: Sequence[Report], now: datetime) -> int:
    """How many were new, and about messages of ours; what somebody else sent by the same account is left out.

    Wake the topics "messages" and "plans" after the commit.
    """
    book, new = ReceiptBook(), 0
    # In one order for everybody: two requests may tell of the same messages.
    for report in sorted(reports, key=lambda each: (each.our_id or "", each.at)):
        business_id = _business_of(connection, report)
        if business_id is not None:
            new += book.record_report(connection, report, business_id, now)
    return new


def _business_of(connection: Connection, report: Report) -> str | None:
    """By the id that we sent along, else by the provider's own."""
    m = messages.c
    known_by = [m.id == report.our_id] if report.our_id and is_id(report.our_id) else []
    if report.provider_message_id is not None:
        known_by.append((m.provider_message_id == report.provider_message_id) & (m.provider == report.provider))
    for condition in known_by:
        found: str | None = connection.scalar(sa.select(m.business_id).where(condition).limit(1))
        if found is not None:
            return found
    return None
