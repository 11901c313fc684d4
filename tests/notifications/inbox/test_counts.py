"""Whatever happens in an inbox, in any order: its counts are those of its list, and reading is never undone."""

import asyncio
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.engine import URL, Connection

from notifications.inbox import marking, reading
from notifications.inbox.reading import Owner
from notifications.tables import messages
from storage.clock import database_now
from storage.database import Database, open_database
from storage.tables import businesses, subscribers
from storage.types import new_id

STATUSES = ("queued", "sending", "unknown", "sent", "delivered", "failed", "cancelled", "expired", "skipped")
IN_IT = {"unknown", "sent", "delivered", "read"}

status = st.sampled_from(STATUSES)
done = st.sampled_from(("read", "click", "archive", "read-all", "look", "sent"))
which = st.integers(min_value=0, max_value=9)


class Shelf:
    """A database on a loop of its own, so that Hypothesis may fill many inboxes in it."""

    def __init__(self, address: URL) -> None:
        self.runner = asyncio.Runner()
        self.database: Database = self.runner.run(self._open(address))

    async def _open(self, address: URL) -> Database:
        return open_database(address)

    def write(self, work: Any, *args: Any) -> Any:
        return self.runner.run(self.database.write(work, *args))

    def close(self) -> None:
        self.runner.run(self.database.close())
        self.runner.close()


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def shelf(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shelf]:
    if request.param == "sqlite":
        file: Path = tmp_path_factory.mktemp("shelf") / "relais.db"
        file.write_bytes(request.getfixturevalue("sqlite_template").read_bytes())
        address = sa.make_url(f"sqlite:///{file}")
    else:
        address = request.getfixturevalue("postgres_database")
    opened = Shelf(address)
    yield opened
    opened.close()


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(st.lists(status, max_size=10), st.lists(st.tuples(done, which), max_size=12))
def test_the_counts_are_those_of_the_list(shelf: Shelf, there: list[str], acts: list[tuple[str, int]]) -> None:
    owner, ids = shelf.write(_fill, there)
    expected = {
        each: {"status": status, "read": False, "archived": False} for each, status in zip(ids, there, strict=True)
    }

    for what, number in acts:
        if ids:
            _expect(expected, what, ids[number % len(ids)])
            shelf.write(_act, owner, what, ids[number % len(ids)])

    page = shelf.write(lambda connection: reading.page(connection, owner, None, 100))
    shown = {item.id: item.read_at is not None for item in page.items}
    assert shown == {
        each: state["read"] for each, state in expected.items() if state["status"] in IN_IT and not state["archived"]
    }
    assert (page.counts.total, page.counts.unread) == (len(shown), sum(not is_read for is_read in shown.values()))
    unread = shelf.write(lambda connection: reading.page(connection, owner, None, 100, only_unread=True))
    assert [item.id for item in unread.items] == [item.id for item in page.items if item.read_at is None]
    told = shelf.write(lambda connection: reading.changes(connection, owner, page.as_of))
    assert told.counts == page.counts


def _expect(expected: dict[str, dict[str, Any]], what: str, message_id: str) -> None:
    named = expected[message_id]
    if what == "sent" and named["status"] in ("queued", "sending"):
        named["status"] = "sent"
    touched = list(expected.values()) if what == "read-all" else [named]
    for each in touched:
        if each["status"] in IN_IT:
            each["read"] |= what in ("read", "click", "read-all")
            each["archived"] |= what == "archive"


def _act(connection: Connection, owner: Owner, what: str, message_id: str) -> None:
    m = messages.c
    match what:
        case "read-all":
            marking.mark_read(connection, owner, reading.moment(connection))
        case "look":
            marking.mark_delivered(connection, owner, reading.page(connection, owner, None, 100).undelivered)
        case "sent":
            waits = (m.id == message_id, m.status.in_(("queued", "sending")))
            connection.execute(sa.update(messages).where(*waits).values(status="sent"))
        case "read" | "click" | "archive":
            marking.mark(connection, owner, message_id, what)


def _fill(connection: Connection, there: list[str]) -> tuple[Owner, list[str]]:
    """A new person with messages in these statuses."""
    business_id: str = connection.execute(sa.select(businesses.c.id).order_by(businesses.c.slug)).scalars().all()[0]
    subscriber_id, now = new_id(), datetime.now(UTC)
    person = {"id": subscriber_id, "business_id": business_id, "role": "client", "created_at": now}
    connection.execute(sa.insert(subscribers).values(person))
    ids = [new_id() for _ in there]
    for message_id, status in zip(ids, there, strict=True):
        connection.execute(
            sa.insert(messages).values(
                id=message_id,
                business_id=business_id,
                subscriber_id=subscriber_id,
                channel="inapp",
                origin="push",
                category="transactional",
                payload={"title": "Colis", "body": "Votre colis est là."},
                status=status,
                run_at=database_now(3600),
                claimed_at=database_now(),
                created_at=now,
            )
        )
    return Owner(business_id=business_id, subscriber_id=subscriber_id, is_test=False), ids
