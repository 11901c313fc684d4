"""What happened is told to who works for it, too: the courier and the merchant, each in their own words."""

from datetime import UTC, datetime
from typing import Any

import pytest

from notifications.consent import hear
from notifications.events import BadEvent
from notifications.tables import backend_events, messages, notifications
from notifications.triggering import BadRecipient, Recipient
from storage.database import Database
from storage.tables import subscribers
from tests.notifications.events.test_events import MISSION, ORDER, PAYMENT, Backend

JEAN = Recipient(id="courier-3", phone="+242069876543", name="Jean Malonga", locale="fr")
WIVINE = Recipient(id="maman-wivine", phone="+242066110201", name="Wivine Ondongo", locale="en")


async def said(backend: Backend, subscriber_id: str) -> list[tuple[str, str, str]]:
    rows = await backend.office.rows(messages, messages.c.subscriber_id == subscriber_id)
    return [(row.status, row.category, row.said) for row in rows]


@pytest.mark.parametrize(
    ("type_", "data", "role", "person", "words"),
    [
        ("mission.accepted", MISSION, "courier", JEAN, "Jean, une course est pour vous : *COUR-20250127-068*."),
        ("mission.dropoff_changed", MISSION, "courier", JEAN, "47 Rue Mayama"),
        ("mission.cancelled", MISSION, "courier", JEAN, "*COUR-20250127-068* est annulée."),
        ("order.confirmed", ORDER, "merchant", WIVINE, "Wivine, an order is to be prepared: *CMD-1*."),
        ("order.cancelled", ORDER, "merchant", WIVINE, "*CMD-1* is cancelled."),
        ("payment.received", PAYMENT, "merchant", WIVINE, "is paid: *2,500\u00a0FCFA*."),
    ],
)
async def test_who_works_is_told_beside_the_customer(
    database: Database, type_: str, data: Any, role: str, person: Recipient, words: str
) -> None:
    backend = await Backend.open(database)
    received = await backend.tell(type_, data, id_="e-1", tell={role: person})

    (other,) = received.others
    ((status, category, text),) = await said(backend, other["subscriber_id"])
    assert (status, category) == ("queued", "work")
    assert words in text
    assert other["role"] == role
    (row,) = await backend.office.rows(subscribers, subscribers.c.id == other["subscriber_id"])
    assert (row.role, row.external_id) == (role, person.id)
    again = await backend.tell(type_, data, id_="e-1", tell={role: person})
    assert (again.is_repeat, list(again.others)) == (True, list(received.others))
    assert len(await said(backend, other["subscriber_id"])) == 1


async def test_the_customer_hears_what_they_hear_anyhow(database: Database) -> None:
    backend = await Backend.open(database)
    received = await backend.tell("mission.accepted", tell={"courier": JEAN})

    (row,) = await backend.office.rows(notifications, notifications.c.id == received.notification_id)
    assert row.workflow == "mission-accepted"
    assert {row.role for row in await backend.office.rows(subscribers)} == {"client", "courier"}


async def test_nobody_else_is_told_where_the_event_names_nobody(database: Database) -> None:
    backend = await Backend.open(database)
    received = await backend.tell("mission.accepted")
    assert list(received.others) == []
    assert len(await backend.office.rows(subscribers)) == 1


async def test_an_event_without_a_customer_tells_who_works_alone(database: Database) -> None:
    backend = await Backend.open(database)
    mission = {name: value for name, value in MISSION.items() if name != "customer_phone"}
    accepted = await backend.tell("mission.accepted", mission, tell={"courier": JEAN})
    cancelled = await backend.tell("mission.cancelled", mission, tell={"courier": JEAN})

    assert (accepted.notification_id, accepted.reason) == (None, "It names no customer.")
    statuses = [status for status, *_ in await said(backend, cancelled.others[0]["subscriber_id"])]
    assert statuses == ["cancelled", "queued"]
    with pytest.raises(BadEvent):
        await backend.tell("mission.accepted", mission)


async def test_who_wants_nothing_for_their_work_still_hears_of_their_own_parcel(database: Database) -> None:
    backend = await Backend.open(database)
    first = await backend.tell("mission.accepted", tell={"courier": JEAN})
    person = first.others[0]["subscriber_id"]
    for channel in ("whatsapp", "sms", "email"):
        await database.write(
            hear,
            business_id=backend.office.business_id,
            subscriber_id=person,
            category="work",
            channel=channel,
            granted=False,
            said_at=datetime.now(UTC),
        )
    await backend.tell("mission.accepted", {**MISSION, "code": "COUR-2"}, tell={"courier": JEAN})
    assert len(await said(backend, person)) == 1
    await backend.tell("mission.accepted", {**MISSION, "code": "COUR-3", "customer_phone": JEAN.phone})
    assert [category for _, category, _ in await said(backend, person)] == ["work", "tracking", "tracking"]


async def test_a_type_of_which_they_have_no_workflow_says_so(database: Database) -> None:
    backend = await Backend.open(database)
    received = await backend.tell("mission.delivered", tell={"courier": JEAN})
    assert list(received.others) == [
        {"role": "courier", "reason": "No workflow is called courier-mission-delivered, which would tell them."}
    ]


async def test_who_cannot_be_reached_is_named_and_nothing_is_kept(database: Database) -> None:
    backend = await Backend.open(database)
    with pytest.raises(BadRecipient) as refused:
        await backend.tell("mission.accepted", id_="e-1", tell={"courier": Recipient(phone="12")})
    assert [each.field for each in refused.value.problems] == ["tell.courier.phone"]
    for table in (backend_events, notifications, subscribers):
        assert await backend.office.rows(table) == []
