"""A number that Meta refuses keeps its messages, tells one person, and tries one message at a time."""

import asyncio
from datetime import UTC, datetime
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.engine import URL
from structlog.testing import capture_logs

from notifications import breaker, claim
from notifications.tables import messages, number_stops
from storage.database import Database, open_database
from storage.tables import conversations
from tests.house import GRACE, JASMIN, KIMIA, PATRICK
from tests.notifications.post_office import PostOffice, SmallGraph, no, yes

LOCKED, PAYMENT = 131031, 131042


@pytest.fixture
async def office(database: Database) -> PostOffice:
    return PostOffice(database)


async def statuses(office: PostOffice, *message_ids: str) -> list[str]:
    return [(await office.row(each)).status for each in message_ids]


async def test_messages_of_a_stopped_number_wait_and_those_of_another_go(office: PostOffice) -> None:
    office.graph.answer = no(LOCKED)
    grace = await office.person(whatsapp=GRACE)
    refused = await office.queue(grace)
    await office.send()
    office.graph.answer = yes
    waiting = await office.queue(grace)
    elsewhere = await office.queue(await office.person(number=JASMIN, whatsapp=PATRICK))
    await office.send()

    assert await statuses(office, refused, waiting, elsewhere) == ["queued", "queued", "sent"]
    assert (await office.row(refused)).failures == 0


async def test_a_hundred_refusals_make_one_alert(office: PostOffice) -> None:
    office.graph.answer = no(LOCKED)
    for index in range(20):
        await office.queue(await office.person(whatsapp=f"24206000{index:04}"))
    with capture_logs() as logs:
        await office.send()

    alerts = [line for line in logs if line["log_level"] == "error"]
    assert [line["event"] for line in alerts] == ["number.stopped"]
    assert (alerts[0]["phone_number_id"], alerts[0]["code"]) == (KIMIA, LOCKED)
    assert "WhatsApp manager" in alerts[0]["advice"]


async def test_one_message_tries_after_five_seconds_then_ever_more_rarely(office: PostOffice) -> None:
    office.graph.answer = no(LOCKED)
    for index in range(5):
        await office.queue(await office.person(whatsapp=f"24206000{index:04}"))
    await office.send()
    tried = []
    for pause in (4.0, 2.0, 9.0, 2.0, 19.0, 2.0):
        before = len(office.graph.asked)
        await office.later(pause)
        await office.send()
        tried.append(len(office.graph.asked) - before)

    assert tried == [0, 1, 0, 1, 0, 1]


async def test_the_pause_between_two_tries_grows_to_ten_minutes(office: PostOffice) -> None:
    office.graph.answer = no(LOCKED)
    await office.queue(await office.person(whatsapp=GRACE))
    await office.send()
    for _ in range(10):
        await office.later(700.0)
        await office.send()
    before = len(office.graph.asked)
    await office.later(590.0)
    assert await office.send() == 0
    await office.later(20.0)
    await office.send()

    assert len(office.graph.asked) == before + 1


async def test_a_try_that_passes_lets_everything_go(office: PostOffice) -> None:
    office.graph.answer = no(LOCKED)
    held = [await office.queue(await office.person(whatsapp=f"24206000{index:04}")) for index in range(4)]
    await office.send()
    office.graph.answer = yes
    await office.later(6.0)
    with capture_logs() as logs:
        await office.send()
        await office.send()

    assert await statuses(office, *held) == ["sent"] * 4
    assert [line["event"] for line in logs if line["event"].startswith("number.")] == ["number.resumed"]
    assert await office.rows(number_stops) == []


@pytest.mark.parametrize("answer", [no(131016, status=503), no(130429), no(131026), no(LOCKED)])
async def test_a_try_that_does_not_pass_says_nothing(office: PostOffice, answer: Any) -> None:
    office.graph.answer = no(LOCKED)
    for who in (GRACE, PATRICK):
        await office.queue(await office.person(whatsapp=who))
    await office.send()
    office.graph.answer = answer
    await office.later(6.0)
    with capture_logs() as logs:
        await office.send()

    assert len(await office.rows(number_stops)) == 1
    assert [line["event"] for line in logs if line["event"].startswith("number.")] == []


async def test_a_message_that_may_not_go_any_more_is_no_try(office: PostOffice) -> None:
    office.graph.answer = no(LOCKED)
    advert, news = (
        await office.queue(await office.person(whatsapp=GRACE)),
        await office.queue(await office.person(whatsapp=PATRICK)),
    )
    await office.send()
    await office.database.write(_close_window_of, advert)
    office.graph.answer = yes
    await office.later(6.0)
    await office.send()

    assert await statuses(office, advert, news) == ["skipped", "sent"]


async def test_a_refusal_by_receipt_is_only_lifted_by_a_receipt(office: PostOffice) -> None:
    talk = await office.person(whatsapp=GRACE)
    message = await office.queue(talk)
    await office.send()
    await office.report(message, "failed", PAYMENT)
    assert (await office.row(message)).status == "queued"

    await office.later(6.0)
    await office.send()
    # WhatsApp said yes before as well, and then that a payment is due.
    assert (await office.row(message)).status == "sent"
    assert len(await office.rows(number_stops)) == 1
    await office.report(message, "sent")
    assert await office.rows(number_stops) == []


async def test_a_receipt_for_what_was_on_its_way_does_not_lift_a_stop(office: PostOffice) -> None:
    talk = await office.person(whatsapp=GRACE)
    before = await office.queue(await office.person(whatsapp=PATRICK))
    await office.send()
    office.graph.answer = no(LOCKED)
    await office.queue(talk)
    await office.send()
    await office.report(before, "sent")

    assert len(await office.rows(number_stops)) == 1


async def test_a_message_without_marketing_does_not_lift_a_stop_of_marketing(office: PostOffice) -> None:
    advert = await office.queue(await office.person(whatsapp=GRACE), category="marketing")
    await office.send()
    await office.report(advert, "failed", 131048)
    news = await office.queue(await office.person(whatsapp=PATRICK))
    await office.send()
    await office.report(news, "sent")

    assert [row.scope for row in await office.rows(number_stops)] == ["marketing"]


async def test_two_workers_make_one_alert_and_one_try(postgresql_address: URL) -> None:
    graph = SmallGraph(answer=no(LOCKED))
    databases = [open_database(postgresql_address) for _ in range(2)]
    one, other = (PostOffice(database, graph) for database in databases)
    for index in range(20):
        await one.queue(await one.person(whatsapp=f"24206000{index:04}"))
    with capture_logs() as logs:
        await asyncio.gather(one.send(limit=10), other.send(limit=10))
    await one.later(6.0)
    taken = await asyncio.gather(*(office.send() for office in (one, other) * 3))

    assert [line["event"] for line in logs if line["log_level"] == "error"] == ["number.stopped"]
    assert sum(taken) == 1
    for database in databases:
        await database.close()


async def test_a_stopped_number_is_named_with_its_reason(office: PostOffice) -> None:
    office.graph.answer = no(LOCKED)
    await office.queue(await office.person(whatsapp=GRACE))
    await office.send()

    (stop,) = await office.database.read(breaker.stops)
    assert (stop.phone_number_id, stop.scope, stop.error_code) == (KIMIA, breaker.Scope.EVERYTHING, LOCKED)
    assert "locked the account" in stop.reason


async def test_a_worker_does_not_stay_awake_for_a_stopped_number(office: PostOffice) -> None:
    office.graph.answer = no(LOCKED)
    await office.queue(await office.person(whatsapp=GRACE))
    assert await office.database.read(claim.seconds_until_due) == 0
    await office.send()

    assert await office.database.read(claim.seconds_until_due) is None


def _close_window_of(connection: sa.Connection, message_id: str) -> None:
    talk = sa.select(messages.c.conversation_id).where(messages.c.id == message_id).scalar_subquery()
    long_ago = datetime(2026, 1, 1, tzinfo=UTC)
    connection.execute(sa.update(conversations).where(conversations.c.id == talk).values(last_inbound_at=long_ago))
