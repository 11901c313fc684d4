"""What a business's system tells is kept once, and told to whom it concerns; no earlier news follow later ones."""

import asyncio
import itertools
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from notifications.events import BackendEvent, BadEvent, Received, receive
from notifications.tables import backend_events, messages, notifications
from notifications.triggering import BadPayload, BadRecipient, Recipient
from notifications.workflows.files import read_folder
from storage.database import Database, open_database
from storage.tables import subscribers
from tests.notifications.push_desk import GRACE, PushDesk, workflow

OURS = read_folder(Path(__file__).parents[3] / "workflows").workflows
MISSION = {
    "code": "COUR-20250127-068",
    "status": "accepted",
    "customer_phone": GRACE,
    "courier": {"name": "Jean Malonga", "phone": "+242069876543"},
    "pickup": {"address": "3 Avenue Foch"},
    "dropoff": {"address": "47 Rue Mayama", "location": {"latitude": 1.0, "longitude": 2.0}},
    "recipient": {"name": "Philomène", "phone": None},
}
ORDER = {
    "code": "CMD-1",
    "customer": {"id": "c-7", "phone": GRACE, "name": "Grâce Mabiala"},
    "merchant": {"id": "m1", "name": "Chez Mama"},
    "lines": [{"name": "Poulet", "quantity": 2}],
    "pickup": {"address": "3 Avenue Foch"},
}
PAYMENT = {"code": "CMD-1", "customer_phone": GRACE, "amount": {"amount": "2500", "currency": "XAF"}}
TRIP = ("mission.accepted", "mission.pickup_arrived", "mission.in_transit", "mission.delivered")


class Backend:
    """A business's system that tells us what happened."""

    def __init__(self, office: PushDesk) -> None:
        self.office = office
        self._ids = itertools.count()

    @classmethod
    async def open(cls, database: Database) -> "Backend":
        return cls(await PushDesk.open(database, *OURS.values()))

    async def tell(
        self,
        type_: str,
        data: Any = MISSION,
        *,
        id_: str | None = None,
        ago: float = 0,
        tell: Mapping[str, Recipient] | None = None,
    ) -> Received:
        event = BackendEvent(
            business_id=self.office.business_id,
            id=id_ or f"e{next(self._ids)}",
            type=type_,
            occurred_at=datetime.now(UTC) - timedelta(hours=ago),
            data=data,
            tell=tell or {},
        )
        return await self.office.database.write(receive, event, self.office.tools)


@pytest.mark.parametrize(
    ("type_", "data", "key"),
    [
        *((type_, MISSION, type_.replace(".", "-").replace("_", "-")) for type_ in TRIP),
        ("mission.cancelled", MISSION, "mission-cancelled"),
        ("mission.delayed", MISSION | {"delay": {"minutes": 20, "reason": "traffic"}}, "delivery-delayed"),
        ("mission.reminder", MISSION, "mission-reminder"),
        ("order.confirmed", ORDER, "order-confirmed"),
        ("order.ready", ORDER, "order-ready"),
        ("order.cancelled", ORDER, "order-cancelled"),
        ("payment.received", PAYMENT, "payment-received"),
        ("payment.failed", PAYMENT, "payment-failed"),
        ("payment.requested", PAYMENT, "payment-reminder"),
    ],
)
async def test_each_type_tells_the_customer(sqlite_backend: Backend, type_: str, data: Any, key: str) -> None:
    received = await sqlite_backend.tell(type_, data)

    [row] = await sqlite_backend.office.rows(notifications)
    assert (row.workflow, row.source, row.id) == (key, "event", received.notification_id)
    assert row.cancellation_key == f"{type_.partition('.')[0]} {data['code']}"
    queued = await sqlite_backend.office.rows(messages)
    assert queued or row.state == "active"


@pytest.fixture
async def sqlite_backend(sqlite_address: Any) -> Any:
    database = open_database(sqlite_address)
    yield await Backend.open(database)
    await database.close()


async def test_the_same_event_again_does_nothing_and_tells_the_same(database: Database) -> None:
    backend = await Backend.open(database)
    first = await backend.tell("mission.accepted", id_="e-1")
    again = await backend.tell("mission.accepted", id_="e-1")

    assert (again.is_repeat, again.notification_id) == (True, first.notification_id)
    assert len(await backend.office.rows(notifications)) == 1


async def test_also_when_it_comes_many_times_at_once(database: Database) -> None:
    backend = await Backend.open(database)
    received = await asyncio.gather(*(backend.tell("mission.accepted", id_="e-1") for _ in range(8)))

    assert [each.is_repeat for each in received].count(False) == 1
    assert len({each.notification_id for each in received}) == 1
    assert len(await backend.office.rows(notifications)) == 1


@pytest.mark.parametrize("order", list(itertools.permutations(range(4)))[::5])
async def test_whatever_the_order_only_the_latest_news_is_in_the_queue(
    sqlite_backend: Backend, order: tuple[int, ...]
) -> None:
    for index in order:
        await sqlite_backend.tell(TRIP[index])

    rows = await sqlite_backend.office.rows(messages)
    assert {row.group_rank for row in rows if row.status == "queued" and row.group_rank} == {4}


async def test_an_earlier_status_never_follows_a_later_one(database: Database) -> None:
    backend = await Backend.open(database)
    await backend.tell("mission.delivered")

    late = await backend.tell("mission.in_transit")

    assert late.state == "superseded"


async def test_the_end_takes_back_reminders_of_the_same_thing(database: Database) -> None:
    backend = await Backend.open(database)
    backend.office.workflows |= {
        "mission-reminder": workflow("mission-reminder", steps=[{"delay": "1h"}, {"send": "sms"}])
    }
    reminder = await backend.tell("mission.reminder")
    await backend.tell("mission.cancelled")

    rows = {row.id: row.state for row in await backend.office.rows(notifications)}
    assert rows[str(reminder.notification_id)] == "cancelled"


async def test_an_unknown_type_is_kept_with_a_reason(database: Database) -> None:
    backend = await Backend.open(database)
    received = await backend.tell("mission.exploded", {"anything": [1, None]})

    assert received.notification_id is None
    assert "mission-exploded" in str(received.reason)
    [row] = await backend.office.rows(backend_events)
    assert (row.type, row.payload) == ("mission.exploded", {"anything": [1, None]})
    assert (await backend.tell("mission.exploded", id_=row.event_id)).reason == received.reason


async def test_a_business_with_a_workflow_of_its_own_needs_no_table(database: Database) -> None:
    backend = await Backend.open(database)
    backend.office.workflows["table-booked"] = workflow("table-booked")

    assert (await backend.tell("table.booked")).notification_id is not None


async def test_what_happened_long_ago_is_kept_and_not_told(database: Database) -> None:
    backend = await Backend.open(database)
    received = await backend.tell("mission.accepted", ago=24)

    assert received.reason == "It happened too long ago to be worth telling."
    assert await backend.office.rows(messages) == []


@pytest.mark.parametrize(
    ("data", "error", "field"),
    [
        ({**MISSION, "customer_phone": None}, BadEvent, "data.customer"),
        ({**MISSION, "customer": "Grâce"}, BadEvent, "data.customer"),
        ({**MISSION, "customer": {"phone": 7}}, BadEvent, "data.customer.phone"),
        ({**MISSION, "customer_phone": "12"}, BadRecipient, "data.customer.phone"),
        ({**MISSION, "courier": None}, BadPayload, "data.courier"),
    ],
)
async def test_an_event_that_cannot_be_told_is_refused_and_may_be_mended(
    database: Database, data: Any, error: type[Exception], field: str
) -> None:
    backend = await Backend.open(database)
    with pytest.raises(error) as raised:
        await backend.tell("mission.accepted", data, id_="e-1")

    assert [each.field for each in raised.value.problems] == [field]  # type: ignore[attr-defined]
    for table in (backend_events, notifications, subscribers):
        assert await backend.office.rows(table) == []
    assert not (await backend.tell("mission.accepted", id_="e-1")).is_repeat
