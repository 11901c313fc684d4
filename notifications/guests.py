"""What a guest's page tells of messages: it has fetched them. Kept as a provider's report would be."""

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from channels.guest import GUEST
from channels.reports import Report
from notifications.receipts import ReceiptBook
from notifications.status import Status
from notifications.tables import messages

ON_PAGE = (Status.UNKNOWN, Status.SENT, Status.DELIVERED, Status.READ)
"""Of an unknown one its worker died before it could write that it is there; nothing else stands in its way."""

NOT_FETCHED = (Status.UNKNOWN, Status.SENT)


def mark_delivered(connection: Connection, conversation_id: str, ids: Sequence[str], now: datetime) -> None:
    """The guest's page has these now; again changes nothing. Wake "messages" after the commit."""
    m, book = messages.c, ReceiptBook()
    wanted = (m.conversation_id == conversation_id, m.channel == GUEST, m.id.in_(ids), m.status.in_(NOT_FETCHED))
    # In one order everywhere: two of a guest's pages may fetch the same ones.
    for row in connection.execute(sa.select(m.id, m.business_id).where(*wanted).order_by(m.id)).all():
        report = Report(
            provider=GUEST,
            provider_message_id=row.id,
            our_id=row.id,
            what="delivered",
            at=now,
            event_id=f"{row.id}-delivered",
            raw={"page": "delivered"},
        )
        book.record_report(connection, report, row.business_id, now)
