"""Topics hold people by any of their names; a broadcast reaches each member once, whoever dies on the way."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.engine import Connection

from conversations.merge import merge
from notifications import topics
from notifications.tables import broadcasts, messages, notifications, topic_members
from notifications.topics import Broadcasting, fanning_out
from notifications.topics.fanning_out import BroadcastRunner
from notifications.triggering import BadPayload, BadRecipient, Recipient, UnknownWorkflow
from storage.database import Database
from storage.wakeup import LocalWakeup
from tests.notifications.push_desk import GRACE, PushDesk, workflow
from tests.waiting import until

KEY = "promo"


class Hall:
    """A topic with members, and a broadcast to it, worked by hand."""

    def __init__(self, office: PushDesk) -> None:
        self.office = office

    @classmethod
    async def open(cls, database: Database, members: int) -> "Hall":
        hall = cls(await PushDesk.open(database, workflow(category="marketing")))
        await hall.do(topics.put_topic, KEY, "Offers")
        await hall.join(*(Recipient(id=f"c-{number}", phone=f"+2420612{number:05}") for number in range(members)))
        return hall

    async def do(self, work: Any, *args: Any, **more: Any) -> Any:
        return await self.office.database.write(work, self.office.business_id, *args, **more)

    async def join(self, *people: Recipient) -> list[Any]:
        return list(await self.do(topics.add_members, KEY, people, merge))

    async def begin(self, **more: Any) -> str:
        wish = Broadcasting(
            business_id=self.office.business_id, topic=KEY, workflow="news", payload={"code": "A1"}, **more
        )
        return await self.office.database.write(topics.begin, wish, self.office.tools.workflows)

    async def fan_out(self, batch: int = 4) -> int:
        reached = 0
        for claimed in await self.office.database.write(fanning_out.claim, 10):
            reached += await self.office.database.write(fanning_out.fan_out, claimed, self.office.tools, batch)
        return reached

    async def state(self, broadcast_id: str) -> Any:
        return await self.do(topics.broadcast, broadcast_id)

    async def told(self) -> list[str]:
        return sorted(row.subscriber_id for row in await self.office.rows(messages))


async def test_members_join_and_leave_by_any_name(database: Database) -> None:
    hall = await Hall.open(database, 2)
    assert await hall.join(Recipient(phone="+242061200000")) == [(await hall.do(topics.members, KEY))[0].subscriber_id]
    assert (await hall.do(topics.topic, KEY)).members == 2

    [wrong] = await hall.join(Recipient(phone="12"))
    assert isinstance(wrong, BadRecipient)
    assert await hall.do(topics.remove_members, KEY, [Recipient(id="c-1"), Recipient(id="nobody")]) == 1
    assert [each.external_id for each in await hall.do(topics.members, KEY)] == ["c-0"]


async def test_pages_go_on_after_a_member_and_after_a_key(database: Database) -> None:
    hall = await Hall.open(database, 3)
    first = await hall.do(topics.members, KEY, limit=2)
    rest = await hall.do(topics.members, KEY, after_id=first[-1].subscriber_id, limit=2)
    assert len({each.subscriber_id for each in [*first, *rest]}) == 3

    await hall.do(topics.put_topic, "zebra")
    assert [each.key for each in await hall.do(topics.topics_of, after_key=KEY)] == ["zebra"]


async def test_a_topic_that_broadcasts_name_stays(database: Database) -> None:
    hall = await Hall.open(database, 1)
    await hall.begin()
    with pytest.raises(topics.TopicInUse):
        await hall.do(topics.delete_topic, KEY)
    await hall.do(topics.put_topic, "other")
    await hall.do(topics.delete_topic, "other")
    with pytest.raises(topics.NoSuchTopic):
        await hall.do(topics.topic, "other")


async def test_each_member_is_told_once_in_the_bulk_lane(database: Database) -> None:
    hall = await Hall.open(database, 10)
    broadcast_id = await hall.begin()
    assert (await hall.state(broadcast_id)).state == "running"

    assert [await hall.fan_out() for _ in range(4)] == [4, 4, 2, 0]

    rows = await hall.office.rows(messages)
    assert len({row.subscriber_id for row in rows}) == len(rows) == 10
    assert {row.lane for row in rows} == {"bulk"}
    done = await hall.state(broadcast_id)
    assert (done.state, done.reached, done.members, done.workflow) == ("done", 10, 10, "news")


async def test_a_worker_that_dies_loses_nothing_and_doubles_nothing(database: Database) -> None:
    hall = await Hall.open(database, 9)
    broadcast_id = await hall.begin()
    await hall.fan_out()
    # It dies with the lease in hand, and in the middle of a batch.
    [dead] = await database.write(fanning_out.claim, 10)

    def dies(connection: Connection) -> None:
        fanning_out.fan_out(connection, dead, hall.office.tools, 4)
        raise RuntimeError

    with pytest.raises(RuntimeError):
        await database.write(dies)
    assert await hall.fan_out() == 0
    await database.write(fanning_out.forget_leases)
    while await hall.fan_out():
        pass
    # It was only slow: what it brings now changes nothing.
    assert await database.write(fanning_out.fan_out, dead, hall.office.tools, 4) == 0

    assert len(set(await hall.told())) == len(await hall.told()) == 9
    assert (await hall.state(broadcast_id)).reached == 9


async def test_runners_side_by_side_reach_each_member_once(database: Database) -> None:
    hall = await Hall.open(database, 60)
    broadcast_id = await hall.begin()
    runners = [BroadcastRunner(database=database, wakeup=LocalWakeup(), tools=hall.office.tools) for _ in range(2)]
    running = [asyncio.create_task(each.run()) for each in runners]

    async def done() -> bool:
        return bool((await hall.state(broadcast_id)).state == "done")

    await until(done)
    for each in runners:
        each.stop()
    await asyncio.gather(*running)
    assert len(set(await hall.told())) == len(await hall.told()) == 60


async def test_a_cancelled_broadcast_ends_and_what_has_not_left_never_leaves(database: Database) -> None:
    hall = await Hall.open(database, 9)
    broadcast_id = await hall.begin()
    await hall.fan_out()
    await hall.office.becomes((await hall.office.rows(messages))[0].id, "sending")

    cancelled = await hall.do(topics.cancel_broadcast, broadcast_id)

    assert (cancelled.messages, cancelled.too_late) == (3, 1)
    assert await hall.fan_out() == 0
    assert (await hall.state(broadcast_id)).state == "cancelled"
    jasmin = await PushDesk.open(database, number="100000000000002")
    assert await database.write(topics.cancel_broadcast, jasmin.business_id, broadcast_id) is None


async def test_the_version_of_the_beginning_is_told_to_the_end(database: Database) -> None:
    hall = await Hall.open(database, 6)
    await hall.begin()
    await hall.fan_out()
    other = {"whatsapp": {"text": {"fr": "Autre", "en": "Other"}}}
    hall.office.workflows["news"] = workflow(category="marketing", contents=other)
    await hall.fan_out()

    assert {row.said for row in await hall.office.rows(messages)} == {"Colis A1"}


async def test_who_joins_before_the_cursor_comes_by_is_told_and_who_left_is_not(database: Database) -> None:
    hall = await Hall.open(database, 6)
    await hall.begin()
    await hall.fan_out()
    await hall.do(topics.remove_members, KEY, [Recipient(id="c-5")])
    await hall.join(Recipient(phone=GRACE))
    await hall.fan_out()
    await hall.fan_out()

    assert len(await hall.told()) == 6


async def test_one_member_for_whom_it_cannot_be_said_costs_the_others_nothing(database: Database) -> None:
    hall = await Hall.open(database, 3)
    text = "{% if not person.name %}{{ 1 / 0 }}{% endif %}Bonjour"
    hall.office.workflows["news"] = workflow(contents={"whatsapp": {"text": {"fr": text, "en": text}}})
    await hall.office.notify_many([hall.office.trigger(Recipient(id="c-1", name="Grâce"), key="news")])
    broadcast_id = await hall.begin()
    await hall.fan_out()

    state = await hall.state(broadcast_id)
    assert (state.state, state.reached) == ("done", 1)


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"topic": "nothing"}, topics.NoSuchTopic),
        ({"workflow": "nothing"}, UnknownWorkflow),
        ({"payload": {}}, BadPayload),
    ],
)
async def test_what_is_wrong_is_said_before_it_begins(
    database: Database, change: dict[str, Any], error: type[Exception]
) -> None:
    hall = await Hall.open(database, 1)
    wish = {"topic": KEY, "workflow": "news", "payload": {"code": "A1"}} | change
    given = Broadcasting(business_id=hall.office.business_id, **wish)

    with pytest.raises(error):
        await database.write(topics.begin, given, hall.office.tools.workflows)
    assert await hall.office.rows(broadcasts) == []


async def test_two_members_who_turn_out_to_be_one_are_one_member(database: Database) -> None:
    hall = await Hall.open(database, 0)
    await hall.join(Recipient(phone=GRACE))
    await hall.join(Recipient(id="c-7"))
    await hall.office.notify(Recipient(id="c-7", phone=GRACE), key="news")

    assert len(await hall.office.rows(topic_members)) == 1
    assert (await hall.do(topics.topic, KEY)).members == 1


async def test_an_offer_that_expired_on_the_way_reaches_nobody_else(database: Database) -> None:
    hall = await Hall.open(database, 6)
    broadcast_id = await hall.begin(expires_at=datetime.now(UTC) + timedelta(hours=1))
    await hall.fan_out()
    past = {**(await hall.office.rows(broadcasts))[0].trigger, "expires_at": "2020-01-01T00:00:00+00:00"}
    await database.write(lambda connection: connection.execute(sa.update(broadcasts).values(trigger=past)))
    await hall.fan_out()

    assert (await hall.state(broadcast_id)).reached == 4
    assert len(await hall.office.rows(notifications)) == 4
