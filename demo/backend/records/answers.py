"""What was answered to which idempotency key."""

import sqlite3
from dataclasses import dataclass
from datetime import datetime, timedelta

from demo.backend.store import insert, to_text

ANY = "*"  # in place of a request: whatever comes under the key gets this answer
KEPT_DAYS = 7  # a retry comes within minutes; a turn put back by hand, within days


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """An answer that was given, or is about to be."""

    request: str  # what identifies the request it belongs to, or `ANY`
    status: int
    body: str  # JSON


def find(database: sqlite3.Connection, business: str, phone: str, key: str) -> Answer | None:
    """The answer that this customer's key got."""
    row = database.execute(
        "SELECT request, status, body FROM answers WHERE business = ? AND customer_phone = ? AND key = ?",
        (business, phone, key),
    ).fetchone()
    return Answer(request=row["request"], status=row["status"], body=row["body"]) if row else None


def keep(database: sqlite3.Connection, business: str, phone: str, key: str, answer: Answer, now: datetime) -> None:
    """Keep the answer, and forget those that nobody can want any more."""
    database.execute("DELETE FROM answers WHERE answered_at < ?", (to_text(now - timedelta(days=KEPT_DAYS)),))
    insert(
        database,
        "answers",
        business=business,
        customer_phone=phone,
        key=key,
        request=answer.request,
        status=answer.status,
        body=answer.body,
        answered_at=to_text(now),
    )
