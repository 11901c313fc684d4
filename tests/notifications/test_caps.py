"""Nobody gets more pushes than the caps allow, however many workers there are."""

import asyncio
from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.engine import Connection

from notifications import caps, claim
from notifications.outgoing import Outgoing
from notifications.rates import Answer, Slot
from notifications.tables import messages, notifications, workflow_versions
from storage.database import Database
from storage.tables import subscribers
from storage.types import new_id
from tests.house import GRACE, PATRICK
from tests.notifications.post_office import PostOffice

PUSH: dict[str, Any] = {"origin": "push", "lane": "immediate"}


@pytest.fixture
def office(database: Database) -> PostOffice:
    return PostOffice(database)


async def test_workers_side_by_side_never_push_more_than_the_caps_allow(
    office: PostOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(caps, "PER_HOUR", 7)
    talks = [await office.person(whatsapp=f"24206{index:07}") for index in range(4)]
    for index in range(80):
        group: dict[str, Any] = {"group_key": f"mission {index % 5}"} if index % 3 == 0 else {}
        await office.queue(talks[index % 4], **PUSH, **group)

    async def work() -> list[Outgoing]:
        taken = []
        for _ in range(12):
            taken += await office.database.write(claim.claim, 5, datetime.now(UTC))
        return taken

    taken = [each for worker in await asyncio.gather(*(work() for _ in range(5))) for each in worker]

    assert len({each.id for each in taken}) == len(taken)
    assert Counter(each.subscriber_id for each in taken) == Counter({each: 7 for each in await _people(office)})
    gone = await office.rows(messages, messages.c.claimed_at.is_not(None), messages.c.group_key.is_not(None))
    assert max(Counter((row.subscriber_id, row.group_key) for row in gone).values()) <= caps.PER_GROUP


async def test_who_got_a_hundred_in_an_hour_waits_until_the_first_is_an_hour_old(office: PostOffice) -> None:
    talk = await office.person(whatsapp=GRACE)
    gone = [await office.queue(talk, **PUSH) for _ in range(caps.PER_HOUR)]
    await office.database.write(_claimed_before, gone, timedelta(minutes=50))
    late = [await office.queue(talk, **PUSH) for _ in range(2)]
    critical = await office.queue(talk, origin="push", lane="critical")
    elsewhere = await office.queue(await office.person(whatsapp=PATRICK), **PUSH)

    taken = await office.database.write(claim.claim, 10, datetime.now(UTC))

    assert {each.id for each in taken} == {critical, elsewhere}
    for each in late:
        assert 9 * 60 < await office.wait_of(each) <= 10 * 60
        assert await office.story(each) == ["waits"]
        assert (await office.row(each)).claimed_at is None


async def test_the_fifth_notification_about_one_delivery_is_skipped_with_the_reason(office: PostOffice) -> None:
    talk = await office.person(whatsapp=GRACE)
    sent = [await office.queue(talk, **PUSH, group_key="COUR-1") for _ in range(5)]
    other = await office.queue(talk, **PUSH, group_key="COUR-2")

    taken = await office.database.write(claim.claim, 10, datetime.now(UTC))

    assert [each.id for each in taken] == [*sent[:4], other]
    fifth = await office.row(sent[4])
    assert (fifth.status, fifth.error) == ("skipped", "The person had 4 notifications about this already.")


async def test_a_workflow_may_allow_more_and_its_parts_count_as_one(office: PostOffice) -> None:
    talk = await office.person(whatsapp=GRACE)
    person = (await _people(office))[0]
    about = [await office.database.write(_notify, person, {"cap": 5}) for _ in range(6)]
    parts = [
        await office.queue(talk, **PUSH, group_key="COUR-1", notification_id=each, plan_key=f"0.0.{part}")
        for each in about
        for part in (0, 1)
    ]

    taken = await office.database.write(claim.claim, 20, datetime.now(UTC))

    assert [each.id for each in taken] == parts[:10]


async def test_what_the_rates_put_off_was_not_sent_and_is_not_counted(office: PostOffice) -> None:
    message = await office.queue(await office.person(whatsapp=GRACE), **PUSH)
    (taken,) = await office.database.write(claim.claim, 10, datetime.now(UTC))
    await office.settles(taken, Slot(answer=Answer.NUMBER_FULL, seconds=1.0))

    assert (await office.row(message)).claimed_at is None


async def _people(office: PostOffice) -> list[str]:
    return [row.id for row in await office.rows(subscribers)]


def _claimed_before(connection: Connection, ids: list[str], by: timedelta) -> None:
    at = datetime.now(UTC) - by
    gone = sa.update(messages).where(messages.c.id.in_(ids))
    connection.execute(gone.values(status="sent", claimed_at=at))


def _notify(connection: Connection, subscriber_id: str, definition: dict[str, Any]) -> str:
    business_id = connection.scalar(sa.select(subscribers.c.business_id).where(subscribers.c.id == subscriber_id))
    now, version_id, notification_id = datetime.now(UTC), new_id(), new_id()
    ours = {"business_id": business_id}
    version = {"key": "mission-accepted", "version": version_id[-12:], "definition": definition, "created_at": now}
    connection.execute(sa.insert(workflow_versions).values(id=version_id, **version, **ours))
    connection.execute(
        sa.insert(notifications).values(
            id=notification_id,
            version_id=version_id,
            workflow="mission-accepted",
            subscriber_id=subscriber_id,
            trigger_id=new_id(),
            source="api",
            category="transactional",
            lane="immediate",
            payload={},
            state="active",
            progress={},
            created_at=now,
            **ours,
        )
    )
    return notification_id
