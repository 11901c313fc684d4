"""Receipts in any order and any number end the same."""

from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy.engine import Connection

import conversations.tables
import notifications.tables
import storage.tables
from channels.failures import Cause, FailureKind, FailureRow
from channels.reports import Report, What
from channels.whatsapp.webhook import StatusUpdate
from notifications.receipts import ReceiptBook
from notifications.status import RANKED, Status, below
from storage.tables import metadata

NOW = datetime(2026, 11, 21, tzinfo=UTC)
KNOWN = conversations.tables, notifications.tables
MESSAGE = "01890000-0000-7000-8000-000000000001"
BUSINESS = "01890000-0000-7000-8000-000000000002"

RANK = {"sent": 1, "failed": 2, "delivered": 3, "read": 4, "played": 4}
reports = st.lists(st.sampled_from([*RANK, "deleted", "warning", "new_one"]), max_size=12)


def update(status: str) -> StatusUpdate:
    return StatusUpdate(
        phone_number_id="1",
        wamid="wamid.1",
        status=status,
        recipient="242061234567",
        at=NOW,
        callback_data=MESSAGE,
        errors=(),
        raw={},
    )


@settings(max_examples=40)
@given(reports)
def test_the_highest_report_wins_whatever_the_order(said: list[str]) -> None:
    with _one_sending_message() as connection:
        for status in said:
            ReceiptBook().record(connection, update(status), BUSINESS, NOW)
        reached = connection.scalar(sa.select(notifications.tables.messages.c.status))
        kept = connection.scalar(sa.select(sa.func.count()).select_from(notifications.tables.receipts))

    highest = max((RANK.get(status, 0) for status in said), default=0)
    assert reached == {0: "sending", 1: "sent", 2: "failed", 3: "delivered", 4: "read"}[highest]
    assert kept == len(set(said))


WORDS: dict[What, int] = {"sent": 1, "failed": 2, "delivered": 3, "opened": 4, "clicked": 4, "read": 4}
other_reports = st.lists(st.sampled_from([*WORDS, "deferred", "other"]), max_size=12)


@settings(max_examples=40)
@given(other_reports)
def test_reports_of_other_channels_end_the_same_in_any_order_and_number(said: list[What]) -> None:
    with _one_sending_message() as connection:
        for what in said:
            ReceiptBook().record_report(connection, report(what), BUSINESS, NOW)
        row = connection.execute(sa.select(notifications.tables.messages)).one()
        kept = connection.scalar(sa.select(sa.func.count()).select_from(notifications.tables.receipts))

    highest = max((WORDS.get(what, 0) for what in said), default=0)
    assert row.status == {0: "sending", 1: "sent", 2: "failed", 3: "delivered", 4: "read"}[highest]
    assert kept == len(set(said))
    assert [row.read_at is not None, row.seen_at is not None, row.clicked_at is not None] == [
        word in said for word in ("read", "opened", "clicked")
    ]


def report(what: What) -> Report:
    final = FailureRow(kind=FailureKind.FINAL, cause=Cause.RECIPIENT, advice="There is no such mailbox.")
    return Report(
        provider="sendgrid",
        provider_message_id="sg.1",
        our_id=MESSAGE,
        what=what,
        at=NOW,
        failure=final if what == "failed" else None,
        event_id=f"event of {what}",
        raw={},
    )


def test_a_receipt_of_another_business_changes_nothing() -> None:
    other = "01890000-0000-7000-8000-000000000003"
    with _one_sending_message() as connection:
        ReceiptBook().record(connection, update("read"), other, NOW)
        assert connection.scalar(sa.select(notifications.tables.messages.c.status)) == "sending"


def test_every_rank_may_only_replace_lower_ones() -> None:
    assert below(Status.QUEUED) == ()
    assert below(Status.READ) == RANKED[:-1]
    assert Status.DELIVERED not in below(Status.FAILED)


class _one_sending_message:
    """A database in memory with one message on its way."""

    def __enter__(self) -> Connection:
        self._engine = sa.create_engine("sqlite://")
        metadata.create_all(self._engine)
        self._connection = self._engine.connect()
        talk = {"id": BUSINESS, "business_id": BUSINESS, "phone_number_id": "1", "subscriber_id": BUSINESS}
        self._connection.execute(sa.insert(storage.tables.conversations).values(talk))
        row: dict[str, Any] = {
            "id": MESSAGE,
            "business_id": BUSINESS,
            "conversation_id": BUSINESS,
            "channel": "whatsapp",
            "origin": "bot",
            "category": "transactional",
            "payload": {},
            "status": "sending",
            "run_at": NOW,
            "created_at": NOW,
        }
        self._connection.execute(sa.insert(notifications.tables.messages).values(row))
        return self._connection

    def __exit__(self, *_: object) -> None:
        self._connection.close()
        self._engine.dispose()
